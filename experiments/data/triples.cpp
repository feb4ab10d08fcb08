// SPDX-License-Identifier: MIT
#include "experiments/data/triples.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "results/store/files.h"

namespace saggio::data {
namespace {

namespace fs = std::filesystem;

struct Place {
  const fs::path& file;
  size_t line;
};

[[noreturn]] void fail(const Place& place, const std::string& why) {
  throw std::invalid_argument(fmt::format("{}:{}: {}", place.file.string(), place.line, why));
}

std::array<std::string_view, 3> fields_of(std::string_view line, const Place& place) {
  std::array<std::string_view, 3> fields;
  size_t count = 0;
  for (size_t begin = 0; begin <= line.size(); ++count) {
    const size_t end = std::min(line.find('\t', begin), line.size());
    if (count < fields.size()) fields[count] = line.substr(begin, end - begin);
    begin = end + 1;
  }
  if (count != fields.size())
    fail(place, fmt::format("{} fields, needs 3: head, relation, tail, with tabs between", count));
  for (const std::string_view field : fields)
    if (field.empty()) fail(place, "an empty field, needs a name");
  return fields;
}

// Which names may be new in a file.
struct Allowed {
  bool entities = true, relations = true;
};

int32_t number(
    Names& names, std::string_view name, bool may_be_new, const char* what, const Place& place) {
  if (may_be_new) return names.add(name);
  const int32_t found = names.find(name);
  if (found < 0) fail(place, fmt::format("the {} '{}' does not occur in train", what, name));
  return found;
}

std::vector<Triple> read_part(const fs::path& file, KnowledgeGraph& graph, Allowed allowed) {
  if (file.empty()) return {};
  const std::string text = results::read_file(file);
  std::vector<Triple> triples;
  size_t line_number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin = end + 1;
    const Place place{file, ++line_number};
    const auto [head, relation, tail] = fields_of(line, place);
    Triple triple;
    triple.head = number(graph.entities, head, allowed.entities, "entity", place);
    triple.relation = number(graph.relations, relation, allowed.relations, "relation", place);
    triple.tail = number(graph.entities, tail, allowed.entities, "entity", place);
    triples.push_back(triple);
  }
  return triples;
}

KnowledgeGraph read_graph(const GraphFiles& files, Unseen entities, Names relations) {
  const bool given = relations.size() > 0;
  KnowledgeGraph graph;
  graph.relations = std::move(relations);
  graph.train = read_part(files.train, graph, {.entities = true, .relations = !given});
  const Allowed later{.entities = entities == Unseen::Number, .relations = false};
  graph.valid = read_part(files.valid, graph, later);
  graph.test = read_part(files.test, graph, later);
  return graph;
}

// A set as a sorted array: the large graphs' are made and asked in a fraction of a tree's time.
class TripleSet {
 public:
  explicit TripleSet(std::vector<Triple> triples) : triples_(std::move(triples)) {
    std::sort(triples_.begin(), triples_.end());
    triples_.erase(std::unique(triples_.begin(), triples_.end()), triples_.end());
  }
  bool contains(const Triple& triple) const {
    return std::binary_search(triples_.begin(), triples_.end(), triple);
  }
  size_t size() const { return triples_.size(); }

 private:
  std::vector<Triple> triples_;
};

int64_t count_in(std::span<const Triple> triples, const TripleSet& set) {
  return std::count_if(
      triples.begin(), triples.end(), [&](const Triple& triple) { return set.contains(triple); });
}

}  // namespace

int32_t Names::add(std::string_view name) {
  const auto [found, fresh] = numbers_.try_emplace(std::string(name), size());
  if (fresh) names_.emplace_back(name);
  return found->second;
}

int32_t Names::find(std::string_view name) const {
  const auto found = numbers_.find(std::string(name));
  return found == numbers_.end() ? -1 : found->second;
}

GraphFiles GraphFiles::in(const fs::path& folder) {
  return {folder / "train.txt", folder / "valid.txt", folder / "test.txt"};
}

KnowledgeGraph read_knowledge_graph(const GraphFiles& files, Unseen entities) {
  return read_graph(files, entities, {});
}

InductiveSplit read_inductive_split(const GraphFiles& training,
                                    const GraphFiles& inference,
                                    Unseen entities) {
  InductiveSplit split;
  split.training = read_graph(training, entities, {});
  split.inference = read_graph(inference, entities, split.training.relations);
  return split;
}

Repetitions repetitions(const KnowledgeGraph& graph) {
  const TripleSet train(graph.train), valid(graph.valid), test(graph.test);
  const auto repeated = [](const std::vector<Triple>& part, const TripleSet& set) {
    return static_cast<int64_t>(part.size() - set.size());
  };
  return {.in_train = repeated(graph.train, train),
          .in_valid = repeated(graph.valid, valid),
          .in_test = repeated(graph.test, test),
          .valid_in_train = count_in(graph.valid, train),
          .test_in_train = count_in(graph.test, train),
          .test_in_valid = count_in(graph.test, valid)};
}

Leakage leakage(const KnowledgeGraph& graph, const KnowledgeGraph& other) {
  std::vector<Triple> all = other.train;
  all.insert(all.end(), other.valid.begin(), other.valid.end());
  all.insert(all.end(), other.test.begin(), other.test.end());
  const TripleSet train(other.train), any(std::move(all));
  Leakage found{.test = static_cast<int64_t>(graph.test.size())};
  for (const Triple& triple : graph.test) {
    // A name that the other lacks is -1, which is in none of its triples.
    const Triple there{other.entities.find(graph.entities[triple.head]),
                       other.relations.find(graph.relations[triple.relation]),
                       other.entities.find(graph.entities[triple.tail])};
    found.in_train += train.contains(there);
    found.in_any += any.contains(there);
  }
  return found;
}

}  // namespace saggio::data
