// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/family.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace saggio::data::kinship {
namespace {

bool percent(results::Stream& stream, uint64_t chance) { return stream.below(100) < chance; }

Sex random_sex(results::Stream& stream) { return stream.below(2) == 0 ? Sex::Male : Sex::Female; }

Sex opposite(Sex sex) { return sex == Sex::Male ? Sex::Female : Sex::Male; }

using Couple = std::pair<int, int>;

Couple add_couple(Pedigree& pedigree) {
  const Couple couple(pedigree.add(Sex::Male), pedigree.add(Sex::Female));
  pedigree.marry(couple.first, couple.second);
  return couple;
}

// Somebody from another family, perhaps with parents, perhaps with a sibling too.
int add_outsider(Pedigree& pedigree, Sex sex, results::Stream& stream) {
  if (!percent(stream, 60)) return pedigree.add(sex);
  const auto [father, mother] = add_couple(pedigree);
  const int outsider = pedigree.add_child(sex, father, mother);
  if (percent(stream, 33)) pedigree.add_child(random_sex(stream), father, mother);
  return outsider;
}

uint64_t children_of(bool founders, results::Stream& stream) {
  constexpr uint64_t kFounders[] = {2, 3, 3}, kLater[] = {1, 2, 2, 3, 3};
  return founders ? kFounders[stream.below(3)] : kLater[stream.below(5)];
}

struct Bonds {
  std::vector<std::vector<int>> parents, children, siblings;
};

Bonds bonds(const Pedigree& pedigree) {
  const size_t size = pedigree.sexes.size();
  Bonds result{std::vector<std::vector<int>>(size),
               std::vector<std::vector<int>>(size),
               std::vector<std::vector<int>>(size)};
  for (size_t person = 0; person < size; ++person) {
    if (!pedigree.parents[person]) continue;
    const auto [one, other] = *pedigree.parents[person];
    result.parents[person] = {one, other};
    result.children[one].push_back(static_cast<int>(person));
    result.children[other].push_back(static_cast<int>(person));
  }
  for (size_t person = 0; person < size; ++person) {
    for (const int parent : result.parents[person]) {
      for (const int child : result.children[parent]) {
        if (child != static_cast<int>(person)) result.siblings[person].push_back(child);
      }
    }
  }
  return result;
}

}  // namespace

Kind inverse(Kind kind) {
  constexpr Kind kInverse[kKinds] = {Kind::Child,
                                     Kind::Parent,
                                     Kind::Sibling,
                                     Kind::Spouse,
                                     Kind::Grandchild,
                                     Kind::Grandparent,
                                     Kind::NephewNiece,
                                     Kind::UncleAunt,
                                     Kind::ChildInLaw,
                                     Kind::ParentInLaw};
  return kInverse[static_cast<int>(kind)];
}

std::string_view word(Relation relation) {
  constexpr std::string_view kWords[kRelations] = {
      "father",   "mother",        "son",           "daughter",    "brother",
      "sister",   "husband",       "wife",          "grandfather", "grandmother",
      "grandson", "granddaughter", "uncle",         "aunt",        "nephew",
      "niece",    "father-in-law", "mother-in-law", "son-in-law",  "daughter-in-law"};
  return kWords[relation.index()];
}

Relation relation(int index) {
  if (!(index >= 0 && index < kRelations)) {
    throw std::invalid_argument(fmt::format("relation {}, allowed 0..{}", index, kRelations - 1));
  }
  return {static_cast<Kind>(index / 2), static_cast<Sex>(index % 2)};
}

int Pedigree::add(Sex sex) {
  sexes.push_back(sex);
  parents.emplace_back();
  spouses.emplace_back();
  return static_cast<int>(sexes.size()) - 1;
}

int Pedigree::add_child(Sex sex, int parent, int other_parent) {
  const int child = add(sex);
  parents[child] = {parent, other_parent};
  return child;
}

void Pedigree::marry(int one, int other) {
  spouses[one] = other;
  spouses[other] = one;
}

Pedigree random_pedigree(results::Stream& stream) {
  constexpr uint64_t kMarries[] = {75, 75, 40};  // per cent, by generation below the founders
  Pedigree pedigree;
  std::vector<Couple> couples = {add_couple(pedigree)};
  for (int generation = 0; generation < 3; ++generation) {
    std::vector<Couple> next;
    for (const auto& [one, other] : couples) {
      const uint64_t children = children_of(generation == 0, stream);
      for (uint64_t i = 0; i < children; ++i) {
        const int child = pedigree.add_child(random_sex(stream), one, other);
        if (!percent(stream, kMarries[generation])) continue;
        const int spouse = add_outsider(pedigree, opposite(pedigree.sexes[child]), stream);
        pedigree.marry(child, spouse);
        next.emplace_back(child, spouse);
      }
    }
    couples = std::move(next);
  }
  return pedigree;
}

Family::Family(const Pedigree& pedigree)
    : sexes_(pedigree.sexes), kinds_(sexes_.size() * sexes_.size()), relatives_(sexes_.size()) {
  const auto [parents, children, siblings] = bonds(pedigree);
  for (int person = 0; person < size(); ++person) {
    for (const int sibling : siblings[person]) relate(person, Kind::Sibling, sibling);
    for (const int parent : parents[person]) {
      relate(person, Kind::Parent, parent);
      for (const int grandparent : parents[parent]) relate(person, Kind::Grandparent, grandparent);
      for (const int uncle : siblings[parent]) relate(person, Kind::UncleAunt, uncle);
    }
    if (const auto spouse = pedigree.spouses[person]) {
      relate(person, Kind::Spouse, *spouse);
      for (const int parent : parents[*spouse]) relate(person, Kind::ParentInLaw, parent);
    }
    for (const int child : children[person]) {
      relate(person, Kind::Child, child);
      for (const int grandchild : children[child]) relate(person, Kind::Grandchild, grandchild);
      if (const auto spouse = pedigree.spouses[child]) relate(person, Kind::ChildInLaw, *spouse);
    }
    for (const int sibling : siblings[person]) {
      for (const int nephew : children[sibling]) relate(person, Kind::NephewNiece, nephew);
    }
    for (auto& relatives : relatives_[person]) std::sort(relatives.begin(), relatives.end());
  }
}

std::optional<Kind> Family::kind(int from, int to) const { return kinds_[from * size() + to]; }

std::optional<Relation> Family::relation(int from, int to) const {
  const auto kin = kind(from, to);
  return kin ? std::optional(Relation{*kin, sex(to)}) : std::nullopt;
}

std::span<const int> Family::relatives(int person, Kind kind) const {
  return relatives_[person][static_cast<int>(kind)];
}

void Family::relate(int from, Kind kind, int to) {
  auto& known = kinds_[from * size() + to];
  if (known == kind) return;  // siblings are found through both parents
  if (known) {
    throw std::invalid_argument(fmt::format(
        "person {} is both {} and {} to person {}: a pedigree without such loops is needed",
        to,
        word({*known, sex(to)}),
        word({kind, sex(to)}),
        from));
  }
  known = kind;
  relatives_[from][static_cast<int>(kind)].push_back(to);
}

}  // namespace saggio::data::kinship
