// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/query/evaluate.h"
#include "viz/scene/scene.h"

// The search box: which nodes a person means who types a part of a key, a label or a text. All
// texts that nodes ever had lie folded (fold.h), one behind the other, in one block of memory, which
// is searched from end to end: 1 M labels take some milliseconds, and nothing needs to be kept in
// step. What arrives is added behind; what of it holds at the point that is shown is asked of the
// scene and, for those few nodes whose texts changed over time, of the store.
namespace saggio::viz {

struct Found {
  std::vector<Slot> nodes;  // the best ones, best first
  size_t matches = 0;       // nodes that match
  bool operator==(const Found&) const = default;
};

// Borrowed: the graph that the scene shows, always the same one.
struct Searched {
  const graph::History& history;
  const graph::TextOf& text_of;
  const Scene& scene;
};

class Finder {
 public:
  // Reads what the history committed since the last call, find() does so too. O(what is new). A
  // text that the store put in its pack, since it is long, counts with its first kMostOfPacked bytes.
  // After a reset begin with a new Finder.
  void follow(const graph::History& history, const graph::TextOf& text_of);

  // Nodes that are there, shown or hidden, one of whose keys, labels or texts contains what was
  // typed, whatever its case; or, of "/.../", in which that regular expression is found (RE2's
  // syntax, whatever the case). "#12" is that node. Nothing typed finds nothing.
  //
  // Best first: the key itself; a key that begins so; a word that begins so; the rest; among equals
  // the one whose text is shorter, then the older node. Keys that the store made of a text's hash
  // count if they begin so, colon included; regular expressions do not see them.
  //
  // Throws std::invalid_argument for what is no regular expression. O(all texts), by threads.
  Found find(std::string_view typed, size_t most, const Searched& searched);

  size_t bytes() const { return block_.size(); }  // of folded texts

  static constexpr size_t kMostOfPacked = size_t{64} << 10;

 private:
  enum class Is : uint8_t { Key, HashKey, Text };
  struct Text {
    Is is;
    std::string folded;
  };
  static constexpr uint32_t kNoneYet = UINT32_MAX;
  struct Texts {  // that a node came with
    uint32_t first = 0, count = kNoneYet;
  };
  class Pattern;
  class Gathering;

  static std::vector<Text> texts_of(Slot node,
                                    const graph::AsOf& as_of,
                                    const graph::History& history,
                                    const graph::TextOf& text_of);
  void read(Slot node, const graph::History& history, const graph::TextOf& text_of);
  void add(Slot node, const std::vector<Text>& texts);
  bool came_with(Slot node, const std::vector<Text>& texts) const;

  std::string_view entry(size_t e) const {
    return std::string_view(block_).substr(begins_[e], begins_[e + 1] - 1 - begins_[e]);
  }
  size_t entries() const { return begins_.size() - 1; }
  size_t entry_at(size_t place, size_t from) const;
  void search(const Pattern& pattern, size_t first, size_t last, Gathering& into) const;

  graph::Version head_ = 0;
  std::string block_;                // folded texts, a line end behind each
  std::vector<uint64_t> begins_{0};  // [E+1] in the block
  std::vector<Slot> node_;           // [E]
  std::vector<Is> is_;               // [E]
  std::vector<Texts> came_with_;     // [N]
  std::vector<uint8_t> varies_;      // [N] its texts changed over time
};

}  // namespace saggio::viz
