// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/layout/point.h"
#include "graph/store/store.h"

// Positions that outlive the program (FORMAT.md 7): STORE/views/NAME.view, beside the log and no
// part of the graph. Nodes are known by key, so that the positions serve every version, and other
// stores that hold the same nodes; one without a key by its id, within one store. The lock is not
// taken: files are replaced whole, and the last one to save wins. Where the store cannot be written
// the file goes to the user's cache; of two files of one name the one that was saved later counts.
namespace saggio::graph {

struct SavedView {
  std::vector<Point> points;    // [N] kNowhere: not known
  std::vector<uint8_t> pinned;  // [N] 1: pinned; or empty
  std::string state;            // whatever else the caller keeps, such as camera and filters
  Version version = 0;          // of the View that was saved
};

// Names have 1 to 100 letters, digits, '.', '-' and '_', no '.' first; others throw
// std::invalid_argument, as do columns that are not one value for each node of the view. `cache`: a
// folder, which is made if it is missing; empty: none.

// Returns the file. Throws FileError if neither place can be written.
std::string save_view(const Reader& reader,
                      const View& view,
                      std::string_view name,
                      const SavedView& saved,
                      const std::string& cache = {});
// For the nodes of this view, whichever was saved; nullopt: none of this name. Throws Damage.
std::optional<SavedView> load_view(const Reader& reader,
                                   const View& view,
                                   std::string_view name,
                                   const std::string& cache = {});
std::vector<std::string> saved_views(const Reader& reader,
                                     const std::string& cache = {});  // sorted

// $XDG_CACHE_HOME/saggio, else $HOME/.cache/saggio; empty if neither variable is set.
std::string user_cache();

}  // namespace saggio::graph
