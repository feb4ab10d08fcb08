// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "graph/formats/dot_tokens.h"
#include "graph/formats/elements.h"
#include "graph/formats/import.h"
#include "graph/formats/lines.h"

// DOT: one graph a file. Subgraphs are flattened, ports dropped; what `node [...]` and `edge [...]`
// say counts for what stands behind it, up to the end of the subgraph.
namespace saggio::graph {
namespace {

constexpr size_t kDeepestDot = 64;  // subgraphs within each other

class DotReader {
 public:
  DotReader(std::istream& in, Store& store, ImportReport& report, const ImportOptions& options)
      : words_(in, options.name), report_(report), import_(store, report, options) {}

  void read() {
    at_token(words_, words_.name(), [&] { document(); });
    report_.lines = words_.lines();
    report_.comments = words_.comments();
    report_.carriage_returns = words_.carriage_returns();
  }

 private:
  using Names = std::vector<std::string>;
  struct Node {
    std::string name;
    NamedTexts fields;
  };
  struct Scope {
    NamedTexts of_nodes, of_edges;
  };

  void document() {
    words_.next();
    if (words_.is_word("strict")) {
      import_.note("the graph is strict: edges that stand twice are two here");
      words_.next();
    }
    if (!words_.is_word("digraph") && !words_.is_word("graph"))
      words_.refuse(fmt::format("{}, expected graph or digraph: is this DOT?", found()));
    is_directed_ = words_.is_word("digraph");
    if (!is_directed_)
      import_.note("the graph is undirected: each edge stands once, as it is written");
    words_.next();
    if (words_.is_id()) words_.next();  // its name
    Names names;
    block({}, names);
    if (words_.kind() != DotTokens::Kind::End)
      words_.refuse("a second graph: allowed is one in a file; split it");
    for (Node& node : nodes_) import_.node(node.name, node.fields);
    for (auto& [source, target, fields] : edges_) import_.edge(source, target, fields);
    import_.finish();
  }

  std::string found() const {
    return words_.kind() == DotTokens::Kind::End ? "the end of the file" : shown(words_.text());
  }
  void need(std::string_view sign) {
    if (!words_.is(sign)) words_.refuse(fmt::format("{}, expected {}", found(), sign));
    words_.next();
  }
  std::string need_id() {
    if (!words_.is_id()) words_.refuse(fmt::format("{}, expected a name", found()));
    std::string id = words_.text();
    words_.next();
    return id;
  }

  // { statements }; `names`: the nodes in it, each once.
  void block(Scope scope, Names& names) {
    if (++depth_ > kDeepestDot)
      words_.refuse(fmt::format(
          "more than {} subgraphs within each other, which is the most allowed", kDeepestDot));
    need("{");
    while (!words_.is("}")) {
      if (words_.is(";"))
        words_.next();
      else
        statement(scope, names);
    }
    words_.next();
    --depth_;
  }

  void statement(Scope& scope, Names& names) {
    if (words_.is_word("graph")) {
      words_.next();
      NamedTexts dropped;
      attributes(dropped);
      if (!dropped.empty()) import_.drop("attributes of the graph", dropped.size());
    } else if (words_.is_word("node")) {
      words_.next();
      attributes(scope.of_nodes);
    } else if (words_.is_word("edge")) {
      words_.next();
      attributes(scope.of_edges);
    } else {
      chain(scope, names);
    }
  }

  // a; a [x=y]; a -> b -> { c d } [x=y]; a = b
  void chain(const Scope& scope, Names& names) {
    const bool is_block = words_.is("{") || words_.is_word("subgraph");
    Names first;
    if (!is_block) {
      std::string name = need_id();
      if (words_.is("=")) {
        words_.next();
        need_id();
        return import_.drop("attributes of the graph");
      }
      port();
      first.push_back(std::move(name));
      index_of(first[0], scope);
    } else {
      operand(scope, first);
    }
    std::vector<Names> operands;
    operands.push_back(std::move(first));
    while (words_.is("->") || words_.is("--")) {
      if (words_.is("->") != is_directed_)
        words_.refuse(fmt::format("{} in a {}: allowed is {}",
                                  words_.text(),
                                  is_directed_ ? "digraph" : "graph",
                                  is_directed_ ? "->" : "--"));
      words_.next();
      operand(scope, operands.emplace_back());
    }
    NamedTexts fields = operands.size() > 1 ? scope.of_edges : NamedTexts();
    attributes(fields);
    if (operands.size() == 1 && !is_block)
      for (const NamedText& field : fields) set(nodes_[index_.at(operands[0][0])].fields, field);
    for (size_t i = 1; i < operands.size(); ++i) edges(operands[i - 1], operands[i], fields);
    for (const Names& some : operands) names.insert(names.end(), some.begin(), some.end());
  }

  void edges(const Names& sources, const Names& targets, const NamedTexts& fields) {
    for (const std::string& source : sources)
      for (const std::string& target : targets) {
        if (sources.size() * targets.size() > 1'000'000)
          words_.refuse("an edge between subgraphs that stands for more than 1,000,000 edges");
        edges_.push_back({source, target, fields});
      }
  }

  void operand(const Scope& scope, Names& names) {
    if (!words_.is("{") && !words_.is_word("subgraph")) {
      names.push_back(need_id());
      index_of(names[0], scope);
      return port();
    }
    import_.drop("subgraphs: their nodes and edges stand beside the others");
    if (words_.is_word("subgraph")) {
      words_.next();
      if (words_.is_id()) words_.next();
    }
    block(scope, names);
    std::unordered_set<std::string> seen;
    std::erase_if(names, [&](const std::string& name) { return !seen.insert(name).second; });
  }

  void port() {
    if (!words_.is(":")) return;
    import_.drop("ports of edges");
    for (int parts = 0; words_.is(":") && parts < 2; ++parts) {
      words_.next();
      need_id();
    }
  }

  // [x=y, z=w; v] [...]; a name alone is true.
  void attributes(NamedTexts& fields) {
    while (words_.is("[")) {
      words_.next();
      while (!words_.is("]")) {
        std::string name = need_id(), value = "true";
        bool is_name_again = false;  // what Graphviz shows anyway
        if (words_.is("=")) {
          words_.next();
          is_name_again = words_.is_name_again();
          value = need_id();
        }
        if (!is_name_again) set(fields, {std::move(name), std::move(value)});
        if (words_.is(",") || words_.is(";")) words_.next();
      }
      words_.next();
    }
  }

  static void set(NamedTexts& fields, const NamedText& by) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const NamedText& field) {
      return field.name == by.name;
    });
    if (found == fields.end())
      fields.push_back(by);
    else
      found->text = by.text;
  }

  size_t index_of(const std::string& name, const Scope& scope) {
    const auto [found, is_new] = index_.emplace(name, nodes_.size());
    if (is_new) nodes_.push_back({name, scope.of_nodes});
    return found->second;
  }

  struct WaitingEdge {
    std::string source, target;
    NamedTexts fields;
  };

  DotTokens words_;
  ImportReport& report_;
  ElementImport import_;
  bool is_directed_ = true;
  size_t depth_ = 0;
  std::vector<Node> nodes_;  // in the order in which they are named
  std::unordered_map<std::string, size_t> index_;
  std::vector<WaitingEdge> edges_;
};

}  // namespace

ImportReport read_dot(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  DotReader(in, store, report, options).read();
  return report;
}

}  // namespace saggio::graph
