// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "graph/formats/import.h"

// Inputs that are several files of one folder. For the .cpp files of this folder.
namespace saggio::graph {

// A file that must be there, open to be read. Throws std::invalid_argument if it is not.
struct FileOfFolder {
  FileOfFolder(const std::filesystem::path& folder,
               std::string_view file,
               const ImportOptions& options);

  std::string name;  // as messages tell it: the folder's, then its own
  std::ifstream in;
};

// The first of these files that the folder has; empty: none.
std::string_view first_of(const std::filesystem::path& folder,
                          std::span<const std::string_view> files);

// Notes which files of the folder are none of `known`, and so were not read.
void note_others(const std::filesystem::path& folder,
                 std::span<const std::string_view> known,
                 ImportReport& report);

}  // namespace saggio::graph
