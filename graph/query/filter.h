// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <functional>

#include "graph/algorithms/bitmap.h"
#include "graph/parallel.h"
#include "graph/query/evaluate.h"
#include "graph/query/text_test.h"

// The conditions that look at one element at a time; for evaluate.cpp alone.
namespace saggio::graph {

// What asking takes, from little to much.
enum class Cost {
  Columns,     // arrays of the view
  Walks,       // some hops
  Support,     // all that was ever said
  Attributes,  // what the history holds in its arena
  Texts,       // the same, and a search in it
};

// A condition made ready: keep() takes off a set of elements those that do not satisfy it.
struct Filter {
  Cost cost = Cost::Columns;
  std::function<void(Bitmap&)> keep;
};

// Borrows all of it.
struct Elements {
  Target target;
  const View& view;
  const History& history;
  const TextOf& text_of;
};

// The bits of a word, the first of which is that of element `first`, for which the test holds.
template <typename Test>  // bool(size_t)
uint64_t kept(uint64_t word, size_t first, const Test& test) {
  uint64_t bits = 0;
  if (word == ~uint64_t{0}) {  // without a branch for each
    for (size_t i = 0; i < 64; ++i) bits |= uint64_t{test(first + i)} << i;
    return bits;
  }
  for (uint64_t left = word; left != 0; left &= left - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    bits |= uint64_t{test(first + i)} << i;
  }
  return bits;
}

template <typename Test>
void keep_if(Bitmap& set, const Test& test) {
  for (size_t word = 0; word < set.words.size(); ++word)
    set.words[word] = kept(set.words[word], word * 64, test);
}

// By threads, for tests that take long.
template <typename Test>
void keep_if_by_threads(Bitmap& set, const Test& test) {
  constexpr size_t kWords = 64;  // of a part
  const size_t parts = (set.words.size() + kWords - 1) / kWords;
  struct None {};
  in_parallel<None>(parts_of(set.words.size() * 64), parts, [&](size_t part, None&) {
    const size_t end = std::min(set.words.size(), (part + 1) * kWords);
    for (size_t word = part * kWords; word < end; ++word)
      set.words[word] = kept(set.words[word], word * 64, test);
  });
}

Filter compare_kinds(const Elements& elements, uint8_t kind);
Filter compare_statuses(const Elements& elements, uint8_t status);
// `op` is never NotEqual, here and below.
Filter compare_times(const Elements& elements, Attribute attribute, Operator op, TimeUs time);
Filter compare_numbers(const Elements& elements,
                       Attribute attribute,
                       Operator op,
                       const Value& value);
// Of several texts, one that holds is enough.
Filter compare_texts(const Elements& elements, const Field& field, const TextTest& test);
Filter known_ones(const Elements& elements, const Field& field);

}  // namespace saggio::graph
