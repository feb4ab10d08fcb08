// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// Knowledge graphs as benchmarks publish them: three files train.txt, valid.txt and test.txt, a
// triple a line, "head TAB relation TAB tail". Entities and relations are numbered in the order in
// which they occur, head before tail, train before valid before test. GraIL's inductive splits
// (Teru et al. 2020, arXiv:1911.06962) are pairs of folders, NAME and NAME_ind: other entities, the
// same relations; what is learned on the first is tested on the second.
namespace saggio::data {

class Names {
 public:
  int32_t add(std::string_view name);         // its number, a new one if it is new
  int32_t find(std::string_view name) const;  // -1: not there
  const std::string& operator[](int32_t number) const {
    return names_[static_cast<size_t>(number)];
  }
  int32_t size() const { return static_cast<int32_t>(names_.size()); }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, int32_t> numbers_;
};

struct Triple {
  int32_t head = 0, relation = 0, tail = 0;

  friend auto operator<=>(const Triple&, const Triple&) = default;
};

struct KnowledgeGraph {
  Names entities, relations;
  std::vector<Triple> train, valid, test;  // in the files' order, repeated triples too
};

// What valid and test may hold that train does not. WN18RR's test has entities that its train
// lacks; to drop those queries makes a score look better, so they are numbered or refused, never
// dropped.
enum class Unseen { Refuse, Number };

struct GraphFiles {
  std::filesystem::path train, valid, test;  // an empty path is an empty part

  static GraphFiles in(const std::filesystem::path& folder);  // train.txt, valid.txt, test.txt
};

// Throws std::runtime_error for a file that is missing, std::invalid_argument naming file and line
// for what is no triple, and for an entity that train lacks where `entities` is Refuse. A relation
// that train lacks is always refused.
KnowledgeGraph read_knowledge_graph(const GraphFiles& files, Unseen entities);

struct InductiveSplit {
  KnowledgeGraph training;   // NAME
  KnowledgeGraph inference;  // NAME_ind; relations numbered as in `training`, all of them
};

// Each graph as above; a relation of the second that the first one's train lacks is refused.
InductiveSplit read_inductive_split(const GraphFiles& training,
                                    const GraphFiles& inference,
                                    Unseen entities);

// Triples that are there twice or more, and test triples that stand in another part.
struct Repetitions {
  int64_t in_train = 0, in_valid = 0, in_test = 0;  // all but the first of equal triples of a part
  int64_t valid_in_train = 0, test_in_train = 0, test_in_valid = 0;

  friend bool operator==(const Repetitions&, const Repetitions&) = default;
};
Repetitions repetitions(const KnowledgeGraph& graph);

// How many of `graph`'s test triples are facts of another graph by their names: of its train, and
// of all its parts. What a model saw that was trained on the other.
struct Leakage {
  int64_t test = 0, in_train = 0, in_any = 0;

  friend bool operator==(const Leakage&, const Leakage&) = default;
};
Leakage leakage(const KnowledgeGraph& graph, const KnowledgeGraph& other);

}  // namespace saggio::data
