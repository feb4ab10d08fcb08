// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "graph/query/evaluate.h"
#include "viz/scene/scene.h"

// The search box: which nodes a person means who types a part of a key, a label or a text. All
// texts that nodes ever had lie folded (fold.h), one behind the other, in long blocks of memory,
// which are searched from end to end, so that nothing needs to be kept in step. What arrives is
// added behind; what of it holds at the point that is shown is asked of the scene and, for those few
// nodes whose texts changed over time, of the store.
//
// Nobody waits for it: texts are read and looked through a slice at a time, as long as whoever draws
// has time for it, and what was found by then can be seen:
//
//   finder.ask("", 12);      // reads ahead, while nothing was typed yet
//   finder.ask("rain", 12);
//   while (!finder.done()) { finder.look(searched, 5 ms from now); show(finder.found()); }
namespace saggio::viz {

struct Found {
  std::vector<Slot> nodes;  // the best ones, best first
  size_t matches = 0;       // nodes that match
  float looked = 1;         // share of the texts that this is of; 1: all
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
  using Clock = std::chrono::steady_clock;

  // Finds, from now on, nodes that are there, shown or hidden, one of whose keys, labels or texts
  // contains what was typed, whatever its case; or, of "/.../", in which that regular expression is
  // found (RE2's syntax, whatever the case). "#12" is that node. Nothing typed finds nothing.
  //
  // Best first: the key itself; a key that begins so; a word that begins so; the rest; among equals
  // the one whose text is shorter, then the older node. Keys that the store made of a text's hash
  // count if they begin so, colon included; regular expressions do not see them. A text that the
  // store put in its pack, since it is long, counts with its first kMostOfPacked bytes.
  //
  // Throws std::invalid_argument for what is no regular expression, and finds nothing then.
  void ask(std::string_view typed, size_t most);
  // Goes on until all was looked at, or about a millisecond after `until`; of what the history
  // committed, it reads what it has not read yet, that alone if nothing is looked for. Where another
  // point is shown than it began with, it looks again, and what it found stays until it has. Throws
  // what text_of throws, and goes on behind that text when it is called again. O(what is new) and
  // O(all texts), altogether.
  void look(const Searched& searched, Clock::time_point until);
  const Found& found() const { return found_; }
  bool done() const { return done_; }
  // The graph is another one: what was asked for is looked for in that.
  void forget();

  size_t bytes() const;  // of folded texts

  static constexpr size_t kMostOfPacked = size_t{64} << 10;

 private:
  enum class Is : uint8_t { Key, HashKey, Text };
  // The texts of neighbours; all that a node came with stand on one.
  struct Shelf {
    Shelf();
    std::string block;                // folded texts, a line end behind each
    std::vector<uint32_t> begins{0};  // [E+1] in the block
    std::vector<Slot> node;           // [E]
    std::vector<Is> is;               // [E]

    static constexpr size_t kEntries = 4096, kBytes = size_t{1} << 18;
    size_t entries() const { return node.size(); }
    std::string_view entry(size_t e) const {
      return std::string_view(block).substr(begins[e], begins[e + 1] - 1 - begins[e]);
    }
    size_t entry_at(size_t place, size_t from) const;
    void add(Slot of, Is what, std::string_view text);
    void cut(size_t to);  // to so many entries
    bool is_full() const { return entries() >= kEntries || block.size() >= kBytes; }
  };
  static constexpr uint32_t kNoneYet = UINT32_MAX;
  struct Texts {  // that a node came with
    uint32_t shelf = 0, first = 0, count = kNoneYet;
  };
  // What is being read: of versions up to `to`, the nodes that were changed, then those from `next`.
  struct Reading {
    graph::Version to = 0;
    std::vector<graph::NodeId> changed;
    Slot next = 0, nodes = 0;
    bool done() const { return changed.empty() && next == nodes; }
  };
  class Pattern;

  template <typename Visit>
  static void for_each_text(Slot node,
                            const graph::AsOf& as_of,
                            const Searched& searched,
                            const Visit& visit);
  void read_ahead(const Searched& searched, Clock::time_point until);
  void begin_to_read(const graph::History& history);
  void read_some(const Searched& searched);
  void read(Slot node, const Searched& searched);
  bool came_with(const Texts& before, const Texts& texts) const;

  void begin(const Searched& searched);
  void step(const Searched& searched);
  void look_through(const Shelf& shelf, const std::vector<uint8_t>& there);
  uint64_t best_score(const Shelf& shelf, size_t e, size_t from) const;
  std::optional<uint64_t> score_of(const Shelf& shelf, size_t e, size_t from) const;
  void ask_store(Slot node, const Searched& searched);
  void take(uint64_t score);
  bool is_among_the_best(uint64_t score) const;
  void tell();

  graph::Version head_ = 0;  // all up to it was read
  Reading reading_;
  std::vector<graph::RowNumbers> rows_;  // of the node that is read
  std::vector<Shelf> shelves_;
  std::vector<Texts> came_with_;  // [N]
  std::vector<uint8_t> varies_;   // [N] its texts changed over time

  std::shared_ptr<const Pattern> pattern_;  // nullptr: nothing is looked for
  std::string typed_;
  size_t most_ = 0;
  graph::AsOf of_;      // what is looked at
  bool done_ = true;    // with all of it
  bool begun_ = false;  // since something was asked for
  bool again_ = false;  // what was found before is still to be seen
  size_t next_shelf_ = 0, next_entry_ = 0;
  Slot looked_at_ = 0;          // the last node
  std::vector<uint64_t> best_;  // a heap of scores, the worst one on top
  size_t matches_ = 0;
  std::vector<Slot> unsure_;  // the store is still to be asked about
  std::unordered_set<Slot> asked_;
  Found found_;
};

}  // namespace saggio::viz
