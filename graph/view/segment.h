// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/store/store.h"
#include "graph/view/view.h"

// Segments (FORMAT.md 5): Views on disk, one file for a version, mapped and never changed. They are
// caches: deleting all of them loses nothing but the time to build them again.
namespace saggio::graph {

// Sees to it that there are segments of the head and of every tagged version, each of them whole,
// and no others. Throws
// std::invalid_argument on a store with pending changes: commit them first.
void compact(Store& store);

// The graph as of that point: mapped, if there is a segment of exactly that, else built in memory.
// Throws Damage, naming the file, if the beginning of the segment is damaged; the rest of
// it is verified when it is read (View::verify).
View view_of(const Store& store, const AsOf& as_of = {});
View view_of(const Reader& reader, const AsOf& as_of = {});

// The head of a store. If a segment is of it, nothing of the log is read but the end, so that even
// a large graph is there at once; damage before that end is not noticed (Reader::open does).
// Borrows `files` for the call; nullptr: the machine's. Throws as Reader::open.
View open_view(const std::string& folder, FileSystem* files = nullptr);

// The versions that files lie there for in a store's folder, ascending; nobody has looked into them.
std::vector<Version> segment_versions(FileSystem& files, const std::string& folder);

// Whether a segment lies there and is of that version: what view_of would map.
bool has_segment(const Reader& reader, Version version);

}  // namespace saggio::graph
