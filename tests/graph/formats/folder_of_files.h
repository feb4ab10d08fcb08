// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/graph/formats/imported.h"

// Inputs of several files: a folder that is there as long as this object.
namespace saggio::graph {

class FolderOfFiles {
 public:
  using Files = std::vector<std::pair<std::string, std::string>>;  // name, text

  explicit FolderOfFiles(const Files& files) {
    std::string name = std::filesystem::temp_directory_path() / "saggio-files-XXXXXX";
    path_ = mkdtemp(name.data());
    for (const auto& [file, text] : files) std::ofstream(path_ / file, std::ios::binary) << text;
  }
  FolderOfFiles(const FolderOfFiles&) = delete;
  FolderOfFiles& operator=(const FolderOfFiles&) = delete;
  ~FolderOfFiles() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Reads and commits.
inline ImportReport read_folder(Imported& graph, Format format, const FolderOfFiles::Files& files) {
  const FolderOfFiles folder(files);
  const ImportReport report = import_path(folder.path(), format, graph.store);
  if (graph.store.has_pending()) graph.store.commit();
  return report;
}

// The message of what a reader throws, the folder being F; empty: nothing.
inline std::string folder_complaint(Format format, const FolderOfFiles::Files& files) {
  Imported graph;
  const FolderOfFiles folder(files);
  try {
    import_path(folder.path(), format, graph.store);
    return "";
  } catch (const std::invalid_argument& error) {
    const std::string what = error.what();
    return "F" + what.substr(folder.path().string().size());
  }
}

}  // namespace saggio::graph
