// SPDX-License-Identifier: MIT
#include <algorithm>
#include <queue>
#include <tuple>

#include "graph/reasoning/proof.h"

namespace saggio::graph {
namespace {

// A part of all proofs, and the best one in it.
struct Part {
  Proof best;
  std::vector<ReasonIndex> forbidden;  // ascending
  size_t kept = 0;                     // as many of its choices, in its order, as all in it make
  uint64_t number = 0;                 // in the order of finding
};

struct Worse {
  bool operator()(const Part& a, const Part& b) const {
    return std::tie(a.best.cost, a.best.height, a.number) >
           std::tie(b.best.cost, b.best.height, b.number);
  }
};

class Lawler {
 public:
  Lawler(const Cone& cone, size_t limit) : cone_(cone), left_(limit) {}

  ProofList first(size_t count) {
    ProofList list;
    seek({}, 0);
    while (!parts_.empty() && list.proofs.size() < count) {
      Part part = parts_.top();
      parts_.pop();
      list.proofs.push_back(part.best);
      if (list.proofs.size() < count) divide(part);
      if (out_of_searches_) break;  // a part was not looked into: what follows may come too late
    }
    list.complete = !out_of_searches_;
    for (Proof& proof : list.proofs) map_back(proof);
    return list;
  }

 private:
  // All other proofs of the part: they agree with the best in its first i choices, not in the next.
  // Whoever agrees in the first i has that node, since it is reached through them.
  void divide(const Part& part) {
    std::vector<ReasonIndex> forbidden = part.forbidden;
    size_t choice = 0;
    for (const ProofNode& node : part.best.nodes) {
      if (node.choice < 0) continue;
      if (choice++ >= part.kept) {
        std::vector<ReasonIndex> without = forbidden;
        without.push_back(node.choice);
        seek(std::move(without), choice - 1);
      }
      const auto x = static_cast<size_t>(node.node);
      for (ReasonIndex i = cone_.graph.ptr[x]; i < cone_.graph.ptr[x + 1]; ++i)
        if (i != node.choice) forbidden.push_back(i);
    }
  }

  void seek(std::vector<ReasonIndex> forbidden, size_t kept) {
    if (left_ == 0) {
      out_of_searches_ = true;
      return;
    }
    --left_;
    std::sort(forbidden.begin(), forbidden.end());
    forbidden.erase(std::unique(forbidden.begin(), forbidden.end()), forbidden.end());
    std::vector<uint8_t> mask(cone_.graph.reasons.size());
    for (const ReasonIndex i : forbidden) mask[static_cast<size_t>(i)] = 1;
    if (auto best = best_proof(cone_.graph, cone_.root, {.reasons = mask}))
      parts_.push({std::move(*best), std::move(forbidden), kept, number_++});
  }

  void map_back(Proof& proof) const {
    for (ProofNode& node : proof.nodes) {
      node.node = cone_.node[static_cast<size_t>(node.node)];
      if (node.choice >= 0) node.choice = cone_.reason[static_cast<size_t>(node.choice)];
    }
  }

  const Cone& cone_;
  size_t left_;
  bool out_of_searches_ = false;
  uint64_t number_ = 0;
  std::priority_queue<Part, std::vector<Part>, Worse> parts_;
};

}  // namespace

ProofList best_proofs_of(const SupportGraph& graph, NodeIndex node, size_t count, size_t limit) {
  const auto cone = cone_of(graph, node);
  return cone ? Lawler(*cone, limit).first(count) : ProofList();
}

}  // namespace saggio::graph
