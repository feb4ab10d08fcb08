// SPDX-License-Identifier: MIT
#include "experiments/modules/answer_graph.h"

#include <string>
#include <string_view>

#include "experiments/modules/saying.h"

namespace saggio::experiments {
namespace {

using graph::NodeKind;
using graph::Status;

// A line of the corpus, "story ... what is volen to govin ? daughter-in-law".
struct Line {
  std::string story, question, answer;
};

Line line_of(const data::kinship::Answer& answer, std::string_view text) {
  const size_t newline = text.rfind('\n', answer.offset);
  const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view line = text.substr(begin, answer.offset - begin);
  const size_t question = line.rfind("what is ");
  const auto trimmed = [](std::string_view part) {
    return std::string(part.substr(0, part.find_last_not_of(' ') + 1));
  };
  return {trimmed(line.substr(0, question)),
          trimmed(line.substr(question)),
          std::string(text.substr(answer.offset, answer.bytes))};
}

}  // namespace

void tell(std::span<const Guess> guesses,
          const data::Corpus& corpus,
          int64_t step,
          uint64_t seed,
          graph::Store& graph) {
  const graph::TypeId mentions = graph.type("mentions"), answers = graph.type("answers"),
                      contradicts = graph.type("contradicts");
  graph::Provenance from;
  from.step = step;
  from.seed = seed;
  for (const Guess& guess : guesses) {
    const data::kinship::Answer& asked = corpus.answers[guess.question];
    const Line line = line_of(asked, corpus.text.bytes());
    const std::string number = " " + std::to_string(guess.question);
    const graph::Confidence sure = {
        static_cast<float>(guess.probability), std::nanf(""), "softmax"};

    graph::Attributes question = saying(line.question, Status::Open, from);
    question.qualifiers = {{"k", std::to_string(asked.k)}};
    graph::Attributes said =
        saying(guess.said, guess.right ? Status::Supported : Status::Refuted, from);
    if (guess.right) said.confidence = sure;
    const graph::NodeId story_node = graph.add_node(
        NodeKind::Document, saying(line.story, Status::Open, from), "story" + number);
    const graph::NodeId question_node =
        graph.add_node(NodeKind::Question, question, "question" + number);
    const graph::NodeId said_node = graph.add_node(NodeKind::Answer, said, "said" + number);
    graph.add_edge(question_node, mentions, story_node);
    graph.add_edge(said_node, answers, question_node);
    if (guess.right) continue;
    graph::Attributes truth = saying(line.answer, Status::Supported, from);
    truth.confidence = sure;
    const graph::NodeId truth_node = graph.add_node(NodeKind::Answer, truth, "truth" + number);
    graph.add_edge(truth_node, answers, question_node);
    graph.add_edge(truth_node, contradicts, said_node);
  }
  graph.commit();
}

}  // namespace saggio::experiments
