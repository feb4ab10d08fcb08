// SPDX-License-Identifier: MIT
#include "graph/formats/xml_reader.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

constexpr size_t kPiece = size_t{1} << 16;  // bytes that are parsed at once

// What Expat's words do not tell how to mend.
std::string words_for(XML_Error error, bool in_element) {
  switch (error) {
    case XML_ERROR_NO_ELEMENTS:
      return in_element ? "the end of the file within an element: it is not whole"
                        : "no element: is this XML?";
    case XML_ERROR_TAG_MISMATCH:
      return "a closing tag that is not that of the element that is open";
    case XML_ERROR_SYNTAX:
      return "text outside of the root element: is this XML?";
    case XML_ERROR_INVALID_TOKEN:
      return "not well-formed: within texts and values write &amp; for & and &lt; for <; bytes "
             "must "
             "be of the encoding that the first line declares, or else UTF-8";
    case XML_ERROR_UNDEFINED_ENTITY:
      return "an entity that XML does not have, allowed &amp; &lt; &gt; &quot; &apos; and "
             "&#NUMBER;";
    case XML_ERROR_UNKNOWN_ENCODING:
      return "its encoding is unknown, allowed UTF-8, UTF-16, ISO-8859-1, US-ASCII; convert the "
             "file "
             "by iconv and change its first line";
    case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
      return "something behind the root element: allowed is one";
    default:
      return XML_ErrorString(error);
  }
}

}  // namespace

// Expat calls back; what it says of one piece of the input waits here in order.
class XmlReader::Parser {
 public:
  Parser() : parser_(XML_ParserCreate(nullptr)) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, on_start, on_end);
    XML_SetCharacterDataHandler(parser_, on_text);
    XML_SetStartDoctypeDeclHandler(parser_, on_doctype);
  }
  ~Parser() { XML_ParserFree(parser_); }
  Parser(const Parser&) = delete;

  struct Item {
    Token token = Token::Done;
    uint64_t line = 0;
    size_t begin = 0, end = 0;        // its name or text, in bytes_
    size_t attributes = 0, last = 0;  // in pairs_
  };

  // Forgets what was waiting. A complaint is behind the last token.
  void parse(std::string_view piece, bool is_last);
  // Bytes of a token that has not ended yet, which Expat keeps and will read again from its begin.
  size_t pending() const;
  const Item* take() { return at_ < items_.size() ? &items_[at_++] : nullptr; }
  std::string_view view(size_t begin, size_t end) const {
    return std::string_view(bytes_).substr(begin, end - begin);
  }
  void give(const Item& item, std::vector<XmlAttribute>& attributes) const;

  const std::string& complaint() const { return complaint_; }
  uint64_t complaint_line() const { return complaint_line_; }

 private:
  struct Pair {
    size_t begin, middle, end;  // a name and a value behind it, in bytes_
  };

  static void on_start(void* self, const char* name, const char** attributes) {
    static_cast<Parser*>(self)->start(name, attributes);
  }
  static void on_end(void* self, const char* name) {
    auto& parser = *static_cast<Parser*>(self);
    --parser.depth_;
    parser.put(Token::End, name);
  }
  static void on_text(void* self, const char* text, int size) {
    static_cast<Parser*>(self)->text({text, static_cast<size_t>(size)});
  }
  static void on_doctype(void* self, const char*, const char*, const char*, int) {
    static_cast<Parser*>(self)->stop(
        "a document type declaration (<!DOCTYPE), which could define entities and name other "
        "files: refused; take it out of the file");
  }

  uint64_t line() const { return XML_GetCurrentLineNumber(parser_); }
  void put(Token token, std::string_view text);
  void start(const char* name, const char** attributes);
  void text(std::string_view text);
  void stop(std::string what);

  XML_Parser parser_;
  std::string bytes_;
  std::vector<Item> items_;
  std::vector<Pair> pairs_;
  size_t at_ = 0, depth_ = 0;
  size_t fed_ = 0;  // bytes
  std::string complaint_;
  uint64_t complaint_line_ = 0;
};

size_t XmlReader::Parser::pending() const {
  const auto parsed = XML_GetCurrentByteIndex(parser_);
  return parsed < 0 ? 0 : fed_ - static_cast<size_t>(parsed);
}

void XmlReader::Parser::parse(std::string_view piece, bool is_last) {
  bytes_.clear();
  items_.clear();
  pairs_.clear();
  at_ = 0;
  fed_ += piece.size();
  const auto status = XML_Parse(parser_, piece.data(), static_cast<int>(piece.size()), is_last);
  if (status != XML_STATUS_OK && complaint_.empty()) {
    complaint_line_ = line();
    complaint_ = words_for(XML_GetErrorCode(parser_), depth_ > 0);
  } else if (!is_last && pending() > kLongestLine) {
    stop(fmt::format("a tag or comment of more than {} bytes, which is the most allowed",
                     kLongestLine));
  }
}

void XmlReader::Parser::give(const Item& item, std::vector<XmlAttribute>& attributes) const {
  attributes.clear();
  for (size_t i = item.attributes; i < item.last; ++i)
    attributes.push_back(
        {view(pairs_[i].begin, pairs_[i].middle), view(pairs_[i].middle, pairs_[i].end)});
}

void XmlReader::Parser::put(Token token, std::string_view text) {
  const size_t begin = bytes_.size();
  bytes_.append(text);
  items_.push_back({token, line(), begin, bytes_.size(), pairs_.size(), pairs_.size()});
}

void XmlReader::Parser::start(const char* name, const char** attributes) {
  if (!complaint_.empty()) return;
  if (++depth_ > kDeepestXml)
    return stop(fmt::format("more than {} elements within each other, which is the most allowed",
                            kDeepestXml));
  put(Token::Start, name);
  for (; *attributes; attributes += 2) {
    const size_t begin = bytes_.size();
    bytes_.append(attributes[0]);
    const size_t middle = bytes_.size();
    bytes_.append(attributes[1]);
    pairs_.push_back({begin, middle, bytes_.size()});
  }
  Item& item = items_.back();
  item.last = pairs_.size();
  if (item.last - item.attributes > kMostAttributes)
    stop(fmt::format("<{}> has more than {} attributes", clean(name), kMostAttributes));
}

// Expat gives a text line by line; as one it is cheaper.
void XmlReader::Parser::text(std::string_view text) {
  const bool goes_on = !items_.empty() && items_.back().token == Token::Text;
  if (!goes_on) return put(Token::Text, text);
  bytes_.append(text);
  items_.back().end = bytes_.size();
}

void XmlReader::Parser::stop(std::string what) {
  if (!complaint_.empty()) return;
  complaint_ = std::move(what);
  complaint_line_ = line();
  XML_StopParser(parser_, XML_FALSE);
}

// ---

XmlReader::XmlReader(std::istream& in, std::string name)
    : in_(in), input_(std::move(name)), parser_(std::make_unique<Parser>()) {}
XmlReader::~XmlReader() = default;

// False: the input is over.
bool XmlReader::fill() {
  if (!parser_->complaint().empty()) {
    line_ = parser_->complaint_line();
    refuse(parser_->complaint());
  }
  if (is_over_) return false;
  // Never less than what is pending, so that a long token is read again only so often.
  std::string piece(std::max(kPiece, parser_->pending()), '\0');
  in_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  piece.resize(static_cast<size_t>(in_.gcount()));
  if (in_.bad()) throw std::runtime_error(input_ + ": cannot be read");
  const auto count = [&](char c) {
    return static_cast<uint64_t>(std::count(piece.begin(), piece.end(), c));
  };
  lines_ += count('\n');
  carriage_returns_ += count('\r');
  is_over_ = piece.empty();
  if (is_over_)
    lines_ += ends_in_line_;
  else
    ends_in_line_ = piece.back() != '\n';
  parser_->parse(piece, is_over_);
  return true;
}

XmlReader::Token XmlReader::next() {
  const Parser::Item* item = nullptr;
  while (!(item = parser_->take()))
    if (!fill()) return Token::Done;
  line_ = item->line;
  (item->token == Token::Text ? text_ : name_) = parser_->view(item->begin, item->end);
  if (item->token == Token::Start) {
    parser_->give(*item, attributes_);
    ++depth_;
  } else if (item->token == Token::End) {
    --depth_;
  }
  return item->token;
}

std::optional<std::string_view> XmlReader::attribute(std::string_view name) const {
  for (const XmlAttribute& known : attributes_)
    if (known.name == name) return known.value;
  return std::nullopt;
}

std::string_view XmlReader::needed(std::string_view name) const {
  const auto value = attribute(name);
  if (!value) refuse(fmt::format("<{}> without its attribute {}", name_, name));
  return *value;
}

void XmlReader::skip() {
  for (const size_t depth = depth_ - 1; depth_ > depth;) next();
}

std::string XmlReader::all_text() {
  std::string text;
  for (const size_t depth = depth_ - 1; depth_ > depth;)
    if (next() == Token::Text) {
      if (text.size() + text_.size() > kLongestLine)
        refuse(
            fmt::format("a text of more than {} bytes, which is the most allowed", kLongestLine));
      text += text_;
    }
  return text;
}

void XmlReader::refuse(std::string_view what) const {
  throw std::invalid_argument(fmt::format("{}:{}: {}", input_, line_, what));
}

}  // namespace saggio::graph
