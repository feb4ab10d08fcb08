// SPDX-License-Identifier: MIT
#include "graph/query/attributes.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace saggio::graph {
namespace {

using enum ValueType;

constexpr AttributeInfo kAttributes[] = {
    {Attribute::Id, "id", Whole, true, true, "its number, the same in all versions"},
    {Attribute::Kind, "kind", Kind, true, false, "claim, evidence, step, ..."},
    {Attribute::Status, "status", Status, true, true, "open, supported, refuted, ..."},
    {Attribute::Confidence, "confidence", Real, true, true, "the probability, if it is known"},
    {Attribute::Weight, "weight", Real, true, true, "1 unless it was given"},
    {Attribute::Key, "key", Text, true, false, "the name that is unique"},
    {Attribute::Text, "text", Text, true, true, "what it says"},
    {Attribute::Labels, "label", Text, true, true, "any of its labels"},
    {Attribute::Anywhere, "anywhere", Text, true, true, "key, text or any label"},
    {Attribute::Rule, "rule", Text, true, true, "what derived it"},
    {Attribute::Qualifier, "qualifier", Text, true, true, "qualifier.NAME: any of that name"},
    {Attribute::Method, "method", Text, true, true, "how its confidence was found"},
    {Attribute::Degree, "degree", Whole, true, false, "edges out and in"},
    {Attribute::InDegree, "in_degree", Whole, true, false, "edges in"},
    {Attribute::OutDegree, "out_degree", Whole, true, false, "edges out"},
    {Attribute::Type, "type", Text, false, true, "of an edge"},
    {Attribute::ValidFrom, "valid_from", Time, true, true, "since when it holds in the world"},
    {Attribute::ValidTo, "valid_to", Time, true, true, "until when it holds in the world"},
    {Attribute::Run, "run", Text, true, true, "the run that said so"},
    {Attribute::Experiment, "experiment", Text, true, true, "that the run belongs to"},
    {Attribute::Step, "step", Whole, true, true, "of the run"},
    {Attribute::Seed, "seed", Whole, true, true, "of the run"},
    {Attribute::Model, "model", Text, true, true, "the hash of the model's weights"},
    {Attribute::Source, "source", Text, true, true, "any of the records it was read from"},
};

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kAttributes); ++i)
    if (kAttributes[i].attribute != static_cast<Attribute>(i)) return false;
  return true;
}
static_assert(in_order());

size_t distance(std::string_view from, std::string_view to) {
  std::vector<size_t> row(to.size() + 1);  // [j]: of what was read of `from` to to[0, j)
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= from.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= to.size(); ++j) {
      const size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const AttributeInfo> attributes() { return kAttributes; }

const AttributeInfo& info(Attribute attribute) {
  return kAttributes[static_cast<size_t>(attribute)];
}

const AttributeInfo* find_attribute(std::string_view name) {
  if (name == "labels") name = "label";
  const auto* const found = std::ranges::find(kAttributes, name, &AttributeInfo::name);
  return found == std::end(kAttributes) ? nullptr : found;
}

std::vector<std::string_view> nearest_first(std::string_view name,
                                            std::span<const std::string_view> known) {
  constexpr size_t kLongest = 64;  // bytes; the distance takes the product of both lengths
  std::vector<std::pair<size_t, std::string_view>> near;
  for (const std::string_view one : known) {
    const size_t changes = distance(name.substr(0, kLongest), one.substr(0, kLongest));
    if (2 * changes <= one.size()) near.emplace_back(changes, one);
  }
  std::ranges::stable_sort(near, {}, &std::pair<size_t, std::string_view>::first);
  std::vector<std::string_view> names;
  for (const auto& [changes, one] : near) names.push_back(one);
  return names;
}

}  // namespace saggio::graph
