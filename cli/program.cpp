// SPDX-License-Identifier: MIT
#include "cli/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <stdexcept>

#include "experiments/data/catalogue.h"
#include "results/store/files.h"
#include "results/store/run_dir.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

// Where studies and claims are looked for by name: here, and in the checkout that this program was
// built in.
std::vector<fs::path> study_folders(const Program& program) {
  std::vector<fs::path> folders;
  for (const fs::path& root :
       {fs::path("."), program.folder / "..", program.folder / "../.."})  // build/, build/core/
    for (const char* kind : {"studies", "claims"}) folders.push_back(root / "experiments" / kind);
  return folders;
}

// A file of any set by its path, or the file of a set that has but one, by the set's name.
harness::Sources::File public_data(const std::string& name) {
  const auto places = data::Places::from_environment();
  for (const data::DataSet& set : data::Catalogue::standard().sets())
    for (const data::DataFile& file : set.files)
      if (file.path == name && set.files.size() > 1) {
        const auto root = data::path_of(set, places);
        return {root ? *root / fs::path(name).lexically_relative(set.path()) : fs::path(),
                file.sha256};
      }
  const data::DataSet& set = data::Catalogue::standard().find(name);
  if (set.files.size() != 1)
    throw std::invalid_argument(
        fmt::format("data:{}: has {} files, allowed one of them, as data:{}",
                    name,
                    set.files.size(),
                    set.files.front().path.string()));
  return {data::path_of(set, places).value_or(fs::path()), set.files.front().sha256};
}

}  // namespace

fs::path program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

harness::Setup Program::setup() const {
  return {.runs = runs,
          .worker = folder / "saggio-worker",
          .info = harness::read_worker_info(folder / "modules.json"),
          .public_data = public_data};
}

fs::path find_study(const Program& program, const std::string& name) {
  for (const fs::path& file : {fs::path(name), fs::path(name + ".toml")})
    if (fs::is_regular_file(file)) return file;
  std::vector<std::string> known;
  for (const fs::path& folder : study_folders(program)) {
    const fs::path file = folder / (name + ".toml");
    if (fs::is_regular_file(file)) return file.lexically_normal();
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(folder, absent))
      if (entry.path().extension() == ".toml") known.push_back(entry.path().stem());
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  throw std::invalid_argument(
      fmt::format("study '{}': no such file, and no study or claim of that name{}; there are {}",
                  name,
                  harness::did_you_mean(name, known),
                  known.empty() ? "none here" : fmt::format("{}", fmt::join(known, ", "))));
}

harness::Study load_study(const Program& program,
                          const std::string& name,
                          const Overrides& overrides,
                          const harness::Setup& setup) {
  harness::Study study =
      harness::read_study(find_study(program, name), setup.info.modules, overrides.sets);
  if (overrides.seeds > 0) study.seeds = overrides.seeds;
  return study;
}

std::string command_line(const std::string& command,
                         const harness::Study& study,
                         const Overrides& overrides) {
  std::vector<std::string> words = {"saggio", command, study.file.string()};
  for (const std::string& set : overrides.sets) words.insert(words.end(), {"--set", set});
  if (overrides.seeds > 0) words.insert(words.end(), {"--seeds", std::to_string(overrides.seeds)});
  return quoted_command(words);
}

fs::path find_run(const Program& program, const std::string& name) {
  if (fs::is_directory(name)) {
    if (results::RunDir(name).exists()) return name;
    throw std::invalid_argument(fmt::format(
        "{}: not a run, it has no spec.json; give a folder below {} or the first digits of "
        "a run's identity",
        name,
        program.runs.string()));
  }
  std::vector<fs::path> found;
  std::error_code absent;
  for (const auto& study : fs::directory_iterator(program.runs, absent))
    if (study.is_directory())
      for (const auto& run : fs::directory_iterator(study.path()))
        if (!name.empty() && run.path().filename().string().starts_with(name) &&
            results::RunDir(run.path()).exists())
          found.push_back(run.path());
  if (found.size() == 1) return found.front();
  if (found.empty())
    throw std::invalid_argument(
        fmt::format("run '{}': no such folder, and no run below {} whose identity starts so",
                    name,
                    program.runs.string()));
  const bool same = found[0].filename() == found[1].filename();  // in the folders of two studies
  throw std::invalid_argument(
      fmt::format("run '{}': {} runs start so, for example {} and {}; give {}",
                  name,
                  found.size(),
                  found[0].string(),
                  found[1].string(),
                  same ? "the folder" : "more digits"));
}

bool is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.{}f} s", seconds, seconds < 9.95 ? 1 : 0);
  const auto minutes = static_cast<int64_t>(std::llround(seconds)) / 60;
  if (minutes < 60)
    return fmt::format("{} min {:02} s", minutes, static_cast<int64_t>(std::llround(seconds)) % 60);
  return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

void put_text(const std::string& file, const std::string& text) {
  if (file.empty()) {
    std::cout << text;
    return;
  }
  results::write_durably(file, text);
  fmt::print("{}\n", file);
}

std::string quoted_command(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) {
    const bool plain =
        !word.empty() && word.find_first_not_of(
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                             "_-./=:,+@%") == std::string::npos;
    command += (command.empty() ? "" : " ") + (plain ? word : "'" + word + "'");
  }
  return command;
}

}  // namespace saggio::cli
