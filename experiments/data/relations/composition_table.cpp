// SPDX-License-Identifier: MIT
#include "experiments/data/relations/composition_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace saggio::data {
namespace {

constexpr size_t kR = kinship::kRelations;
constexpr int32_t kNone = -1;

// What pairs of relations make; by first, then second.
struct Rules {
  const std::vector<int32_t>& results;     // [kR * kR]
  const std::vector<double>& confidences;  // [kR * kR]
};

using Shares = std::vector<double>;  // [kR], by relation; sums to 1, or to 0

size_t pair_of(size_t first, size_t second) { return first * kR + second; }

void normalise(Shares& shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.);
  if (sum > 0)
    for (double& share : shares) share /= sum;
}

// What each part [begin, end) of a chain reduces to.
class Chart {
 public:
  Chart(const RelationChain& chain, const Rules& rules)
      : size_(chain.size()), cells_((size_ + 1) * (size_ + 1)) {
    for (size_t i = 0; i < size_; ++i) {
      at(i, i + 1).assign(kR, 0);
      at(i, i + 1)[static_cast<size_t>(chain[i])] = 1;
    }
    for (size_t width = 2; width <= size_; ++width)
      for (size_t begin = 0; begin + width <= size_; ++begin) fill(begin, begin + width, rules);
  }

  const Shares& part(size_t begin, size_t end) const { return cells_[begin * (size_ + 1) + end]; }
  size_t size() const { return size_; }

 private:
  Shares& at(size_t begin, size_t end) { return cells_[begin * (size_ + 1) + end]; }

  void fill(size_t begin, size_t end, const Rules& rules) {
    Shares made(kR, 0);
    for (size_t split = begin + 1; split < end; ++split) {
      const Shares &left = part(begin, split), &right = part(split, end);
      for (size_t a = 0; a < kR; ++a) {
        if (left[a] == 0) continue;
        for (size_t b = 0; b < kR; ++b) {
          const int32_t result = rules.results[pair_of(a, b)];
          if (result == kNone) continue;
          made[static_cast<size_t>(result)] +=
              left[a] * right[b] * rules.confidences[pair_of(a, b)];
        }
      }
    }
    normalise(made);
    at(begin, end) = std::move(made);
  }

  size_t size_;
  std::vector<Shares> cells_;
};

// The only entry with the largest value above 0; kNone: there is none, or more than one.
int32_t winner(const double* begin, const double* end) {
  const double* best = std::max_element(begin, end);
  if (!(*best > 0) || std::count(begin, end, *best) > 1) return kNone;
  return static_cast<int32_t>(best - begin);
}

// Votes for (a, b) -> result.
using Votes = std::vector<double>;  // [kR * kR, kR]

void vote(const RelationChain& chain, int32_t answer, const Rules& rules, Votes& votes) {
  const Chart chart(chain, rules);
  for (size_t split = 1; split < chart.size(); ++split) {
    const Shares &left = chart.part(0, split), &right = chart.part(split, chart.size());
    for (size_t a = 0; a < kR; ++a)
      for (size_t b = 0; left[a] > 0 && b < kR; ++b)
        votes[pair_of(a, b) * kR + static_cast<size_t>(answer)] += left[a] * right[b];
  }
}

// A way with the people on it.
struct Way {
  RelationChain relations;      // k
  std::vector<int32_t> people;  // k + 1
};

class Search {
 public:
  Search(const RelationQuestion& question, Ways ways, size_t most)
      : question_(question),
        ways_(ways),
        most_(most),
        passed_(question.people.size(), false),
        used_(question.edges.size(), false) {}

  std::vector<Way> find() {
    go(question_.source);
    return std::move(found_);
  }

 private:
  void note() {
    if (found_.size() == most_)
      throw std::invalid_argument(
          fmt::format("more than {} ways from {} to {}, allowed are at most as many",
                      most_,
                      question_.people[static_cast<size_t>(question_.source)],
                      question_.people[static_cast<size_t>(question_.target)]));
    found_.push_back(way_);
  }

  void go(int32_t person) {
    way_.people.push_back(person);
    if (person == question_.target) note();
    if (person != question_.target || ways_ == Ways::Trails) go_on(person);
    way_.people.pop_back();
  }

  void go_on(int32_t person) {
    passed_[static_cast<size_t>(person)] = true;
    for (size_t i = 0; i < question_.edges.size(); ++i) {
      const RelationEdge& edge = question_.edges[i];
      const bool is_taken =
          ways_ == Ways::Simple ? passed_[static_cast<size_t>(edge.to)] : used_[i];
      if (edge.from != person || is_taken) continue;
      used_[i] = true;
      way_.relations.push_back(edge.relation);
      go(edge.to);
      way_.relations.pop_back();
      used_[i] = false;
    }
    passed_[static_cast<size_t>(person)] = false;
  }

  const RelationQuestion& question_;
  Ways ways_;
  size_t most_;
  std::vector<bool> passed_, used_;  // by person, by edge
  Way way_;
  std::vector<Way> found_;
};

// The heaviest way to reduce parts of one chain.
class Derivation {
 public:
  Derivation(const Chart& chart, const Rules& rules, const Way& way)
      : chart_(chart), rules_(rules), way_(way) {}

  // [begin, end) makes `relation`: the steps below, then the one that does.
  void add(size_t begin, size_t end, int32_t relation) {
    if (end - begin == 1) return;
    Split best;
    for (size_t at = begin + 1; at < end; ++at) look_at(begin, at, end, relation, best);
    add(begin, best.at, best.first);
    add(best.at, end, best.second);
    steps.push_back({way_.people[begin],
                     way_.people[best.at],
                     way_.people[end],
                     best.first,
                     best.second,
                     relation,
                     chart_.part(begin, end)[static_cast<size_t>(relation)]});
  }

  std::vector<MadeRelation> steps;

 private:
  struct Split {
    size_t at = 0;
    int32_t first = kNone, second = kNone;
    double weight = 0;
  };

  void look_at(size_t begin, size_t at, size_t end, int32_t relation, Split& best) const {
    const Shares &left = chart_.part(begin, at), &right = chart_.part(at, end);
    for (size_t a = 0; a < kR; ++a)
      for (size_t b = 0; b < kR; ++b) {
        if (rules_.results[pair_of(a, b)] != relation) continue;
        const double weight = left[a] * right[b] * rules_.confidences[pair_of(a, b)];
        if (weight > best.weight)
          best = {at, static_cast<int32_t>(a), static_cast<int32_t>(b), weight};
      }
  }

  const Chart& chart_;
  const Rules rules_;
  const Way& way_;
};

std::vector<Way> ways_of(const RelationQuestion& question, Ways ways, size_t most = 10'000) {
  return Search(question, ways, most).find();
}

}  // namespace

std::vector<RelationChain> chains_of(const RelationQuestion& question, Ways ways, size_t most) {
  std::vector<RelationChain> chains;
  for (Way& way : ways_of(question, ways, most)) chains.push_back(std::move(way.relations));
  return chains;
}

CompositionTable::CompositionTable() : rules_(kR * kR, kNone), confidences_(kR * kR, 0) {}

CompositionTable CompositionTable::learn(std::span<const RelationQuestion> seen) {
  std::map<size_t, std::vector<std::pair<RelationChain, int32_t>>> by_length;
  for (const RelationQuestion& question : seen) {
    std::vector<RelationChain> chains = chains_of(question);
    if (chains.size() == 1)
      by_length[chains[0].size()].emplace_back(std::move(chains[0]), question.answer);
  }
  CompositionTable table;
  Votes votes(kR * kR * kR, 0);
  for (const auto& [length, chains] : by_length) {
    for (const auto& [chain, answer] : chains)
      vote(chain, answer, {table.rules_, table.confidences_}, votes);
    for (size_t pair = 0; pair < kR * kR; ++pair) {
      const double *begin = votes.data() + pair * kR, *end = begin + kR;
      const int32_t result = table.rules_[pair] = winner(begin, end);
      table.confidences_[pair] =
          result == kNone ? 0 : begin[result] / std::accumulate(begin, end, 0.);
    }
  }
  return table;
}

std::optional<int32_t> CompositionTable::compose(int32_t first, int32_t second) const {
  const int32_t result = rules_[pair_of(static_cast<size_t>(first), static_cast<size_t>(second))];
  return result == kNone ? std::nullopt : std::optional(result);
}

double CompositionTable::confidence(int32_t first, int32_t second) const {
  return confidences_[pair_of(static_cast<size_t>(first), static_cast<size_t>(second))];
}

int CompositionTable::pairs() const {
  return static_cast<int>(rules_.size()) -
         static_cast<int>(std::count(rules_.begin(), rules_.end(), kNone));
}

std::vector<double> CompositionTable::shares(const RelationChain& chain) const {
  if (chain.empty()) return std::vector<double>(kR, 0);
  return Chart(chain, {rules_, confidences_}).part(0, chain.size());
}

CompositionTable::Answer CompositionTable::answer(const RelationQuestion& question) const {
  Shares sum(kR, 0);
  for (const Ways ways : {Ways::Simple, Ways::Trails}) {
    for (const RelationChain& chain : chains_of(question, ways)) {
      const Shares found = shares(chain);
      for (size_t i = 0; i < kR; ++i) sum[i] += found[i];
    }
    if (std::any_of(sum.begin(), sum.end(), [](double share) { return share > 0; })) break;
  }
  normalise(sum);
  Answer answer;
  const int32_t best = winner(sum.data(), sum.data() + kR);
  const double most = *std::max_element(sum.begin(), sum.end());
  answer.tied = best == kNone && most > 0;
  if (best == kNone) return answer;
  answer.relation = best;
  answer.share = most;
  return answer;
}

std::vector<MadeRelation> CompositionTable::derivation(const RelationQuestion& question,
                                                       int32_t relation) const {
  const Rules rules{rules_, confidences_};
  for (const Ways ways : {Ways::Simple, Ways::Trails})
    for (const Way& way : ways_of(question, ways)) {
      if (way.relations.empty()) continue;
      const Chart chart(way.relations, rules);
      if (!(chart.part(0, chart.size())[static_cast<size_t>(relation)] > 0)) continue;
      Derivation found(chart, rules, way);
      found.add(0, chart.size(), relation);
      return found.steps;
    }
  return {};
}

double CompositionScore::accuracy() const {
  return asked() == 0 ? 0 : static_cast<double>(right) / static_cast<double>(asked());
}

CompositionScore score(const CompositionTable& table, std::span<const RelationQuestion> questions) {
  CompositionScore score;
  for (const RelationQuestion& question : questions) {
    const CompositionTable::Answer answer = table.answer(question);
    if (answer.tied)
      ++score.tied;
    else if (!answer.relation)
      ++score.unknown;
    else
      ++(*answer.relation == question.answer ? score.right : score.wrong);
  }
  return score;
}

}  // namespace saggio::data
