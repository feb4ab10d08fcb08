// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "results/random.h"

// Family trees, and what people in them are to each other: ten kinds of kin, each with a word for
// either sex. People are numbers 0..size-1. Kin is by blood and one marriage: an uncle is a
// parent's brother, not an aunt's husband.
namespace saggio::data::kinship {

enum class Sex : uint8_t { Male, Female };

enum class Kind : uint8_t {
  Parent,
  Child,
  Sibling,
  Spouse,
  Grandparent,
  Grandchild,
  UncleAunt,
  NephewNiece,
  ParentInLaw,
  ChildInLaw
};
inline constexpr int kKinds = 10;

Kind inverse(Kind kind);  // what I am to whoever is `kind` to me

// What somebody is to somebody: a kind, and the sex of the one who is it ("aunt": UncleAunt,
// Female).
struct Relation {
  Kind kind = Kind::Parent;
  Sex sex = Sex::Male;

  int index() const {
    return 2 * static_cast<int>(kind) + static_cast<int>(sex);
  }  // in [0, kRelations)
  friend bool operator==(const Relation&, const Relation&) = default;
};
inline constexpr int kRelations = 2 * kKinds;

std::string_view word(Relation relation);  // "grandfather"
Relation relation(int index);              // the inverse of Relation::index

// Who has which parents and spouse. Of two parents either both are known or none.
struct Pedigree {
  std::vector<Sex> sexes;
  std::vector<std::optional<std::pair<int, int>>> parents;
  std::vector<std::optional<int>> spouses;

  int add(Sex sex);
  int add_child(Sex sex, int parent, int other_parent);
  void marry(int one, int other);
};

// Four generations: a founding couple with two or three children; couples of the next generation
// have one to three; three of four marry (in the last generation two of five), always an outsider,
// who in three of five cases brings parents and sometimes a sibling.
Pedigree random_pedigree(results::Stream& stream);

class Family {
 public:
  // Throws std::invalid_argument if two people are kin in two ways, as after a marriage of cousins.
  explicit Family(const Pedigree& pedigree);

  int size() const { return static_cast<int>(sexes_.size()); }
  Sex sex(int person) const { return sexes_[person]; }
  std::optional<Kind> kind(int from, int to) const;  // what `to` is to `from`
  std::optional<Relation> relation(int from, int to) const;
  std::span<const int> relatives(int person,
                                 Kind kind) const;  // all who are `kind` to `person`, ascending

 private:
  void relate(int from, Kind kind, int to);

  std::vector<Sex> sexes_;
  std::vector<std::optional<Kind>> kinds_;                       // [size * size], by from, then to
  std::vector<std::array<std::vector<int>, kKinds>> relatives_;  // by person, then kind
};

}  // namespace saggio::data::kinship
