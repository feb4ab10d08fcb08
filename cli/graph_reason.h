// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/graph.h"
#include "graph/reasoning/core.h"
#include "graph/reasoning/proof.h"
#include "graph/reasoning/questions.h"

// The support graph of a store at one point, and how the commands that reason speak of what is in it.
namespace saggio::cli {

std::string weight_text(double bits);  // "0.36"

class Spoken {
 public:
  Spoken(graph::Reader& reader, const graph::AsOf& as_of)
      : support(graph::support_graph(reader.history(), as_of)), reader_(reader), as_of_(as_of) {}

  graph::NodeIndex index(graph::NodeId id) const;  // of a node that is there
  graph::Node node(graph::NodeIndex x) const;
  std::string name(graph::NodeIndex x) const;  // "claim rain"
  // What the name does not say: its text, and where it is from.
  std::string details(graph::NodeIndex x) const;
  std::string names(const std::vector<graph::NodeIndex>& nodes) const;  // the first few
  std::string type(const graph::Reason& reason) const;

  nlohmann::json reference(graph::NodeIndex x) const;
  nlohmann::json references(const std::vector<graph::NodeIndex>& nodes) const;

  const graph::SupportGraph support;

 private:
  graph::Reader& reader_;
  graph::AsOf as_of_;
};

// A proof as an indented tree, each node of it with who contradicts it.
void print_proof(const Spoken& spoken,
                 const graph::BestProofs& best,
                 const graph::Proof& proof,
                 graph::NodeIndex root);
nlohmann::json proof_json(const Spoken& spoken, const graph::Proof& proof);

// The sources that a contradiction rests on.
std::string core_text(const Spoken& spoken, const graph::ContradictionCore& core);
nlohmann::json core_json(const Spoken& spoken, const graph::ContradictionCore& core);

// What is contradicted, and what argues in circles, in the whole graph.
void print_survey(const Program& program, const Spoken& spoken, size_t limit);

}  // namespace saggio::cli
