// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/fact_graph.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace saggio::models {
namespace {

struct Link {
  int32_t row, col, type;
};

using Fact = std::array<int32_t, 3>;  // head, relation, tail

std::span<const Fact> rows_of(const at::Tensor& facts, const char* name) {
  if (!facts.defined() || facts.scalar_type() != at::kInt || !facts.device().is_cpu() ||
      facts.dim() != 2 || facts.size(1) != 3 || !facts.is_contiguous())
    throw std::invalid_argument(fmt::format(
        "{} is {}, expected a contiguous int [M, 3] on cpu: head, relation, tail",
        name,
        facts.defined() ? fmt::format("{} [{}]", facts.toString(), fmt::join(facts.sizes(), ", "))
                        : "undefined"));
  return {reinterpret_cast<const Fact*>(facts.const_data_ptr<int32_t>()),
          static_cast<size_t>(facts.size(0))};
}

void check_below(std::span<const Fact> facts, int64_t nodes, int64_t relations) {
  const auto check = [](size_t m, const char* what, int32_t value, int64_t bound) {
    if (!(value >= 0 && value < bound))
      throw std::invalid_argument(
          fmt::format("facts[{}]: {} {}, allowed 0 to {}", m, what, value, bound - 1));
  };
  for (size_t m = 0; m < facts.size(); ++m) {
    check(m, "head", facts[m][0], nodes);
    check(m, "relation", facts[m][1], relations);
    check(m, "tail", facts[m][2], nodes);
  }
}

// Links in the order of their rows, each edge's index its place in `links`.
SharedGraph graph_of(std::span<const Link> links, int64_t nodes, int64_t types) {
  const auto M = static_cast<int64_t>(links.size());
  const kernels::Csr csr{
      at::zeros({nodes + 1}, at::kLong), at::empty({M}, at::kInt), at::empty({M}, at::kInt)};
  const at::Tensor type = at::empty({M}, at::kInt);
  int64_t* row_ptr = csr.row_ptr.mutable_data_ptr<int64_t>();
  int32_t* col = csr.col.mutable_data_ptr<int32_t>();
  int32_t* edge = csr.edge.mutable_data_ptr<int32_t>();
  int32_t* type_of = type.mutable_data_ptr<int32_t>();
  for (const Link& link : links) ++row_ptr[link.row + 1];
  for (int64_t row = 0; row < nodes; ++row) row_ptr[row + 1] += row_ptr[row];
  std::vector<int64_t> next(row_ptr, row_ptr + nodes);
  for (size_t e = 0; e < links.size(); ++e) {
    const int64_t place = next[static_cast<size_t>(links[e].row)]++;
    col[place] = links[e].col;
    edge[place] = static_cast<int32_t>(e);
    type_of[e] = links[e].type;
  }
  return std::make_shared<const kernels::RelationalGraph>(
      kernels::with_transpose(csr, nodes), type, types);
}

std::vector<Link> links_of(std::span<const Fact> facts, int64_t relations) {
  std::vector<Link> links;
  links.reserve(2 * facts.size());
  for (const auto& [head, relation, tail] : facts) links.push_back({head, tail, relation});
  for (const auto& [head, relation, tail] : facts)
    links.push_back({tail, head, static_cast<int32_t>(relation + relations)});
  return links;
}

// A fact, or its two ends, as one that can be looked up.
Fact key_of(const Fact& fact, Removal removal) {
  if (removal == Removal::Facts) return fact;
  return {std::min(fact[0], fact[2]), 0, std::max(fact[0], fact[2])};
}

// Types by the nodes that they have as a head, ascending, each once.
std::vector<std::vector<int32_t>> types_by_head(std::span<const Fact> facts,
                                                int64_t nodes,
                                                int64_t relations) {
  std::vector<std::vector<int32_t>> types(static_cast<size_t>(nodes));
  for (const auto& [head, relation, tail] : facts) {
    types[static_cast<size_t>(head)].push_back(relation);
    types[static_cast<size_t>(tail)].push_back(static_cast<int32_t>(relation + relations));
  }
  for (std::vector<int32_t>& of_node : types) {
    std::sort(of_node.begin(), of_node.end());
    of_node.erase(std::unique(of_node.begin(), of_node.end()), of_node.end());
  }
  return types;
}

// Which types have a head in common, [2R, 2R]. The rest follows: a type's tails are the heads of
// its inverse.
class CommonHeads {
 public:
  CommonHeads(std::span<const Fact> facts, int64_t nodes, int64_t relations)
      : relations_(relations), common_(static_cast<size_t>(4 * relations * relations)) {
    for (const std::vector<int32_t>& types : types_by_head(facts, nodes, relations))
      for (const int32_t a : types)
        for (const int32_t b : types) common_[index(a, b)] = 1;
  }

  int64_t types() const { return 2 * relations_; }
  // The tails of a type instead of its heads where `of_a`, `of_b` say so.
  bool meet(int64_t a, bool tails_of_a, int64_t b, bool tails_of_b) const {
    return common_[index(tails_of_a ? inverse(a) : a, tails_of_b ? inverse(b) : b)] != 0;
  }

 private:
  int64_t inverse(int64_t type) const {
    return type < relations_ ? type + relations_ : type - relations_;
  }
  size_t index(int64_t a, int64_t b) const { return static_cast<size_t>(a * types() + b); }

  int64_t relations_;
  std::vector<uint8_t> common_;
};

}  // namespace

SharedGraph fact_graph(const at::Tensor& facts, int64_t nodes, int64_t relations) {
  const std::span<const Fact> rows = rows_of(facts, "facts");
  check_below(rows, nodes, relations);
  return graph_of(links_of(rows, relations), nodes, 2 * relations);
}

at::Tensor without(const at::Tensor& facts, const at::Tensor& hidden, Removal removal) {
  std::vector<Fact> keys;
  for (const Fact& fact : rows_of(hidden, "hidden")) keys.push_back(key_of(fact, removal));
  std::sort(keys.begin(), keys.end());
  std::vector<Fact> left;
  for (const Fact& fact : rows_of(facts, "facts"))
    if (!std::binary_search(keys.begin(), keys.end(), key_of(fact, removal))) left.push_back(fact);
  at::Tensor result = at::empty({static_cast<int64_t>(left.size()), 3}, at::kInt);
  std::copy(left.begin(), left.end(), reinterpret_cast<Fact*>(result.mutable_data_ptr<int32_t>()));
  return result;
}

SharedGraph relation_graph(const at::Tensor& facts, int64_t nodes, int64_t relations) {
  const std::span<const Fact> rows = rows_of(facts, "facts");
  check_below(rows, nodes, relations);
  const CommonHeads common(rows, nodes, relations);
  constexpr std::array<std::pair<bool, bool>, 4> kTails{
      {{false, false}, {true, true}, {false, true}, {true, false}}};
  std::vector<Link> links;
  for (size_t type = 0; type < kTails.size(); ++type)
    for (int64_t a = 0; a < common.types(); ++a)
      for (int64_t b = 0; b < common.types(); ++b)
        if (common.meet(a, kTails[type].first, b, kTails[type].second))
          links.push_back(
              {static_cast<int32_t>(a), static_cast<int32_t>(b), static_cast<int32_t>(type)});
  return graph_of(links, common.types(), static_cast<int64_t>(kTails.size()));
}

}  // namespace saggio::models
