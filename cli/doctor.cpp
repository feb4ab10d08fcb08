// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "cli/program.h"
#include "experiments/harness/worker_process.h"
#include "results/store/environment.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

struct Finding {
  std::string what, value, advice;  // advice: empty if all is well
};

std::string on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  for (size_t start = 0, end; start <= folders.size(); start = end + 1) {
    end = std::min(folders.find(':', start), folders.size());
    const fs::path file = fs::path(folders.substr(start, end - start)) / program;
    if (::access(file.c_str(), X_OK) == 0 && fs::is_regular_file(file)) return file;
  }
  return "";
}

Finding program(const std::string& name, const std::string& advice) {
  const std::string file = on_path(name);
  return {name, file.empty() ? "not found" : file, file.empty() ? advice : ""};
}

// What the worker has loaded: it tells its own libraries, so two OpenMP runtimes in one process are
// seen.
Finding worker(const harness::Setup& setup) {
  try {
    harness::WorkerProcess process(setup.worker, 1);
    process.send({{"do", "libraries"}});
    const auto reply = process.wait_for_reply();
    std::set<std::string> runtimes;
    for (const std::string& library : reply.at("libraries").get<std::vector<std::string>>())
      if (library.find("omp") != std::string::npos) runtimes.insert(fs::path(library).filename());
    std::string names;
    for (const std::string& one : runtimes) names += (names.empty() ? "" : ", ") + one;
    return {"worker",
            fmt::format("starts; OpenMP: {}", names.empty() ? "none" : names),
            runtimes.size() > 1 ? "two OpenMP runtimes in one process are slow and may hang: build "
                                  "with g++, without -fopenmp"
                                : ""};
  } catch (const std::exception& error) {
    return {"worker", error.what(), "build Saggio again: make build"};
  }
}

Finding disk(const fs::path& runs) {
  const fs::path there = fs::exists(runs) ? runs : fs::path(".");
  const double gigabytes = static_cast<double>(fs::space(there).available) / 1e9;
  return {
      "free disk",
      fmt::format("{:.1f} GB at {}", gigabytes, fs::absolute(there).lexically_normal().string()),
      gigabytes < 1 ? "less than 1 GB is left: saggio gc, or --runs on another disk" : ""};
}

Finding threads() {
  const char* omp = std::getenv("OMP_NUM_THREADS");
  return {"cores",
          fmt::format("{}{}",
                      std::thread::hardware_concurrency(),
                      omp == nullptr ? "" : fmt::format(" (OMP_NUM_THREADS={})", omp)),
          omp == nullptr ? "" : "a run's threads stand in its study; OMP_NUM_THREADS is not used"};
}

}  // namespace

int doctor(const Program& options) {
  const harness::Setup setup = options.setup();
  std::string versions;
  for (const auto& [name, version] : setup.info.versions)
    versions += (versions.empty() ? "" : ", ") + name + " " + version;
  const nlohmann::json machine = results::capture_environment({.versions = setup.info.versions});
  const std::vector<Finding> findings = {
      {"saggio", SAGGIO_VERSION, ""},
      {"machine", machine.value("cpu", "?"), ""},
      {"system", machine.value("os", "?"), ""},
      {"libraries", versions, ""},
      {"modules", std::to_string(setup.info.modules.size()), ""},
      threads(),
      worker(setup),
      disk(options.runs),
      program("gnuplot", "plots need it: apt-get install gnuplot-nox"),
      program("git", "runs record their code by it: apt-get install git"),
      program("curl", "saggio data get needs it: apt-get install curl")};
  bool well = true;
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& finding : findings) {
    well = well && finding.advice.empty();
    list.push_back({{"what", finding.what}, {"value", finding.value}, {"advice", finding.advice}});
    if (options.json) continue;
    fmt::print("{:<10} {}\n", finding.what, finding.value);
    if (!finding.advice.empty()) fmt::print("{:<10} -> {}\n", "", finding.advice);
  }
  if (options.json)
    std::cout << list.dump(1) << "\n";
  else
    fmt::print("{}\n", well ? "all is well" : "see the arrows above");
  return 0;
}

}  // namespace saggio::cli
