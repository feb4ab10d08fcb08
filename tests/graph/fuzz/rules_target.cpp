// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <stdexcept>

#include "graph/reasoning/rules.h"
#include "tests/graph/fuzz/targets.h"

namespace saggio::graph {
namespace {

std::string written_back(const RuleBook& book) {
  std::string text;
  for (const Rule& rule : book.rules) text += text_of(rule) + "\n";
  return text;
}

}  // namespace

// What is taken is written back, read again and written back: that must be taken, and say the same.
int fuzz_rules(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  try {
    parse_goal(text);
  } catch (const std::invalid_argument&) {
  }
  std::string once;
  try {
    once = written_back(parse_rules(text));
  } catch (const std::invalid_argument&) {
    return 0;
  }
  try {
    if (written_back(parse_rules(once)) != once) std::abort();
  } catch (const std::invalid_argument&) {
    std::abort();
  }
  return 0;
}

}  // namespace saggio::graph
