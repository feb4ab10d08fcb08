// SPDX-License-Identifier: MIT
#include "viz/scene/revisions.h"

#include <bit>

namespace saggio::viz {
namespace {

bool same(const Revisions::Row& a, const Revisions::Row& b) {
  const auto bits = [](float value) { return std::bit_cast<uint32_t>(value); };  // NaN is itself
  return a.from == b.from && a.to == b.to && a.status == b.status &&
         bits(a.weight) == bits(b.weight) && bits(a.probability) == bits(b.probability) &&
         a.valid == b.valid;
}

}  // namespace

uint32_t Revisions::push(const Row& row, uint32_t before) {
  if (before == kNone && !rows_.empty() && before_.back() == kNone && same(rows_.back(), row))
    return static_cast<uint32_t>(rows_.size() - 1);
  rows_.push_back(row);
  before_.push_back(before);
  return static_cast<uint32_t>(rows_.size() - 1);
}

void Revisions::take(Slot slot, std::span<const Row> rows, graph::Version known) {
  if (slot >= last_.size()) grow_to(last_, size_t{slot} + 1, kNone);
  uint32_t last = last_[slot];
  // A row may be shared, so one that was open is replaced, not closed.
  if (last != kNone && rows_[last].to > known) last = before_[last];
  for (auto row = rows.rbegin(); row != rows.rend(); ++row)
    if (row->to > known) last = push(*row, last);
  last_[slot] = last;
}

const Revisions::Row* Revisions::at(Slot slot, const graph::AsOf& as_of) const {
  uint32_t row = last_[slot];
  while (row != kNone && rows_[row].from > as_of.version) row = before_[row];
  if (row == kNone || as_of.version >= rows_[row].to) return nullptr;
  if (as_of.world && !rows_[row].valid.covers(*as_of.world, as_of.certain)) return nullptr;
  return &rows_[row];
}

}  // namespace saggio::viz
