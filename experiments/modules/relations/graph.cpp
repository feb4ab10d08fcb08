// SPDX-License-Identifier: MIT
#include "experiments/modules/relations/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "experiments/modules/saying.h"

namespace saggio::experiments {
namespace {

using data::RelationQuestion;
using graph::NodeId;
using graph::NodeKind;
using graph::Status;

std::string word(int32_t relation) {
  return relation < data::kinship::kRelations
             ? std::string(data::kinship::word(data::kinship::relation(relation)))
             : fmt::format("unnamed relation {}", relation);  // a spare one of a model
}

class Teller {
 public:
  Teller(const AskedRelation& asked, size_t number, uint64_t seed, graph::Store& graph)
      : asked_(asked), question_(*asked.question), number_(number), graph_(graph) {
    from_.seed = seed;
  }

  void tell() {
    for (const std::string& name : question_.people)
      people_.push_back(graph_.add_node(
          NodeKind::Entity, saying(name, Status::Open), fmt::format("{}/{}", number_, name)));
    for (const auto& [from, to, relation] : question_.edges)
      if (!facts_.contains({from, to, relation})) state(from, to, relation);
    for (const data::MadeRelation& made : asked_.steps)
      if (!facts_.contains({made.from, made.to, made.relation})) make(made);
    answer();
  }

 private:
  using Key = std::tuple<int32_t, int32_t, int32_t>;  // from, to, relation

  graph::Attributes saying(std::string text, Status status) const {
    return experiments::saying(std::move(text), status, from_);
  }

  const std::string& name(int32_t person) const {
    return question_.people[static_cast<size_t>(person)];
  }
  std::string text(int32_t from, int32_t to, int32_t relation) const {
    return fmt::format("{} is the {} of {}", name(to), word(relation), name(from));
  }

  void link(NodeId source, const char* type, NodeId target) {
    graph_.add_edge(source, graph_.type(type), target);
  }

  NodeId add_fact(NodeKind kind, const Key& key, graph::Attributes attributes) {
    const auto& [from, to, relation] = key;
    const NodeId node =
        graph_.add_node(kind, attributes, fmt::format("{}: {}", number_, attributes.text));
    for (const int32_t person : {from, to}) link(node, "mentions", people_[size_t(person)]);
    return facts_[key] = node;
  }

  void state(int32_t from, int32_t to, int32_t relation) {
    add_fact(NodeKind::Evidence,
             {from, to, relation},
             saying(text(from, to, relation), Status::Supported));
  }

  void make(const data::MadeRelation& made) {
    const std::string first = text(made.from, made.via, made.first),
                      second = text(made.via, made.to, made.second),
                      result = text(made.from, made.to, made.relation);
    const NodeId step =
        graph_.add_node(NodeKind::Step,
                        saying(fmt::format("{}, {}: {}", first, second, result), Status::Open),
                        fmt::format("{}: {}, {}: {}", number_, first, second, result));
    graph::Attributes claim = saying(result, Status::Open);
    claim.confidence.probability = static_cast<float>(made.confidence);
    claim.confidence.method = "share";
    const NodeId node = add_fact(NodeKind::Claim, {made.from, made.to, made.relation}, claim);
    for (const Key& premise :
         {Key{made.from, made.via, made.first}, Key{made.via, made.to, made.second}})
      link(facts_.at(premise), "derives", step);
    link(step, "derives", node);
  }

  void answer() {
    graph::Attributes asks =
        saying(fmt::format("what is {} to {} ?", name(question_.target), name(question_.source)),
               Status::Open);
    asks.qualifiers = {{"k", std::to_string(question_.k)}};
    const NodeId question =
        graph_.add_node(NodeKind::Question, asks, fmt::format("question {}", number_));
    for (const int32_t person : {question_.source, question_.target})
      link(question, "mentions", people_[size_t(person)]);
    const bool right = asked_.said == question_.answer;
    std::optional<NodeId> said;
    if (asked_.said) {
      graph::Attributes says =
          saying(word(*asked_.said), right ? Status::Supported : Status::Refuted);
      says.confidence.probability = static_cast<float>(asked_.probability);
      says.confidence.method = asked_.method;
      said = graph_.add_node(NodeKind::Answer, says, fmt::format("said {}", number_));
      link(*said, "answers", question);
      const auto reason = facts_.find({question_.source, question_.target, *asked_.said});
      if (reason != facts_.end()) link(reason->second, "supports", *said);
    }
    if (right) return;
    const NodeId truth = graph_.add_node(NodeKind::Answer,
                                         saying(word(question_.answer), Status::Supported),
                                         fmt::format("truth {}", number_));
    link(truth, "answers", question);
    if (said) link(truth, "contradicts", *said);
  }

  const AskedRelation& asked_;
  const RelationQuestion& question_;
  size_t number_;
  graph::Store& graph_;
  graph::Provenance from_;
  std::vector<NodeId> people_;
  std::map<Key, NodeId> facts_;
};

}  // namespace

void tell(std::span<const AskedRelation> asked, uint64_t seed, graph::Store& graph) {
  for (size_t i = 0; i < asked.size(); ++i) Teller(asked[i], i, seed, graph).tell();
  graph.commit();
}

}  // namespace saggio::experiments
