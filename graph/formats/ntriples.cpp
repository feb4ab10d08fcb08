// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "graph/formats/elements.h"
#include "graph/formats/import.h"
#include "graph/formats/ntriples_text.h"

// N-Triples. What has a literal as its object is an attribute of its subject, all else an edge. A
// statement about a triple that is there is an edge of its own, with the attributes that it has.
namespace saggio::graph {
namespace {

class NTriplesReader {
 public:
  NTriplesReader(std::istream& in, Store& store, ImportReport& report, const ImportOptions& options)
      : lines_(in, options.name), report_(report), import_(store, report, options) {}

  void read() {
    Term subject, predicate, object;
    for (std::string_view line; lines_.next(line);)
      at_line(lines_, [&] {
        if (read_triple(line, subject, predicate, object))
          add(subject, predicate, object);
        else
          ++report_.comments;
      });
    at_line(lines_, [&] { finish(); });
    count_lines(lines_, report_);
  }

 private:
  using Index = uint32_t;  // of subjects, objects and predicates
  struct Resource {
    std::string key;
    NamedTexts fields;
  };
  struct Triple {
    Index subject, predicate, object;
    bool operator==(const Triple&) const = default;
  };
  struct Hash {
    size_t operator()(const Triple& t) const {
      uint64_t mixed = 0;  // as EdgeKeys mixes
      for (const uint64_t part : {t.subject, t.predicate, t.object})
        mixed = (mixed ^ part ^ (mixed >> 29)) * 0x9E3779B97F4A7C15;
      return mixed ^ (mixed >> 32);
    }
  };
  struct Statement {
    std::optional<Index> subject, predicate, object;
    bool is_typed = false;
    bool is_whole() const { return is_typed && subject && predicate && object; }
  };

  Index index_of(const Term& term) {
    std::string key =
        term.kind == Term::Kind::Blank ? "_:" + term.text : text_of_iri(term.text, kNodeIri);
    const auto [found, is_new] = index_.emplace(key, static_cast<Index>(resources_.size()));
    if (is_new) {
      blanks_ += term.kind == Term::Kind::Blank;
      resources_.push_back({std::move(key), {}});
    }
    return found->second;
  }

  Index type_of(const std::string& iri) {
    std::string name = text_of_iri(iri, kTypeIri);
    const auto [found, is_new] = type_index_.emplace(name, static_cast<Index>(types_.size()));
    if (is_new) types_.push_back(std::move(name));
    return found->second;
  }

  void add(const Term& subject, const Term& predicate, const Term& object) {
    if (object.kind == Term::Kind::Literal) return add_field(subject, predicate, object);
    const Triple triple{index_of(subject), type_of(predicate.text), index_of(object)};
    if (!known_.emplace(triple, triples_.size()).second) return void(++report_.unchanged);
    triples_.push_back(triple);
    if (predicate.text.starts_with(kRdf) && subject.kind == Term::Kind::Blank)
      describe(triple.subject, predicate.text.substr(kRdf.size()), object, triple.object);
  }

  // A part of a statement about a triple.
  void describe(Index subject, std::string_view part, const Term& object, Index value) {
    const bool is_type = part == "type" && object.text == std::string(kRdf) + "Statement";
    if (!is_type && part != "subject" && part != "predicate" && part != "object") return;
    const auto [found, is_new] = statement_index_.emplace(subject, statements_.size());
    if (is_new) statements_.push_back({subject, {}});
    Statement& statement = statements_[found->second].second;
    if (is_type) statement.is_typed = true;
    if (part == "subject") statement.subject = value;
    if (part == "predicate") statement.predicate = type_of(object.text);
    if (part == "object") statement.object = value;
  }

  void add_field(const Term& subject, const Term& predicate, const Term& object) {
    const std::string number = fmt::format("^^<{}double>", kXsd);
    NamedTexts& fields = resources_[index_of(subject)].fields;
    if (predicate.text.starts_with(kFieldIri) && (object.suffix.empty() || object.suffix == number))
      return fields.push_back({text_of_iri(predicate.text, kFieldIri), object.text});
    // A literal with a language or a type is kept as it stands.
    std::string text = object.suffix.empty() ? object.text : literal(object.text) + object.suffix;
    fields.push_back({text_of_iri(predicate.text, kQualifierIri), std::move(text)});
  }

  void finish() {
    std::vector<std::vector<Index>> about(triples_.size());  // statements
    std::vector<bool> is_statement(resources_.size());
    for (const auto& [resource, statement] : statements_) {
      if (!statement.is_whole()) continue;
      const auto found = known_.find({*statement.subject, *statement.predicate, *statement.object});
      if (found == known_.end()) continue;
      about[found->second].push_back(resource);
      is_statement[resource] = true;
      blanks_ -= 1;
    }
    sort_fields();
    add_nodes(is_statement);
    for (size_t i = 0; i < triples_.size(); ++i) {
      if (is_statement[triples_[i].subject]) continue;
      if (about[i].empty()) add_edge(triples_[i], nullptr);
      for (const Index statement : about[i]) add_edge(triples_[i], &resources_[statement].fields);
    }
    if (blanks_ > 0)
      import_.note(fmt::format("{} blank nodes: their keys are the labels of this file", blanks_));
    import_.finish();
  }

  // Triples are a set: their order in a file must not make another graph.
  void sort_fields() {
    for (Resource& resource : resources_)
      std::sort(resource.fields.begin(), resource.fields.end(), [](auto& a, auto& b) {
        return std::tie(a.name, a.text) < std::tie(b.name, b.text);
      });
  }

  // All that are no statements, nor named only by them.
  void add_nodes(const std::vector<bool>& is_statement) {
    std::vector<bool> is_named(resources_.size());
    for (const Triple& triple : triples_) {
      if (is_statement[triple.subject]) continue;
      is_named[triple.subject] = is_named[triple.object] = true;
    }
    for (size_t i = 0; i < resources_.size(); ++i)
      if (!is_statement[i] && (is_named[i] || !resources_[i].fields.empty()))
        import_.node(resources_[i].key, resources_[i].fields);
  }

  void add_edge(const Triple& triple, NamedTexts* fields) {
    NamedTexts none;
    import_.edge(resources_[triple.subject].key,
                 types_[triple.predicate],
                 resources_[triple.object].key,
                 fields ? *fields : none);
  }

  LineReader lines_;
  ImportReport& report_;
  ElementImport import_;
  std::vector<Resource> resources_;
  std::unordered_map<std::string, Index> index_, type_index_;
  std::vector<std::string> types_;
  std::vector<Triple> triples_;
  std::unordered_map<Triple, size_t, Hash> known_;
  std::vector<std::pair<Index, Statement>> statements_;
  std::unordered_map<Index, size_t> statement_index_;
  uint64_t blanks_ = 0;
};

}  // namespace

ImportReport read_ntriples(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  NTriplesReader(in, store, report, options).read();
  return report;
}

}  // namespace saggio::graph
