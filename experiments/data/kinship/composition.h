// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "experiments/data/kinship/family.h"

// The rules of the kinship task, found rather than written down: "a sibling of a parent is an uncle
// or aunt" holds if it held for every triple of people in many family trees. And what follows from
// a chain of kinds by these rules alone, applied in any order: the solver that every model is
// measured against.
namespace saggio::data::kinship {

inline constexpr int kMaxChain = 12;

using KindSet = uint16_t;  // bit i stands for kind i
constexpr KindSet only(Kind kind) {
  return static_cast<KindSet>(1U << static_cast<unsigned>(kind));
}

// One application of a rule: kinds [begin, split) make `first`, kinds [split, end) make `second`,
// together they make `result`.
struct Bracket {
  int begin = 0, split = 0, end = 0;
  Kind first, second, result;
};

class Composition {
 public:
  // From all triples of different people (x, y, z) with y kin to x and z kin to y. A pair of kinds
  // is kept if z always is the same kind to x; it is dropped if z sometimes is another kind or no
  // kin at all.
  static Composition derive(std::span<const Family> families);

  // Derived from 150 random families with a fixed key: 28 rules from 95 pairs of kinds that occur.
  static Composition standard();

  // What z is to x if y is `first` to x and z is `second` to y.
  std::optional<Kind> compose(Kind first, Kind second) const;
  KindSet compose(KindSet firsts, KindSet seconds) const;  // all that any two of them make

  // Kinds that something which begins with one of `beginnings` can make; at least these themselves.
  KindSet made_from(KindSet beginnings) const;

  int rules() const;  // pairs of kinds that compose
  int observed_pairs() const { return observed_; }

  // How the chain reduces to `result`: k - 1 brackets, inner before outer; of several ways the one
  // that splits first at the lowest position. nullopt if it does not.
  std::optional<std::vector<Bracket>> derivation(std::span<const Kind> chain, Kind result) const;

 private:
  Composition() : seconds_(kKinds << kKinds), made_(1 << kKinds) {}
  void tabulate();

  std::array<std::array<std::optional<Kind>, kKinds>, kKinds> rules_{};  // by first, second
  std::vector<KindSet> seconds_;  // [kKinds * 2^kKinds], by first, then set of seconds
  std::vector<KindSet> made_;     // [2^kKinds], made_from
  int observed_ = 0;
};

// The CKY algorithm, one kind of the chain at a time. Borrows the composition.
class Reducer {
 public:
  explicit Reducer(const Composition& composition) : composition_(composition) {}

  // False: whatever follows, the chain cannot be reduced to one kind. O(size^2). Throws beyond
  // kMaxChain kinds.
  bool push(Kind kind);
  void clear() { size_ = 0; }

  int size() const { return size_; }
  KindSet part(int begin, int end) const {
    return cells_[begin][end];
  }  // what these kinds of the chain reduce to
  KindSet result() const { return size_ == 0 ? KindSet{0} : part(0, size_); }

 private:
  const Composition& composition_;
  std::array<std::array<KindSet, kMaxChain + 1>, kMaxChain + 1> cells_;  // by begin, end
  int size_ = 0;
};

}  // namespace saggio::data::kinship
