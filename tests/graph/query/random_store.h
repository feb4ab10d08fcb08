// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "graph/store/store.h"
#include "results/random.h"
#include "tests/graph/store/simulated_files.h"

// Small stores drawn at random: every kind and status, reasons, contradictions, both clocks, texts in
// the log and in the pack, revisions and retirements over some versions.
namespace saggio::graph {

struct RandomStore {
  SimulatedFiles files;
  Store store;
  std::vector<EdgeEnds> ends;  // of all edges ever added, by id

  explicit RandomStore(uint64_t seed)
      : store(Store::open("s", {.uuid = Uuid{}, .files = &files, .longest_text_in_log = 24})),
        stream_(seed) {
    for (uint64_t version = 1 + stream_.below(3); version > 0; --version) {
      for (uint64_t i = 2 + stream_.below(6); i > 0; --i) add_node();
      for (uint64_t i = stream_.below(14); i > 0; --i) add_edge();
      for (uint64_t i = stream_.below(4); i > 0; --i) change();
      store.commit();
    }
  }

 private:
  template <typename Choice>
  const Choice& one_of(const std::vector<Choice>& choices) {
    return choices[stream_.below(choices.size())];
  }

  Attributes some() {
    Attributes a;
    a.status = stream_.below(3) ? Status::Open : static_cast<Status>(stream_.below(kStatuses));
    if (stream_.below(2)) a.weight = one_of<float>({0.25f, 0.8f, 2});
    if (stream_.below(2))
      a.confidence = {one_of<float>({0.1f, 0.8f}), 0, one_of<std::string>({"", "vote"})};
    if (stream_.below(2))
      a.text = one_of<std::string>({"rain",
                                    "The street is wet.",
                                    "12",
                                    "abc",
                                    "raining, not the RAIN",
                                    "a\"b\\ and more than fits in the log"});
    if (stream_.below(3) == 0) a.rule = "rain";
    if (stream_.below(3) == 0) a.labels = {"x", one_of<std::string>({"", "wet", "mm"})};
    if (stream_.below(3) == 0)
      a.qualifiers = {
          {"unit", "mm"}, {"size", one_of<std::string>({"12", "-1", "x"})}, {"size", "5.0"}};
    if (stream_.below(3) == 0)
      a.provenance = Provenance{one_of<std::string>({"", "n1"}),
                                "rain",
                                one_of<int64_t>({-3, 1}),
                                one_of<uint64_t>({3, UINT64_MAX}),
                                "abc",
                                {"x", "12"}};
    if (stream_.below(3) == 0) a.valid.from = one_of<TimeUs>({kSinceEver, 0, 10});
    if (stream_.below(3) == 0) a.valid.to = one_of<TimeUs>({kWithoutEnd, 20, 30});
    return a;
  }

  void add_node() {
    const NodeId id = store.history().node_count();
    Attributes attributes = some();
    const bool keyless = id % 3 == 0;
    if (keyless) attributes.text.clear();  // a text would be its key
    live_.push_back(store.add_node(static_cast<NodeKind>(stream_.below(kNodeKinds)),
                                   attributes,
                                   keyless ? "" : "n" + std::to_string(id)));
  }

  void add_edge() {
    if (live_.empty()) return;
    const std::string type =
        one_of<std::string>({"supports", "supports", "derives", "contradicts", "mentions"});
    const EdgeEnds added{one_of(live_), one_of(live_), store.type(type)};
    ends.push_back(added);
    edges_.push_back(store.add_edge(
        added.source, added.type, added.target, stream_.below(2) ? some() : Attributes()));
  }

  void change() {
    const uint64_t what = stream_.below(8);
    if (what < 3 && !live_.empty()) store.revise_node(one_of(live_), some());
    if (what >= 3 && what < 5 && !edges_.empty()) {
      const size_t which = stream_.below(edges_.size());
      if (store.history().has_edge(edges_[which])) store.retire_edge(edges_[which]);
      edges_.erase(edges_.begin() + static_cast<std::ptrdiff_t>(which));
    }
    if (what == 5 && live_.size() > 1) {
      const size_t which = stream_.below(live_.size());
      store.retire_node(live_[which]);
      live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(which));
    }
  }

  results::Stream stream_;
  std::vector<NodeId> live_;
  std::vector<EdgeId> edges_;  // that this has not retired
};

}  // namespace saggio::graph
