// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graph/algorithms/rows.h"
#include "graph/query/attributes.h"

// Questions to a reasoning graph: which nodes, or which edges, satisfy a condition at one point on
// both clocks. graph/query/QUERY.md is the language's page, with its grammar; graph/query/evaluate.h
// answers.
//
//   const Query query = parse("kind = claim and confidence < 0.5 as of believed");
//
// A Query is a value: it may be built, changed and compared, and `parse(print(q)) == q` for what
// parse() made.
namespace saggio::graph {

enum class Target { Nodes, Edges };

// How an attribute is compared. Begins, Has and Matches are for texts.
enum class Operator {
  Equal,
  NotEqual,  // `not =`, also where nothing is known
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Begins,   // ^=  the text begins with these bytes
  Has,      // has  contains it as whole words, whatever their case
  Matches,  // ~   a regular expression (RE2's syntax) is found in it
};

struct Moment {  // of the world
  TimeUs time = 0;
  bool operator==(const Moment&) const = default;
};

// A whole number as it is written, another one, a text (or the name of a kind or status), a time.
using Value = std::variant<int64_t, uint64_t, double, std::string, Moment>;  // uint64_t: above 2^63

// A node as a person names it: `key`, or `id` if that is given.
struct NodeName {
  std::optional<NodeId> id;
  std::string key;
  size_t at = 0;  // byte of the query where it stands; not compared, here and below
  bool operator==(const NodeName& other) const { return id == other.id && key == other.key; }
};

struct Condition;

struct And {
  std::vector<Condition> parts;  // two or more
  bool operator==(const And&) const = default;
};
struct Or {
  std::vector<Condition> parts;  // two or more
  bool operator==(const Or&) const = default;
};
struct Not {
  std::vector<Condition> part;  // one
  bool operator==(const Not&) const = default;
};
struct Comparison {
  Field field;
  Operator op = Operator::Equal;
  Value value;
  bool operator==(const Comparison&) const = default;
};
struct Known {  // it has a value
  Field field;
  bool operator==(const Known&) const = default;
};
// Reached from `node` by a walk of at most `hops` edges of these types (all, if none is named).
struct Within {
  int32_t hops = 0;
  NodeName node;
  Direction direction = Direction::Both;
  std::vector<std::string> types;
  bool operator==(const Within&) const = default;
};
struct Supports {  // takes part in the live support of `node`
  NodeName node;
  bool operator==(const Supports&) const = default;
};
struct Contradicts {  // speaks, alive, against `node` or against what supports it
  NodeName node;
  bool operator==(const Contradicts&) const = default;
};
struct EndsAt {  // an edge that comes from `node`, or leads to it
  NodeName node;
  bool source = true;
  bool operator==(const EndsAt&) const = default;
};

struct Condition {
  std::variant<And, Or, Not, Comparison, Known, Within, Supports, Contradicts, EndsAt> is;
  bool operator==(const Condition&) const = default;
};

struct Query {
  Target target = Target::Nodes;
  std::optional<Condition> where;    // nullopt: all
  std::optional<std::string> as_of;  // a version, a tag, or a date or time of committing
  std::optional<TimeUs> valid_at;    // in the world
  bool certain = false;              // with valid_at: only what is known to hold then
  bool operator==(const Query&) const = default;
};

// A query that cannot be read or answered. what() is one line that names the column.
class QueryError : public std::invalid_argument {
 public:
  // `at`: byte of `query` where it went wrong; its size, where something is missing.
  QueryError(std::string_view query, size_t at, const std::string& message);
  size_t offset() const { return offset_; }
  size_t column() const { return column_; }  // in characters, from 1

 private:
  QueryError(std::string_view query, size_t at, size_t column, const std::string& message);
  size_t offset_, column_;
};

// Three lines: the message; the query, or what of a long one lies around the column; a caret below.
std::string pointed(std::string_view query, const QueryError& error);

inline constexpr size_t kLongestQuery = size_t{64} << 10;  // bytes
inline constexpr int kDeepestQuery = 200;  // parentheses and `not` within each other

// Throws QueryError. O(the text); what it takes of the stack does not depend on the text.
Query parse(std::string_view text);

// The query as parse() reads it, in one spelling: the fewest parentheses, texts in quotes.
std::string print(const Query& query);
std::string print(const Condition& condition);

}  // namespace saggio::graph
