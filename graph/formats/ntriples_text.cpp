// SPDX-License-Identifier: MIT
#include "graph/formats/ntriples_text.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What <...> may hold: no white space or control characters, and none of these.
bool is_iri_character(char c) {
  return static_cast<uint8_t>(c) > 0x20 &&
         std::string_view("<>\"{}|^`\\").find(c) == std::string_view::npos;
}

class LineScanner {
 public:
  explicit LineScanner(std::string_view line) : rest_(line) {}

  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  bool at_end() const { return rest_.empty() || rest_[0] == '#'; }

  Term term() {
    skip_space();
    if (rest_.starts_with('<')) return {Term::Kind::Iri, iri(), {}};
    if (rest_.starts_with("_:")) return blank();
    if (rest_.starts_with('"')) return quoted();
    refuse("a term, which begins by <, _: or a quote");
  }

  void end() {
    skip_space();
    if (!rest_.starts_with('.')) refuse("the . that ends a triple");
    rest_.remove_prefix(1);
    skip_space();
    if (!at_end()) refuse("nothing more: allowed is one triple a line");
  }

 private:
  [[noreturn]] void refuse(std::string_view expected) const {
    throw std::invalid_argument(
        fmt::format("{}, expected {}",
                    rest_.empty() ? "the end of the line" : shown(rest_.substr(0, 20)),
                    expected));
  }

  std::string iri() {
    std::string text;
    for (rest_.remove_prefix(1); !rest_.starts_with('>'); rest_.remove_prefix(1)) {
      if (rest_.empty()) refuse("the > of an IRI");
      if (rest_[0] == '\\') {
        escape(text, false);
        continue;
      }
      if (!is_iri_character(rest_[0])) refuse("a character that an IRI may have, or >");
      text += rest_[0];
    }
    rest_.remove_prefix(1);
    if (!is_iri(text))
      throw std::invalid_argument(
          fmt::format("<{}> is no absolute IRI: it begins by a scheme like https:", clean(text)));
    return text;
  }

  Term blank() {
    rest_.remove_prefix(2);
    size_t end = 0;
    while (end < rest_.size() && (is_letter(rest_[end]) || is_digit(rest_[end]) ||
                                  rest_[end] == '_' || rest_[end] == ':' || rest_[end] == '-' ||
                                  rest_[end] == '.' || static_cast<uint8_t>(rest_[end]) >= 0x80))
      ++end;
    while (end > 0 && rest_[end - 1] == '.') --end;
    const std::string_view label = rest_.substr(0, end);
    if (!is_blank_label(label)) refuse("a blank node's label: letters, digits, _ : - .");
    rest_.remove_prefix(end);
    return {Term::Kind::Blank, std::string(label), {}};
  }

  Term quoted() {
    Term found{Term::Kind::Literal, {}, {}};
    for (rest_.remove_prefix(1); !rest_.starts_with('"'); rest_.remove_prefix(1)) {
      if (rest_.empty()) refuse("the closing quote of a literal");
      if (rest_[0] == '\\')
        escape(found.text, true);
      else
        found.text += rest_[0];
    }
    rest_.remove_prefix(1);
    if (rest_.starts_with("^^<")) {
      rest_.remove_prefix(2);
      found.suffix = "^^<" + iri() + ">";
    } else if (rest_.starts_with('@')) {
      found.suffix = language();
    }
    return found;
  }

  std::string language() {
    size_t end = 1;
    while (end < rest_.size() &&
           (is_letter(rest_[end]) || (end > 1 && (is_digit(rest_[end]) || rest_[end] == '-'))))
      ++end;
    if (end == 1 || rest_[end - 1] == '-') refuse("a language like @en or @en-GB");
    std::string tag(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return tag;
  }

  // Leaves its last character to be removed.
  void escape(std::string& text, bool in_literal) {
    constexpr std::string_view kFrom = "tbnrf\"'\\", kTo = "\t\b\n\r\f\"'\\";
    const char c = rest_.size() > 1 ? rest_[1] : '\0';
    const size_t known = in_literal ? kFrom.find(c) : std::string_view::npos;
    if (known != std::string_view::npos && c != '\0') {
      text += kTo[known];
      return rest_.remove_prefix(1);
    }
    const size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t code = 0;
    const std::string_view hex = rest_.substr(std::min(rest_.size(), size_t{2}), digits);
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    const bool is_read = digits > 0 && hex.size() == digits && error == std::errc() &&
                         end == hex.data() + hex.size();
    if (!is_read || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
      refuse("an escape: \\t \\b \\n \\r \\f \\\" \\' \\\\, \\uXXXX or \\UXXXXXXXX");
    char bytes[4];
    text.append(bytes, put_utf8(code, bytes));
    rest_.remove_prefix(1 + digits);
  }

  std::string_view rest_;
};

}  // namespace

bool read_triple(std::string_view line, Term& subject, Term& predicate, Term& object) {
  LineScanner scanner(line);
  scanner.skip_space();
  if (scanner.at_end()) return false;
  subject = scanner.term();
  if (subject.kind == Term::Kind::Literal)
    throw std::invalid_argument("a literal as subject: allowed are IRIs and blank nodes");
  predicate = scanner.term();
  if (predicate.kind != Term::Kind::Iri) throw std::invalid_argument("a predicate that is no IRI");
  object = scanner.term();
  scanner.end();
  return true;
}

bool is_iri(std::string_view text) {
  size_t colon = 0;
  if (text.empty() || !is_letter(text[0])) return false;
  while (colon < text.size() && (is_letter(text[colon]) || is_digit(text[colon]) ||
                                 text[colon] == '+' || text[colon] == '-' || text[colon] == '.'))
    ++colon;
  if (colon == text.size() || text[colon] != ':') return false;
  for (const char c : text)
    if (!is_iri_character(c)) return false;
  return true;
}

bool is_blank_label(std::string_view text) {
  if (text.empty() || text.back() == '.') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins =
        is_letter(c) || is_digit(c) || c == '_' || c == ':' || static_cast<uint8_t>(c) >= 0x80;
    if (!begins && (i == 0 || (c != '-' && c != '.'))) return false;
  }
  return true;
}

std::string iri_of(std::string_view text, std::string_view prefix) {
  // What begins like one of ours would be read as another text.
  if (is_iri(text) && !text.starts_with("urn:saggio:")) return fmt::format("<{}>", text);
  std::string iri = fmt::format("<{}", prefix);
  for (const char c : text) {
    if (is_iri_character(c) && c != '%')
      iri += c;
    else
      fmt::format_to(std::back_inserter(iri), "%{:02X}", static_cast<uint8_t>(c));
  }
  return iri + ">";
}

std::string text_of_iri(std::string_view iri, std::string_view prefix) {
  if (!iri.starts_with(prefix)) return std::string(iri);
  iri.remove_prefix(prefix.size());
  std::string text;
  for (size_t i = 0; i < iri.size(); ++i) {
    uint8_t byte = 0;
    const char* const digits = iri.data() + i + 1;
    if (iri[i] == '%' && i + 2 < iri.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      text += static_cast<char>(byte);
      i += 2;
    } else {
      text += iri[i];
    }
  }
  return text;
}

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if ((static_cast<uint8_t>(c) < 0x20 && c != '\t') || c == 0x7F)
          fmt::format_to(std::back_inserter(out), "\\u{:04X}", static_cast<int>(c));
        else
          out += c;
    }
  }
  return out += '"';
}

}  // namespace saggio::graph
