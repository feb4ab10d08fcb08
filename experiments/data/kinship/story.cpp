// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/story.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "experiments/data/kinship/wording.h"
#include "experiments/data/kinship/wordsmith.h"

namespace saggio::data::kinship {
namespace {

constexpr int kMostExtras = 10;  // distractors, and fillers
constexpr int kSmallestFamily =
    kMaxChain + 1 + kMostExtras;  // room for the longest chain and all distractors

constexpr int kMostWalks = 50'000'000;  // for one chain; about one in 3,000 is kept at k = 10

void check_range(std::string_view what, int least, int most) {
  if (!(least >= 0 && least <= most && most <= kMostExtras)) {
    throw std::invalid_argument(fmt::format(
        "{}: from {} to {}, allowed 0 <= from <= to <= {}", what, least, most, kMostExtras));
  }
}

int between(int least, int most, results::Stream& stream) {
  return least + static_cast<int>(stream.below(static_cast<uint64_t>(most - least + 1)));
}

bool contains(std::span<const int> values, int value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// Someone kin to `person` and not in `taken`: a kind drawn by weight among those that offer
// someone, then anyone of that kind. nullopt if there is nobody. Does not allocate: it runs
// thousands of times for each long chain.
std::optional<int> random_relative(const Family& family,
                                   int person,
                                   std::span<const int> taken,
                                   const KindWeights& weights,
                                   results::Stream& stream) {
  std::array<uint64_t, kKinds> free{};
  uint64_t total = 0;
  for (int kind = 0; kind < kKinds; ++kind) {
    for (const int relative : family.relatives(person, static_cast<Kind>(kind)))
      free[kind] += !contains(taken, relative);
    if (free[kind] > 0) total += weights[kind];
  }
  if (total == 0) return std::nullopt;
  int kind = 0;
  for (uint64_t skip = stream.below(total); free[kind] == 0 || skip >= weights[kind]; ++kind) {
    if (free[kind] > 0) skip -= weights[kind];
  }
  uint64_t skip = stream.below(free[kind]);
  for (const int relative : family.relatives(person, static_cast<Kind>(kind))) {
    if (!contains(taken, relative) && skip-- == 0) return relative;
  }
  throw std::logic_error("a relative was counted and is gone");
}

std::vector<std::string> draw_names(size_t count, results::Stream& stream) {
  std::vector<std::string_view> all(names().begin(), names().end());
  stream.shuffle(std::span(all));
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::vector<Step> steps(const Composition& composition, const Chain& chain, const Family& family) {
  std::vector<Step> result;
  const auto brackets = composition.derivation(chain.kinds, chain.answer.kind);
  for (const Bracket& bracket : brackets.value()) {
    const Sex via = family.sex(chain.people[bracket.split]),
              to = family.sex(chain.people[bracket.end]);
    result.push_back({bracket.begin,
                      bracket.split,
                      bracket.end,
                      {bracket.first, via},
                      {bracket.second, to},
                      {bracket.result, to}});
  }
  return result;
}

}  // namespace

std::string Story::text() const {
  std::vector<std::string_view> texts;
  for (const Sentence& sentence : sentences) texts.push_back(sentence.text);
  return fmt::format("{}", fmt::join(texts, " "));
}

std::string Story::question() const {
  return fmt::format("what is {} to {} ?", names[k], names[0]);
}

std::string_view Story::answer_word() const { return word(answer); }

std::string Story::anonymous() const {
  const std::string full = text() + " " + question() + " ";
  std::vector<std::string_view> mentioned;
  std::string result;
  for (size_t begin = 0; begin < full.size();) {
    const size_t end = full.find(' ', begin);
    const std::string_view token = std::string_view(full).substr(begin, end - begin);
    if (std::find(names.begin(), names.end(), token) == names.end()) {
      result.append(token);
    } else {
      const auto seen = std::find(mentioned.begin(), mentioned.end(), token);
      result += fmt::format("@{}", seen - mentioned.begin());
      if (seen == mentioned.end()) mentioned.push_back(token);
    }
    result += ' ';
    begin = end + 1;
  }
  return result;
}

Storyteller::Storyteller(results::Stream world, const Telling& telling, int families)
    : telling_(telling), composition_(Composition::standard()) {
  check_range("distractors", telling.min_distractors, telling.max_distractors);
  check_range("fillers", telling.min_fillers, telling.max_fillers);
  if (!(families >= 1))
    throw std::invalid_argument(fmt::format("families: {}, allowed >= 1", families));
  while (static_cast<int>(families_.size()) < families) {
    Family family(random_pedigree(world));
    if (family.size() >= kSmallestFamily) families_.push_back(std::move(family));
  }
  weigh_kinds(world);
}

void Storyteller::weigh_kinds(results::Stream& stream) {
  kind_weights_.fill(1);
  for (int k = 2; k <= 5; ++k) {
    for (int i = 0; i < 200; ++i) {
      for (const Kind kind : chain(k, stream).kinds) {
        ++kind_weights_[static_cast<size_t>(kind)];
        ++kind_weights_[static_cast<size_t>(inverse(kind))];
      }
    }
  }
}

Chain Storyteller::chain(int k, results::Stream& stream) const {
  if (!(k >= 1 && k <= kMaxChain)) {
    throw std::invalid_argument(
        fmt::format("a story of {} facts to combine, allowed 1..{}", k, kMaxChain));
  }
  Chain chain;
  for (int walks = 0; walks < kMostWalks; ++walks) {
    if (walk(k, stream, chain)) return chain;
  }
  throw std::runtime_error(fmt::format(
      "{} families have no chain of {} facts that composes: take more families, or a shorter chain",
      families_.size(),
      k));
}

bool Storyteller::walk(int k, results::Stream& stream, Chain& chain) const {
  constexpr KindWeights kAlike{1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  chain.family = static_cast<int>(stream.below(families_.size()));
  const Family& family = families_[chain.family];
  chain.people = {static_cast<int>(stream.below(static_cast<uint64_t>(family.size())))};
  chain.kinds.clear();
  Reducer reducer(composition_);
  for (int i = 0; i < k; ++i) {
    const auto next = random_relative(family, chain.people.back(), chain.people, kAlike, stream);
    if (!next) return false;
    chain.kinds.push_back(*family.kind(chain.people.back(), *next));
    chain.people.push_back(*next);
    if (!reducer.push(chain.kinds.back())) return false;
  }
  const auto answer = family.relation(chain.people.front(), chain.people.back());
  if (!answer) return false;
  chain.answer = *answer;
  return reducer.result() == only(answer->kind);
}

// The facts of the chain, then distractors on new people only: the facts form a tree, in which no
// shortcut makes the chain shorter. `people`, of the family, grows with them.
std::vector<Fact> Storyteller::gather(const Family& family,
                                      std::vector<int>& people,
                                      results::Stream& stream) const {
  std::vector<Fact> facts;
  const auto add = [&](int from, int to, bool on_chain) {
    facts.push_back({from,
                     to,
                     *family.relation(people[from], people[to]),
                     *family.relation(people[to], people[from]),
                     on_chain,
                     0});
  };
  for (int i = 0; i + 1 < static_cast<int>(people.size()); ++i) add(i, i + 1, true);
  int missing = between(telling_.min_distractors, telling_.max_distractors, stream);
  while (missing > 0) {
    // Of somebody all kin may be in the story already. The family is larger than the story, so
    // others have some.
    const int from = static_cast<int>(stream.below(people.size()));
    const auto person = random_relative(family, people[from], people, kind_weights_, stream);
    if (!person) continue;
    people.push_back(*person);
    add(from, static_cast<int>(people.size()) - 1, false);
    --missing;
  }
  return facts;
}

Story Storyteller::tell(const Chain& chain, results::Stream& stream) const {
  const Family& family = families_[chain.family];
  std::vector<int> people = chain.people;
  Story story;
  story.k = static_cast<int>(chain.kinds.size());
  story.answer = chain.answer;
  story.derivation = steps(composition_, chain, family);
  story.facts = gather(family, people, stream);
  story.names = draw_names(people.size(), stream);
  for (const int person : people) story.sexes.push_back(family.sex(person));
  const int fillers = between(telling_.min_fillers, telling_.max_fillers, stream);
  story.sentences = put_into_words(story, fillers, telling_.heldout_wordings, stream);
  for (size_t i = 0; i < story.sentences.size(); ++i) {
    for (const int fact : story.sentences[i].facts)
      story.facts[fact].sentence = static_cast<int>(i);
  }
  return story;
}

}  // namespace saggio::data::kinship
