// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// XML 1.0 from strangers, token by token: strict, in UTF-8, without document type declarations, so
// that there are no entities but the five that XML has. It checks that a document is well formed,
// and knows nothing of namespaces: a prefix is a part of the name. Memory: the longest token.
namespace saggio::graph {

inline constexpr size_t kDeepestXml = 256;      // elements within each other
inline constexpr size_t kMostAttributes = 256;  // of one element

struct XmlAttribute {
  std::string_view name, value;
};

class XmlReader {
 public:
  enum class Token { Start, End, Text, Done };

  // `name`: of the input, as messages tell it. Borrows `in`.
  XmlReader(std::istream& in, std::string name) : in_(in), input_(std::move(name)) {}

  // The next token; an empty element is a start and an end; comments and processing instructions
  // are passed over; a text may come in several pieces. What it gives is borrowed until the next
  // call. Throws std::invalid_argument on what is not well formed or not allowed,
  // std::runtime_error if the input cannot be read.
  Token next();

  std::string_view name() const { return name_; }  // of the element that starts or ends
  std::string_view text() const { return text_; }
  const std::vector<XmlAttribute>& attributes() const { return attributes_; }  // of a start
  std::optional<std::string_view> attribute(std::string_view name) const;
  // The same; refuses the element if it has none.
  std::string_view needed(std::string_view attribute) const;

  // After a start: up to its end, which is taken.
  void skip();
  // The same; all text in it, that of the elements in it as well.
  std::string all_text();

  const std::string& input() const { return input_; }
  uint64_t line() const;   // of the token, from 1
  uint64_t lines() const;  // of the input so far
  uint64_t carriage_returns() const { return carriage_returns_; }
  // Throws std::invalid_argument "NAME:LINE: what".
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  bool fill();
  void check_bytes();
  bool has(std::string_view text);
  size_t find(char byte, size_t from);
  size_t find(std::string_view text, size_t from, std::string_view what);
  size_t end_of_tag();
  void begin_document();
  void declaration(std::string_view text) const;
  bool markup();
  void plain_text();
  void start_tag();
  void end_tag();
  void read_attributes(size_t at, size_t end);
  void close();
  std::string_view decode(size_t begin, size_t end, bool of_attribute);
  size_t reference(size_t at, size_t end, size_t& out);

  std::istream& in_;
  std::string input_, buffer_;
  size_t begin_ = 0, at_ = 0;  // of the token; behind it
  size_t checked_ = 0;         // bytes of the buffer that are known to be UTF-8
  uint64_t lines_before_ = 0, carriage_returns_ = 0;  // in what has left the buffer; read
  bool began_ = false, ended_ = false, empty_element_ = false, last_is_line_feed_ = true;
  std::string_view name_, text_;
  std::vector<XmlAttribute> attributes_;
  std::vector<std::string> open_;  // names; the first depth_ count
  size_t depth_ = 0;
};

}  // namespace saggio::graph
