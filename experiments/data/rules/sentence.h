// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

// The sentences that problems of deduction are made of:
//   Every yumpus is a dumpus. Each yumpus is not shy. Jompuses are yumpuses.    rules
//   Max is a yumpus. Max is not sour.                                           facts
// Kinds end in -us and nothing else does; several are -uses.
namespace saggio::data {

// One sentence, with its full stop.
struct RuleSentence {
  bool is_rule = false;
  std::string subject;  // a kind in lower case and in the singular, or a name
  std::string said;     // "yumpus", "not sour"
};
// nullopt: none of these kinds.
std::optional<RuleSentence> read_sentence(std::string_view sentence);

// "not sour" for "sour", and back.
std::string opposite(std::string_view said);

bool is_kind(std::string_view said);
// "a yumpus", "an impus", "not sour".
std::string with_article(const std::string& said);
// How a rule may be put: Every, Each, or of several. `form` in 0..2
std::string rule_sentence(const std::string& kind, const std::string& said, int form);

}  // namespace saggio::data
