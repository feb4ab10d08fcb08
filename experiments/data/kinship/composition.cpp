// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/composition.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace saggio::data::kinship {
namespace {

// What the third person of a triple has been to the first, for one pair of kinds.
struct Outcomes {
  KindSet kinds = 0;
  bool no_kin = false;

  bool any() const { return kinds != 0 || no_kin; }
  std::optional<Kind> always() const {
    if (no_kin || std::popcount(kinds) != 1) return std::nullopt;
    return static_cast<Kind>(std::countr_zero(kinds));
  }
};
using Observed = std::array<std::array<Outcomes, kKinds>, kKinds>;

void observe(const Family& family, int x, int y, Kind first, Observed& observed) {
  for (int second = 0; second < kKinds; ++second) {
    for (const int z : family.relatives(y, static_cast<Kind>(second))) {
      if (z == x) continue;
      Outcomes& outcomes = observed[static_cast<int>(first)][second];
      if (const auto kind = family.kind(x, z)) {
        outcomes.kinds |= only(*kind);
      } else {
        outcomes.no_kin = true;
      }
    }
  }
}

void explain(const Composition& composition,
             const Reducer& chart,
             int begin,
             int end,
             Kind result,
             std::vector<Bracket>& out) {
  for (int split = begin + 1; split < end; ++split) {
    for (int a = 0; a < kKinds; ++a) {
      for (int b = 0; b < kKinds; ++b) {
        const Kind first = static_cast<Kind>(a), second = static_cast<Kind>(b);
        if (!(chart.part(begin, split) & only(first)) || !(chart.part(split, end) & only(second)))
          continue;
        if (composition.compose(first, second) != result) continue;
        explain(composition, chart, begin, split, first, out);
        explain(composition, chart, split, end, second, out);
        out.push_back({begin, split, end, first, second, result});
        return;
      }
    }
  }
}

}  // namespace

Composition Composition::derive(std::span<const Family> families) {
  Observed observed{};
  for (const Family& family : families) {
    for (int x = 0; x < family.size(); ++x) {
      for (int first = 0; first < kKinds; ++first) {
        for (const int y : family.relatives(x, static_cast<Kind>(first))) {
          observe(family, x, y, static_cast<Kind>(first), observed);
        }
      }
    }
  }
  Composition composition;
  for (int first = 0; first < kKinds; ++first) {
    for (int second = 0; second < kKinds; ++second) {
      composition.observed_ += observed[first][second].any();
      composition.rules_[first][second] = observed[first][second].always();
    }
  }
  composition.tabulate();
  return composition;
}

Composition Composition::standard() {
  results::Stream stream(0);
  std::vector<Family> families;
  families.reserve(150);
  for (int i = 0; i < 150; ++i) families.emplace_back(random_pedigree(stream));
  return derive(families);
}

std::optional<Kind> Composition::compose(Kind first, Kind second) const {
  return rules_[static_cast<int>(first)][static_cast<int>(second)];
}

KindSet Composition::compose(KindSet firsts, KindSet seconds) const {
  KindSet results = 0;
  for (; firsts != 0; firsts &= static_cast<KindSet>(firsts - 1)) {
    results |= seconds_[(std::countr_zero(firsts) << kKinds) + seconds];
  }
  return results;
}

KindSet Composition::made_from(KindSet beginnings) const { return made_[beginnings]; }

int Composition::rules() const {
  int count = 0;
  for (const auto& row : rules_) {
    count += static_cast<int>(
        std::count_if(row.begin(), row.end(), [](const auto& kind) { return kind.has_value(); }));
  }
  return count;
}

std::optional<std::vector<Bracket>> Composition::derivation(std::span<const Kind> chain,
                                                            Kind result) const {
  Reducer chart(*this);
  for (const Kind kind : chain) chart.push(kind);
  if (!(chart.result() & only(result))) return std::nullopt;
  std::vector<Bracket> brackets;
  explain(*this, chart, 0, chart.size(), result, brackets);
  return brackets;
}

// Chains are drawn by the thousand for each that is kept, so sets of kinds are looked up.
void Composition::tabulate() {
  constexpr unsigned kSets = 1U << kKinds;
  for (int first = 0; first < kKinds; ++first) {
    for (unsigned set = 0; set < kSets; ++set) {
      for (int second = 0; second < kKinds; ++second) {
        const auto result = rules_[first][second];
        if (result && (set >> second & 1U)) seconds_[first * kSets + set] |= only(*result);
      }
    }
  }
  for (unsigned set = 0; set < kSets; ++set) {
    KindSet& made = made_[set] = static_cast<KindSet>(set);
    for (KindSet more = compose(made, kSets - 1); more & ~made; more = compose(made, kSets - 1))
      made |= more;
  }
}

bool Reducer::push(Kind kind) {
  if (!(size_ < kMaxChain))
    throw std::invalid_argument(
        fmt::format("a chain of {} kinds, allowed 1..{}", size_ + 1, kMaxChain));
  const int end = ++size_;
  std::array<KindSet, kMaxChain>
      hopes{};  // by begin: what this part of the chain and something more could make
  for (int begin = end - 1; begin >= 0; --begin) {
    KindSet done = begin == end - 1 ? only(kind) : KindSet{0}, hoped = 0;
    for (int split = begin + 1; split < end; ++split) {
      done |= composition_.compose(cells_[begin][split], cells_[split][end]);
      hoped |= composition_.compose(cells_[begin][split], hopes[split]);
    }
    cells_[begin][end] = done;
    hopes[begin] = composition_.made_from(done | hoped);
  }
  return hopes[0] != 0;
}

}  // namespace saggio::data::kinship
