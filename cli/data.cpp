// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "experiments/data/catalogue.h"

namespace saggio::cli {
namespace {

using data::Catalogue;
using data::DataSet;
using data::Places;

std::string size_text(uint64_t bytes) {
  if (bytes < 100'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::vector<const DataSet*> chosen(const std::string& name) {
  std::vector<const DataSet*> sets;
  if (!name.empty()) return {&Catalogue::standard().find(name)};
  for (const DataSet& set : Catalogue::standard().sets()) sets.push_back(&set);
  return sets;
}

int list(const Program& program, const Places& places, const std::string& name) {
  nlohmann::json json = nlohmann::json::array();
  size_t width = 4;
  const auto sets = chosen(name);
  for (const DataSet* set : sets) width = std::max(width, set->name.size());
  for (const DataSet* set : sets) {
    const auto path = data::path_of(*set, places);
    const std::string state = path ? "here" : set->downloadable() ? "to get" : "from a mirror";
    json.push_back({{"name", set->name},
                    {"bytes", set->bytes()},
                    {"files", set->files.size()},
                    {"licence", set->licence},
                    {"source", set->source},
                    {"path", path ? path->string() : ""}});
    if (!program.json)
      fmt::print("{:<{}}  {:>8}  {:<13}  {}; {}\n",
                 set->name,
                 width,
                 size_text(set->bytes()),
                 state,
                 set->licence,
                 set->source);
  }
  if (program.json) std::cout << json.dump(1) << "\n";
  return 0;
}

int verify(const Places& places, const std::string& name) {
  bool good = true;
  for (const DataSet* set : chosen(name)) {
    const auto path = data::path_of(*set, places);
    if (!path) {
      if (name.empty()) continue;  // of all sets, those that are here
      throw std::runtime_error(
          fmt::format("{}: not here; type `saggio data get {}`", set->name, set->name));
    }
    const auto root = std::filesystem::exists(places.data / set->path())
                          ? places.data
                          : places.mirror.value_or(places.data);
    const auto problems = data::verify(*set, root);
    for (const std::string& problem : problems) std::cerr << "error: " << problem << "\n";
    good = good && problems.empty();
    if (problems.empty()) fmt::print("{}: intact\n", set->name);
  }
  return good ? 0 : 1;
}

}  // namespace

int data(const Program& program,
         const std::string& action,
         const std::string& name,
         const std::string& mirror) {
  Places places = Places::from_environment();
  if (!mirror.empty()) {
    if (!std::filesystem::is_directory(mirror))
      throw std::invalid_argument(fmt::format("--mirror {}: no such folder", mirror));
    places.mirror = mirror;
  }
  if (action == "list") return list(program, places, name);
  if (action == "verify") return verify(places, name);
  if (name.empty())
    throw std::invalid_argument(
        fmt::format("saggio data {}: give a data set's name; saggio data list has them", action));
  const DataSet& set = Catalogue::standard().find(name);
  if (action == "get") {
    fmt::print("{}\n", data::get(set, places).string());
    return 0;
  }
  const auto path = data::path_of(set, places);
  if (!path)
    throw std::runtime_error(fmt::format("{}: not here; type `saggio data get {}`", name, name));
  fmt::print("{}\n", path->string());
  return 0;
}

}  // namespace saggio::cli
