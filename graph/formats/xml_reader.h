// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// XML 1.0 from strangers, token by token, by Expat: strict, and without document type declarations,
// so that there are no entities but the five that XML has. It knows nothing of namespaces: a prefix
// is a part of the name. Texts are UTF-8, whatever of UTF-8, UTF-16, ISO-8859-1 and ASCII the file
// declares. Memory: the longest token.
namespace saggio::graph {

inline constexpr size_t kDeepestXml = 256;      // elements within each other
inline constexpr size_t kMostAttributes = 256;  // of one element

struct XmlAttribute {
  std::string_view name, value;
};

class XmlReader {
 public:
  enum class Token : uint8_t { Start, End, Text, Done };

  // `name`: of the input, as messages tell it. Borrows `in`.
  XmlReader(std::istream& in, std::string name);
  ~XmlReader();

  // The next token; an empty element is a start and an end; comments and processing instructions
  // are passed over; a text may come in several pieces. What it gives is borrowed until the next
  // call. Throws std::invalid_argument on what is not well formed or not allowed, after all tokens
  // before it; std::runtime_error if the input cannot be read.
  Token next();

  std::string_view name() const { return name_; }  // of the element that starts or ends
  std::string_view text() const { return text_; }
  const std::vector<XmlAttribute>& attributes() const { return attributes_; }  // of a start
  std::optional<std::string_view> attribute(std::string_view name) const;
  // The same; refuses the element if it has none.
  std::string_view needed(std::string_view attribute) const;

  // After a start: calls child(name) for each element in it, up to its end, which is taken; `child`
  // takes its element whole.
  template <typename Child>
  void children(const Child& child) {
    for (Token token = next(); token != Token::End; token = next())
      if (token == Token::Start) child(name());
  }
  // The same, without a look at them.
  void skip();
  // The same; all text in it, that of the elements in it as well.
  std::string all_text();

  const std::string& input() const { return input_; }
  uint64_t line() const { return line_; }    // of the token, from 1
  uint64_t lines() const { return lines_; }  // of the input so far
  uint64_t carriage_returns() const { return carriage_returns_; }
  // Throws std::invalid_argument "NAME:LINE: what".
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  class Parser;

  bool fill();

  std::istream& in_;
  std::string input_;
  std::unique_ptr<Parser> parser_;  // tokens of the bytes that were read last
  uint64_t line_ = 1, lines_ = 0, carriage_returns_ = 0;
  bool ends_in_line_ = false;  // the last byte was no line feed
  bool is_over_ = false;
  size_t depth_ = 0;
  std::string_view name_, text_;
  std::vector<XmlAttribute> attributes_;
};

}  // namespace saggio::graph
