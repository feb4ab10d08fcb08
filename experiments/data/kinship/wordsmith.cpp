// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/wordsmith.h"

#include <algorithm>
#include <numeric>

#include "experiments/data/kinship/wording.h"

namespace saggio::data::kinship {
namespace {

std::vector<int> wordings_for(Use use) {
  std::vector<int> result;
  for (size_t i = 0; i < wordings().size(); ++i) {
    if (wordings()[i].use == use) result.push_back(static_cast<int>(i));
  }
  return result;
}

// Never looks at which facts are on the chain.
class Wordsmith {
 public:
  Wordsmith(const Story& story, results::Stream& stream) : story_(story), stream_(stream) {}

  Sentence one_fact(int fact, Use use) {
    const int wording = draw(use);
    return finish(wording, {state(fact, wordings()[wording]), {}}, {fact});
  }

  Sentence two_facts(int fact, int other) {
    const int wording = draw(Use::TwoFacts);
    const Statement one = state(fact, wordings()[wording]);
    return finish(wording, {one, state(other, wordings()[wording])}, {fact, other});
  }

  Sentence filler() {
    const int wording = draw(Use::Filler);
    return finish(
        wording, {{.x = person(static_cast<int>(stream_.below(story_.names.size())))}, {}}, {});
  }

 private:
  int draw(Use use) {
    const std::vector<int> candidates = wordings_for(use);
    return candidates[stream_.below(candidates.size())];
  }

  // Which of the two is x: a coin, unless the wording would then hide the sex of the person asked
  // about.
  Statement state(int fact, const Wording& wording) {
    const Fact& stated = story_.facts[fact];
    bool turned = stream_.below(2) == 0;
    if (!wording.reveals_x() && stated.from == story_.k) turned = true;
    if (!wording.reveals_x() && stated.to == story_.k) turned = false;
    if (turned) return {person(stated.to), person(stated.from), stated.inverse};
    return {person(stated.from), person(stated.to), stated.relation};
  }

  Person person(int i) const { return {story_.names[i], story_.sexes[i]}; }

  Sentence finish(int wording, const Filling& filling, std::vector<int> facts) {
    return {render(wordings()[wording], filling, stream_), wording, std::move(facts)};
  }

  const Story& story_;
  results::Stream& stream_;
};

// A third of the facts share a sentence with another, any with any: of n facts n / 6 pairs on
// average.
size_t draw_pairs(size_t facts, results::Stream& stream) {
  return std::min((facts + stream.below(6)) / 6, facts / 2);
}

}  // namespace

std::vector<Sentence> put_into_words(const Story& story,
                                     int fillers,
                                     bool heldout_wordings,
                                     results::Stream& stream) {
  std::vector<int> order(story.facts.size());
  std::iota(order.begin(), order.end(), 0);
  stream.shuffle(std::span(order));
  const size_t paired = heldout_wordings ? 0 : 2 * draw_pairs(order.size(), stream);

  Wordsmith wordsmith(story, stream);
  std::vector<Sentence> sentences;
  for (size_t i = 0; i < paired; i += 2)
    sentences.push_back(wordsmith.two_facts(order[i], order[i + 1]));
  for (size_t i = paired; i < order.size(); ++i) {
    sentences.push_back(
        wordsmith.one_fact(order[i], heldout_wordings ? Use::HeldOut : Use::OneFact));
  }
  for (int i = 0; i < fillers; ++i) sentences.push_back(wordsmith.filler());
  stream.shuffle(std::span(sentences));
  return sentences;
}

}  // namespace saggio::data::kinship
