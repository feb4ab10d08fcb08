// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/store/log.h"
#include "graph/view/view.h"

// One segment file, FORMAT.md 5: the arrays of a View as bytes, and back without a copy; for
// segment.cpp, which says which files a store has.
namespace saggio::graph {

// What a segment must be of, to count.
struct Origin {
  Uuid uuid{};
  Version version = 0;
  uint64_t end = 0;  // of the commit, in the log
  uint32_t incarnation = 1;
  bool operator==(const Origin&) const = default;
};

struct Section {
  std::string name;
  uint64_t offset = 0, bytes = 0;
};

struct Layout {
  Origin origin;
  uint64_t nodes = 0, edges = 0;
  uint64_t checksums = 0;  // where they begin
  std::vector<Section> sections;
};

// A file that begins as a segment does: only its head has been read.
struct SegmentFile {
  std::string file;
  uint64_t size = 0;
  std::shared_ptr<const char> bytes;  // mapped
  Layout layout;
};

// Never holds the arrays twice. Replaces the file.
void write_segment_file(FileSystem& files,
                        const std::string& file,
                        const View& view,
                        const Origin& origin);
// nullopt: there is no such file. Throws Damage.
std::optional<SegmentFile> open_segment_file(FileSystem& files, const std::string& file);
// Verifies blocks when they are first read. Throws Damage.
View view_on(const SegmentFile& segment);

}  // namespace saggio::graph
