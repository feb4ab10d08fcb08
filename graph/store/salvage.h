// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "graph/store/store.h"

namespace saggio::graph {

struct Salvaged {
  Version versions = 0;  // that the new store has
  std::string damage;    // what ended the copy; empty: nothing, the log is whole
  uint64_t left = 0;     // bytes of the damaged log that were not copied
};

// Makes a new store, with a UUID of its own, of every version before the first damage of another
// one, which stays as it is. Later versions rest on what is damaged, so they cannot be told.
// Long texts and embedding rows are copied as far as they are there; Reader::check_payload() of the
// new store names those that are damaged. Throws std::invalid_argument if the new folder is there
// already, std::runtime_error if `damaged` is no store, Damage if even its identity is lost.
Salvaged salvage(const std::string& damaged, const std::string& whole, FileSystem* files = nullptr);

}  // namespace saggio::graph
