// SPDX-License-Identifier: MIT
#include "experiments/data/rules/sentence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

namespace saggio::data {
namespace {

constexpr std::string_view kNot = "not ";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

std::string lower(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return word;
}

bool is_plural(std::string_view word) { return word.ends_with("uses"); }
std::string singular(const std::string& word) {
  return is_plural(word) ? word.substr(0, word.size() - 2) : word;
}

std::vector<std::string> words_of(std::string_view sentence) {
  if (!sentence.ends_with('.')) return {};
  sentence.remove_suffix(1);
  std::istringstream in{std::string(sentence)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    if (!std::all_of(word.begin(), word.end(), is_letter)) return {};
    words.push_back(word);
  }
  return words;
}

}  // namespace

std::optional<RuleSentence> read_sentence(std::string_view sentence) {
  const std::vector<std::string> words = words_of(sentence);
  size_t at = 0;
  const auto take = [&](std::string_view word) {
    const bool is_next = at < words.size() && words[at] == word;
    at += is_next;
    return is_next;
  };
  RuleSentence read;
  const bool of_each = take("Every") || take("Each");
  if (at >= words.size()) return std::nullopt;
  const bool of_several = !of_each && is_plural(words[at]);
  read.is_rule = of_each || of_several;
  read.subject = read.is_rule ? singular(lower(words[at])) : words[at];
  ++at;
  if (!take(of_several ? "are" : "is")) return std::nullopt;
  if (take("not")) read.said = kNot;
  if (!of_several && !take("a")) take("an");
  if (at + 1 != words.size()) return std::nullopt;
  read.said += of_several ? singular(words[at]) : words[at];
  return read;
}

std::string opposite(std::string_view said) {
  return said.starts_with(kNot) ? std::string(said.substr(kNot.size()))
                                : std::string(kNot) + std::string(said);
}

bool is_kind(std::string_view said) { return said.ends_with("us"); }

std::string with_article(const std::string& said) {
  if (!is_kind(said)) return said;
  const bool is_open = std::string_view("aeiou").find(said[0]) != std::string_view::npos;
  return (is_open ? "an " : "a ") + said;
}

std::string rule_sentence(const std::string& kind, const std::string& said, int form) {
  if (form < 2)
    return fmt::format("{} {} is {}.", form == 0 ? "Every" : "Each", kind, with_article(said));
  std::string several = kind + "es";
  several[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(several[0])));
  return fmt::format("{} are {}.", several, is_kind(said) ? said + "es" : said);
}

}  // namespace saggio::data
