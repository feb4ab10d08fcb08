// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "graph/query/query.h"

namespace re2 {
class RE2;
}

// One comparison of a text, made ready to be asked often.
namespace saggio::graph {

// A regular expression that is none; `at`: byte of it where that shows.
struct PatternError : std::invalid_argument {
  PatternError(size_t where, const std::string& what) : std::invalid_argument(what), at(where) {}
  size_t at;
};

// Searches take time linear in the text, whatever the expression (RE2; Cox 2010, "Regular expression
// matching in the wild"); 2 MiB at most for each expression. Threads may ask at once.
class TextTest {
 public:
  // `op` is not NotEqual. Throws PatternError. A number as value, and an operator that orders: texts that read as numbers
  // are compared as such, all others do not hold.
  TextTest(Operator op, const Value& value);
  bool operator()(std::string_view text) const;

  // Whether asking costs more than comparing bytes.
  bool searches() const { return pattern_ != nullptr; }

 private:
  bool ordered(int order) const;

  Operator op_;
  Value value_;
  std::shared_ptr<const re2::RE2> pattern_;
};

}  // namespace saggio::graph
