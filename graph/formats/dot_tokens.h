// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>

// The words of the DOT language. Memory: the longest of them.
namespace saggio::graph {

class DotTokens {
 public:
  enum class Kind { Id, Quoted, Html, Sign, End };  // Sign: { } [ ] = ; , : -> --

  // Borrows `in`.
  DotTokens(std::istream& in, std::string name) : bytes_(*in.rdbuf()), name_(std::move(name)) {}

  // Reads the next word. Throws std::invalid_argument on what is none.
  void next();
  Kind kind() const { return kind_; }
  // The sign; an id as it means: of a quoted one, without quotes, \" and \\ as one character each, \n,
  // \l and \r as ends of lines.
  const std::string& text() const { return text_; }
  bool is(std::string_view sign) const { return kind_ == Kind::Sign && text_ == sign; }
  // "\N", which stands for the name of the node.
  bool is_name_again() const { return is_name_again_; }
  bool is_id() const { return kind_ == Kind::Id || kind_ == Kind::Quoted || kind_ == Kind::Html; }
  // A word of the language, in any case: "graph", "subgraph".
  bool is_word(std::string_view word) const;

  uint64_t line() const { return line_; }
  uint64_t lines() const { return line_ - 1 + ends_in_line_; }
  uint64_t comments() const { return comments_; }
  uint64_t carriage_returns() const { return carriage_returns_; }
  const std::string& name() const { return name_; }
  // Throws std::invalid_argument "NAME:LINE: what".
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  int get();
  int peek();
  void put(int byte);
  void skip_space_and_comments();
  void skip_line();
  void quoted();
  void quoted_part();
  void html();
  void bare();

  std::streambuf& bytes_;
  std::string name_, text_;
  Kind kind_ = Kind::End;
  uint64_t line_ = 1, comments_ = 0, carriage_returns_ = 0;
  bool ends_in_line_ = false, at_line_begin_ = true, is_name_again_ = false;
};

}  // namespace saggio::graph
