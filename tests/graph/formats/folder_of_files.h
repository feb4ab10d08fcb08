// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/graph/formats/imported.h"
#include "tests/results/store/temporary_folder.h"

// Inputs of several files: a folder that is there as long as this object.
namespace saggio::graph {

class FolderOfFiles : public results::TemporaryFolder {
 public:
  using Files = std::vector<std::pair<std::string, std::string>>;  // name, text

  explicit FolderOfFiles(const Files& files) {
    for (const auto& [file, text] : files) results::spill(*this / file, text);
  }
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
