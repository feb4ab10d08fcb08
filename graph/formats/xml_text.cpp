// SPDX-License-Identifier: MIT
#include "graph/formats/xml_text.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace saggio::graph {
namespace {

// Which bytes cannot stand as they are; U+FFFE and U+FFFF begin by 0xEF.
constexpr std::array<bool, 256> special_bytes() {
  std::array<bool, 256> special{};
  for (size_t byte = 0; byte < 0x20; ++byte) special[byte] = true;
  for (const char c : {'&', '<', '>', '"'}) special[static_cast<uint8_t>(c)] = true;
  special[0xEF] = true;
  return special;
}
constexpr std::array<bool, 256> kSpecial = special_bytes();

bool is_no_character(std::string_view text) {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

}  // namespace

void put_xml(std::string_view text, std::string& out, uint64_t& lost) {
  for (size_t done = 0, at = 0;; ++at) {
    while (at < text.size() && !kSpecial[static_cast<uint8_t>(text[at])]) ++at;
    out.append(text.substr(done, at - done));
    if (at == text.size()) return;
    done = at + 1;
    const char c = text[at];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\t' || c == '\n' || c == '\r') {
      fmt::format_to(std::back_inserter(out), "&#{};", static_cast<int>(c));
    } else if (c == '\xEF' && !is_no_character(text.substr(at))) {
      out += c;
    } else {
      ++lost;
      const size_t bytes = c == '\xEF' ? 3 : 1;
      for (size_t i = 0; i < bytes; ++i)
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<uint8_t>(text[at + i]));
      at += bytes - 1;
      done = at + 1;
    }
  }
}

std::string_view xml_type(FlatType type) {
  switch (type) {
    case FlatType::Boolean:
      return "boolean";
    case FlatType::Integer:
      return "long";
    case FlatType::Number:
      return "double";
    case FlatType::Text:
      break;
  }
  return "string";
}

}  // namespace saggio::graph
