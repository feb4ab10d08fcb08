// SPDX-License-Identifier: MIT
#include "graph/formats/json_stream.h"

#include <iterator>

#include "graph/formats/json_text.h"
#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

using nlohmann::json;

// Finds where a document ends without understanding it: where its outermost bracket closes. One
// that is no array or object has no end but the stream's.
class Brackets {
 public:
  // Whether this byte closes the document.
  bool close(char byte) {
    if (in_text_) {
      in_text_ = escaped_ || byte != '"';
      escaped_ = !escaped_ && byte == '\\';
      return false;
    }
    in_text_ = byte == '"';
    if (byte == '{' || byte == '[') ++open_;
    if (byte != '}' && byte != ']') return false;
    return --open_ <= 0;
  }

 private:
  int64_t open_ = 0;
  bool in_text_ = false, escaped_ = false;
};

// The bytes of a stream as an input iterator that counts them; with brackets, those of the document
// that begins here.
class CountedBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  CountedBytes() = default;
  CountedBytes(std::streambuf& bytes, JsonProgress& progress, Brackets* brackets)
      : at_(&bytes), progress_(&progress), brackets_(brackets) {}

  char operator*() const { return *at_; }
  CountedBytes& operator++() {
    count(*at_);
    const bool closes = brackets_ && brackets_->close(*at_);
    ++at_;
    if (closes) at_ = {};
    return *this;
  }
  CountedBytes operator++(int) {
    CountedBytes before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountedBytes& other) const { return at_ == other.at_; }

 private:
  void count(char byte) {
    JsonProgress& p = *progress_;
    if (++p.element_bytes > kLongestLine)
      throw std::invalid_argument(fmt::format(
          "a node, an edge or an attribute of more than {} bytes, which is the most allowed",
          kLongestLine));
    p.carriage_returns += byte == '\r';
    p.ends_in_line = byte != '\n';
    if (byte == '\n') {
      p.blank += p.line_is_blank;
      ++p.line;
      p.line_is_blank = true;
    } else if (byte != ' ' && byte != '\t' && byte != '\r') {
      p.line_is_blank = false;
    }
  }

  std::istreambuf_iterator<char> at_;
  JsonProgress* progress_ = nullptr;
  Brackets* brackets_ = nullptr;
};

json parse(std::istream& in, JsonProgress& progress, const OnJson& take, Brackets* brackets) {
  json rest;
  or_refuse_json([&] {
    rest = json::parse(CountedBytes(*in.rdbuf(), progress, brackets), CountedBytes(), take);
  });
  return rest;
}

}  // namespace

json parse_json_stream(std::istream& in, JsonProgress& progress, const OnJson& take) {
  return parse(in, progress, take, nullptr);
}

std::optional<json> parse_next_json(std::istream& in, JsonProgress& progress, const OnJson& take) {
  CountedBytes at(*in.rdbuf(), progress, nullptr);
  for (; at != CountedBytes(); ++at)
    if (const char byte = *at; byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n') break;
  if (at == CountedBytes()) return std::nullopt;
  progress.element_bytes = 0;
  Brackets brackets;
  return parse(in, progress, take, &brackets);
}

void count_lines(const JsonProgress& progress, ImportReport& report) {
  report.lines = progress.line - 1 + progress.ends_in_line;
  report.blank = progress.blank;
  report.carriage_returns = progress.carriage_returns;
}

}  // namespace saggio::graph
