// SPDX-License-Identifier: MIT
#include "graph/formats/folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "graph/formats/lines.h"

namespace saggio::graph {

namespace fs = std::filesystem;

FileOfFolder::FileOfFolder(const fs::path& folder,
                           std::string_view file,
                           const ImportOptions& options)
    : name(fmt::format("{}/{}", options.name, file)), in(folder / file, std::ios::binary) {
  if (!in || fs::is_directory(folder / file))
    throw std::invalid_argument(fmt::format("{}: no such file, or it cannot be read", name));
}

std::string_view first_of(const fs::path& folder, std::span<const std::string_view> files) {
  const auto found = std::find_if(
      files.begin(), files.end(), [&](std::string_view file) { return fs::exists(folder / file); });
  return found == files.end() ? std::string_view() : *found;
}

void note_others(const fs::path& folder,
                 std::span<const std::string_view> known,
                 ImportReport& report) {
  std::vector<std::string> others;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (std::find(known.begin(), known.end(), name) == known.end()) others.push_back(clean(name));
  }
  std::sort(others.begin(), others.end());
  if (!others.empty()) report.notes.push_back(fmt::format("not read: {}", fmt::join(others, ", ")));
}

}  // namespace saggio::graph
