// SPDX-License-Identifier: MIT
#include "results/pages/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace saggio::results {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

using Named = std::pair<char32_t, std::string_view>;

// What plain pdflatex (OT1, utf8) needs spelled out.
constexpr std::array kLatexNames = {
    Named{U'\\', "\\textbackslash{}"},
    Named{U'{', "\\{"},
    Named{U'}', "\\}"},
    Named{U'$', "\\$"},
    Named{U'&', "\\&"},
    Named{U'#', "\\#"},
    Named{U'%', "\\%"},
    Named{U'_', "\\_"},
    Named{U'^', "\\textasciicircum{}"},
    Named{U'~', "\\textasciitilde{}"},
    Named{U'<', "$<$"},
    Named{U'>', "$>$"},
    Named{U'|', "\\textbar{}"},
    Named{U'"', "''"},
    Named{U'`', "\\`{}"},
    Named{U'−', "$-$"},
    Named{U'±', "$\\pm$"},
    Named{U'×', "$\\times$"},
    Named{U'÷', "$\\div$"},
    Named{U'≤', "$\\le$"},
    Named{U'≥', "$\\ge$"},
    Named{U'≈', "$\\approx$"},
    Named{U'≠', "$\\ne$"},
    Named{U'∞', "$\\infty$"},
    Named{U'→', "$\\to$"},
    Named{U'←', "$\\leftarrow$"},
    Named{U'↑', "$\\uparrow$"},
    Named{U'↓', "$\\downarrow$"},
    Named{U'∼', "$\\sim$"},
    Named{U'∈', "$\\in$"},
    Named{U'√', "$\\surd$"},
    Named{U'·', "$\\cdot$"},
    Named{U'…', "\\ldots{}"},
    Named{U'–', "--"},
    Named{U'—', "---"},
    Named{U'‘', "`"},
    Named{U'’', "'"},
    Named{U'“', "``"},
    Named{U'”', "''"},
    Named{U'†', "\\dag{}"},
    Named{U'‡', "\\ddag{}"},
    Named{U'§', "\\S{}"},
    Named{U'°', "$^{\\circ}$"},
    Named{U'²', "$^{2}$"},
    Named{U'³', "$^{3}$"},
    Named{U'¹', "$^{1}$"},
    Named{U'\u00A0', "~"},
    Named{U'\u202F', "\\,"},
    Named{U'α', "$\\alpha$"},
    Named{U'β', "$\\beta$"},
    Named{U'γ', "$\\gamma$"},
    Named{U'δ', "$\\delta$"},
    Named{U'ε', "$\\varepsilon$"},
    Named{U'ζ', "$\\zeta$"},
    Named{U'η', "$\\eta$"},
    Named{U'θ', "$\\theta$"},
    Named{U'ι', "$\\iota$"},
    Named{U'κ', "$\\kappa$"},
    Named{U'λ', "$\\lambda$"},
    Named{U'μ', "$\\mu$"},
    Named{U'µ', "$\\mu$"},
    Named{U'ν', "$\\nu$"},
    Named{U'ξ', "$\\xi$"},
    Named{U'π', "$\\pi$"},
    Named{U'ρ', "$\\rho$"},
    Named{U'σ', "$\\sigma$"},
    Named{U'τ', "$\\tau$"},
    Named{U'φ', "$\\varphi$"},
    Named{U'χ', "$\\chi$"},
    Named{U'ψ', "$\\psi$"},
    Named{U'ω', "$\\omega$"},
    Named{U'Γ', "$\\Gamma$"},
    Named{U'Δ', "$\\Delta$"},
    Named{U'Θ', "$\\Theta$"},
    Named{U'Λ', "$\\Lambda$"},
    Named{U'Π', "$\\Pi$"},
    Named{U'Σ', "$\\Sigma$"},
    Named{U'Φ', "$\\Phi$"},
    Named{U'Ψ', "$\\Psi$"},
    Named{U'Ω', "$\\Omega$"},
};

// Accented letters of Latin-1 and Latin Extended-A that OT1 cannot compose.
constexpr std::u32string_view kNotInLatex = U"ÐÞðþĄąĐđĘęĦħĮįĸĿŀŉŊŋŦŧŲųſ";

bool latex_letter(char32_t c) {
  return c >= 0xC0 && c < 0x180 && kNotInLatex.find(c) == std::u32string_view::npos;
}

std::string_view named(char32_t c) {
  const auto* found = std::find_if(
      kLatexNames.begin(), kLatexNames.end(), [c](const Named& entry) { return entry.first == c; });
  return found == kLatexNames.end() ? std::string_view{} : found->second;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

// The well-formed sequence at the start of `text`: its length, and its character.
std::pair<size_t, char32_t> decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {1, kReplacement};
  char32_t c = lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {1, kReplacement};
    c = (c << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  const bool surrogate = c >= 0xD800 && c < 0xE000;
  return overlong || surrogate || c > 0x10FFFF ? std::pair<size_t, char32_t>{1, kReplacement}
                                               : std::pair<size_t, char32_t>{length, c};
}

// `spell` gives the replacement of a character, or nothing to keep it.
template <typename Spell>
std::string escape(std::string_view text, Spell spell) {
  std::string out;
  for (const char32_t c : code_points(text)) {
    const char32_t visible = is_control(c) ? U' ' : c;
    const std::string replacement = spell(visible);
    out += replacement.empty() ? utf8({&visible, 1}) : replacement;
  }
  return out;
}

size_t width_of(char32_t c) {
  const auto in = [c](char32_t low, char32_t high) { return c >= low && c <= high; };
  if (in(0x300, 0x36F) || in(0x200B, 0x200F) || in(0xFE00, 0xFE0F)) return 0;
  const bool wide = in(0x1100, 0x115F) || in(0x2E80, 0xA4CF) || in(0xAC00, 0xD7A3) ||
                    in(0xF900, 0xFAFF) || in(0xFE30, 0xFE6F) || in(0xFF00, 0xFF60) ||
                    in(0xFFE0, 0xFFE6) || in(0x1F300, 0x1FAFF) || in(0x20000, 0x3FFFD);
  return wide ? 2 : 1;
}

}  // namespace

std::u32string code_points(std::string_view text) {
  std::u32string points;
  while (!text.empty()) {
    const auto [length, c] = decode(text);
    points += c;
    text.remove_prefix(length);
  }
  return points;
}

std::string utf8(std::u32string_view text) {
  std::string out;
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  for (const char32_t c : text) {
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0U | (c >> 6U)), put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
      put(0xE0U | (c >> 12U)), put(0x80U | ((c >> 6U) & 0x3FU)), put(0x80U | (c & 0x3FU));
    } else {
      put(0xF0U | (c >> 18U)), put(0x80U | ((c >> 12U) & 0x3FU));
      put(0x80U | ((c >> 6U) & 0x3FU)), put(0x80U | (c & 0x3FU));
    }
  }
  return out;
}

std::string escape_html(std::string_view text) {
  return escape(text, [](char32_t c) -> std::string {
    switch (c) {
      case U'&':
        return "&amp;";
      case U'<':
        return "&lt;";
      case U'>':
        return "&gt;";
      case U'"':
        return "&quot;";
      case U'\'':
        return "&#39;";
      default:
        return "";
    }
  });
}

std::string escape_latex(std::string_view text) {
  return escape(text, [](char32_t c) -> std::string {
    const std::string_view name = named(c);
    if (!name.empty()) return std::string(name);
    if (c < 0x80 || latex_letter(c)) return "";
    return fmt::format("[U+{:04X}]", static_cast<uint32_t>(c));
  });
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kSpecial = "\\|`*_<>[]~#$";
  const std::string clean = escape_control(text);
  const auto is_word = [&clean](size_t at) {
    return at < clean.size() && std::isalnum(static_cast<unsigned char>(clean[at])) != 0;
  };
  std::string out;
  for (size_t i = 0; i < clean.size(); ++i) {
    const bool inside_a_word = clean[i] == '_' && i > 0 && is_word(i - 1) && is_word(i + 1);
    if (kSpecial.find(clean[i]) != std::string_view::npos && !inside_a_word) out += '\\';
    out += clean[i];
  }
  return out;
}

std::string escape_control(std::string_view text) {
  return escape(text, [](char32_t) { return std::string(); });
}

std::string escape_csv(std::string_view text) {
  const std::string clean = escape_control(text);
  if (clean.find_first_of(",\"") == std::string::npos) return clean;
  std::string out = "\"";
  for (const char c : clean) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string quote_gnuplot(std::string_view text) {
  const std::string inside = escape(text, [](char32_t c) -> std::string {
    if (c == U'\'') return "''";
    const bool special = c < 0x80 && std::string_view("\\_^{}@&~").find(static_cast<char>(c)) !=
                                         std::string_view::npos;
    return special ? std::string{'\\', static_cast<char>(c)} : "";
  });
  return "'" + inside + "'";
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  for (const char32_t c : code_points(text)) width += width_of(c);
  return width;
}

std::vector<std::string> wrap(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (word.empty()) continue;
    const bool fits = display_width(line) + 1 + display_width(word) <= width;
    if (!line.empty() && !fits) lines.push_back(std::exchange(line, {}));
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace saggio::results
