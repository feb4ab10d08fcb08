// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/data/kinship/composition.h"
#include "experiments/data/kinship/family.h"
#include "results/random.h"

// Short stories that state who is what to whom, and a question whose answer needs k of the stated
// facts: the facts of a chain of people from one to the other. Every question has exactly one
// answer, and the composition rules find it.
//
// What a sentence looks like says nothing about its part in the answer. Facts of the chain and
// distractors are worded by one procedure that does not know which is which: which facts share a
// sentence, and the wording, are drawn uniformly; which person of a fact comes first is a coin. One
// exception: the sex of the person asked about must be known to name the answer, so *every* fact
// about this person, of the chain or not, is turned around if its wording would hide it.
// Distractors are drawn with the frequencies that the kinds have in chains.
namespace saggio::data::kinship {

// A path through a family: people[i + 1] is kinds[i] to people[i], and the last person is `answer`
// to the first.
struct Chain {
  int family = 0;
  std::vector<int> people;  // k + 1, all different
  std::vector<Kind> kinds;  // k; reduces to the answer's kind and to nothing else
  Relation answer;
};

// People of a story are numbered: 0..k are the chain, from the asker's side to the person asked
// about; distractors follow.
struct Fact {
  int from = 0, to = 0;
  Relation relation;  // what `to` is to `from`
  Relation inverse;   // what `from` is to `to`
  bool on_chain = false;
  int sentence = 0;  // which sentence states it, one way or the other
};

struct Sentence {
  std::string text;
  int wording = 0;         // index into wordings()
  std::vector<int> facts;  // indices into Story::facts in the order stated; none in a filler
};

// One step of the gold derivation: `via` is `first` to `from`, `to` is `second` to `via`, so `to`
// is `result` to `from`.
struct Step {
  int from = 0, via = 0, to = 0;
  Relation first, second, result;
};

struct Story {
  int k = 0;                       // facts that the answer needs
  std::vector<std::string> names;  // by person
  std::vector<Sex> sexes;          // by person
  std::vector<Fact> facts;         // the k of the chain in its order, then distractors
  std::vector<Sentence> sentences;
  std::vector<Step> derivation;  // k - 1 steps, each from facts and earlier steps
  Relation answer;               // what person k is to person 0

  std::string text() const;              // the sentences, joined by spaces
  std::string question() const;          // "what is NAME to NAME ?"
  std::string_view answer_word() const;  // "granddaughter"
  // The story and its question with people renamed in the order of mention: equal for stories that
  // differ in names only.
  std::string anonymous() const;
};

using KindWeights = std::array<uint64_t, kKinds>;

struct Telling {
  int min_distractors = 0, max_distractors = 3;
  int min_fillers = 0, max_fillers = 2;
  bool heldout_wordings = false;  // only those kept for testing; each sentence then states one fact
};

// A world of families and a way of telling. Every story is a pure function of the stream that it is
// drawn from.
class Storyteller {
 public:
  // Throws std::invalid_argument for a range of distractors or fillers that is empty, negative or
  // above 10.
  explicit Storyteller(results::Stream world, const Telling& telling = {}, int families = 60);

  // By rejection: a random walk over kinds, kept if its ends are kin, as the rules say. k
  // in 1..kMaxChain.
  Chain chain(int k, results::Stream& stream) const;
  Story tell(const Chain& chain, results::Stream& stream) const;

  const Composition& composition() const { return composition_; }
  const Family& family(int index) const { return families_[index]; }

 private:
  void weigh_kinds(results::Stream& stream);
  bool walk(int k, results::Stream& stream, Chain& chain) const;
  std::vector<Fact> gather(const Family& family,
                           std::vector<int>& people,
                           results::Stream& stream) const;

  Telling telling_;
  Composition composition_;
  std::vector<Family> families_;
  KindWeights kind_weights_{};  // how often chains of 2 to 5 have a kind or its inverse
};

}  // namespace saggio::data::kinship
