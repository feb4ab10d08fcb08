// SPDX-License-Identifier: MIT
#include "graph/formats/xml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

constexpr size_t kPiece = size_t{1} << 18;  // bytes that are read at once
constexpr std::string_view kSpace = " \t\r\n";

bool is_space(char c) { return kSpace.find(c) != std::string_view::npos; }

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<uint8_t>(c) >= 0x80;
}

size_t end_of_name(std::string_view text, size_t at) {
  if (at >= text.size() || !begins_name(text[at])) return at;
  while (at < text.size() && (begins_name(text[at]) || text[at] == '-' || text[at] == '.' ||
                              (text[at] >= '0' && text[at] <= '9')))
    ++at;
  return at;
}

// XML 1.0, 2.2: the characters that a document may hold.
bool is_character(uint32_t code) {
  return code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xD800) ||
         (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code < 0x110000);
}

uint64_t count(std::string_view text, char byte) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), byte));
}

}  // namespace

// --- bytes

// Reads more behind the buffer and drops what stands before the token. False: there is no more.
bool XmlReader::fill() {
  if (begin_ > 0) {
    lines_before_ += count({buffer_.data(), begin_}, '\n');
    buffer_.erase(0, begin_);
    at_ -= begin_;
    checked_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() > kLongestLine)
    refuse(fmt::format("a tag, text or comment of more than {} bytes, which is the most allowed",
                       kLongestLine));
  const size_t before = buffer_.size();
  buffer_.resize(before + kPiece);
  in_.read(buffer_.data() + before, kPiece);
  buffer_.resize(before + static_cast<size_t>(in_.gcount()));
  if (in_.bad()) throw std::runtime_error(input_ + ": cannot be read");
  if (buffer_.size() == before) {
    if (checked_ < before) refuse("the end comes within a character: the file is not whole");
    return false;
  }
  carriage_returns_ += count(std::string_view(buffer_).substr(before), '\r');
  last_is_line_feed_ = buffer_.back() == '\n';
  check_bytes();
  return true;
}

// All characters that are whole are UTF-8 and allowed in XML.
void XmlReader::check_bytes() {
  const std::string_view fresh = std::string_view(buffer_).substr(checked_);
  bool plain = true;  // all of it is printable ASCII or white space
  for (const char c : fresh) plain &= c >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  if (plain) return void(checked_ = buffer_.size());
  const auto refuse_byte = [&](size_t at, const char* what) {
    const uint64_t on_line = 1 + lines_before_ + count({buffer_.data(), checked_ + at}, '\n');
    throw std::invalid_argument(fmt::format(
        "{}:{}: byte {:#04x} {}", input_, on_line, static_cast<uint8_t>(fresh[at]), what));
  };
  const size_t bad = first_not_utf8(fresh);
  const bool is_cut = bad != std::string_view::npos && fresh.size() - bad < 4 &&
                      static_cast<uint8_t>(fresh[bad]) >= 0xC2;
  if (bad != std::string_view::npos && !is_cut)
    refuse_byte(bad, "is not UTF-8; convert the file, for example by `iconv -f latin1 -t utf-8`");
  const size_t whole = std::min(bad, fresh.size());
  for (size_t i = 0; i < whole; ++i)
    if (static_cast<uint8_t>(fresh[i]) < 0x20 && !is_space(fresh[i]))
      refuse_byte(i, "is a control character, which XML does not allow");
  checked_ += whole;
}

// Whether this text stands at at_.
bool XmlReader::has(std::string_view text) {
  while (buffer_.size() - at_ < text.size())
    if (!fill()) return false;
  return std::string_view(buffer_).substr(at_, text.size()) == text;
}

// Where the byte stands, or the end of the input.
size_t XmlReader::find(char byte, size_t from) {
  for (size_t offset = from - begin_;;) {
    const size_t found = buffer_.find(byte, begin_ + offset);
    if (found != std::string::npos) return found;
    offset = buffer_.size() - begin_;
    if (!fill()) return buffer_.size();
  }
}

size_t XmlReader::find(std::string_view text, size_t from, std::string_view what) {
  for (size_t offset = from - begin_;;) {
    const size_t found = buffer_.find(text, begin_ + offset);
    if (found != std::string::npos) return found;
    const size_t overlap = std::min(buffer_.size() - begin_, text.size() - 1);
    offset = std::max(offset, buffer_.size() - begin_ - overlap);
    if (!fill()) refuse(fmt::format("{} without its end, {}", what, shown(text)));
  }
}

// --- tokens

XmlReader::Token XmlReader::next() {
  if (empty_element_) {
    empty_element_ = false;
    close();
    return Token::End;
  }
  if (!began_) begin_document();
  for (;;) {
    begin_ = at_;
    if (at_ == buffer_.size() && !fill()) break;
    if (buffer_[at_] != '<') {
      plain_text();
      if (depth_ > 0) return Token::Text;
      continue;
    }
    if (has("</")) return end_tag(), Token::End;
    if (has("<!") || has("<?")) {
      if (markup()) return Token::Text;
      continue;
    }
    return start_tag(), Token::Start;
  }
  if (depth_ > 0) refuse(fmt::format("the end of the file within <{}>", open_[depth_ - 1]));
  if (!ended_) refuse("no element: is this XML?");
  return Token::Done;
}

void XmlReader::begin_document() {
  began_ = true;
  if (has("\xEF\xBB\xBF")) at_ = 3;
  begin_ = at_;
  if (!has("<?xml")) return;
  const size_t end = find("?>", at_, "an XML declaration");
  declaration(std::string_view(buffer_).substr(at_, end - at_));
  at_ = end + 2;
}

void XmlReader::declaration(std::string_view text) const {
  const size_t at = text.find("encoding");
  if (at == std::string_view::npos) return;
  const size_t open = text.find_first_of("'\"", at);
  if (open == std::string_view::npos) refuse("an XML declaration whose encoding has no quotes");
  std::string_view value = text.substr(open + 1);
  value = value.substr(0, value.find(text[open]));
  std::string upper(value);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (upper != "UTF-8" && upper != "UTF8" && upper != "ASCII" && upper != "US-ASCII")
    refuse(
        fmt::format("encoding = {}, allowed UTF-8; convert the file by iconv and change this line",
                    shown(value)));
}

// What begins by <! or <?; true if it is a text.
bool XmlReader::markup() {
  if (has("<!--")) {
    const size_t end = find("--", at_ + 4, "a comment");
    at_ = end + 2;
    if (!has(">")) refuse("-- within a comment, which XML does not allow");
    ++at_;
    return false;
  }
  if (has("<![CDATA[")) {
    if (depth_ == 0) refuse("text outside of the root element");
    const size_t end = find("]]>", at_ + 9, "a CDATA section");
    text_ = std::string_view(buffer_).substr(at_ + 9, end - at_ - 9);
    at_ = end + 3;
    return true;
  }
  if (has("<?")) {
    at_ = find("?>", at_ + 2, "a processing instruction") + 2;
    return false;
  }
  refuse(
      "a document type declaration (<!DOCTYPE), which could define entities and name other files: "
      "refused; take it out of the file");
}

void XmlReader::plain_text() {
  at_ = find('<', at_);
  if (depth_ == 0) {
    const std::string_view between = std::string_view(buffer_).substr(begin_, at_ - begin_);
    if (between.find_first_not_of(kSpace) != std::string_view::npos)
      refuse("text outside of the root element: is this XML?");
    return;
  }
  text_ = decode(begin_, at_, false);
}

// The > of a tag, which may stand in quotes before.
size_t XmlReader::end_of_tag() {
  for (size_t offset = at_ + 1 - begin_;;) {
    const size_t found = buffer_.find_first_of("\"'<>", begin_ + offset);
    if (found == std::string::npos) {
      offset = buffer_.size() - begin_;
      if (!fill()) refuse("the end of the file within a tag");
      continue;
    }
    if (buffer_[found] == '>') return found;
    if (buffer_[found] == '<') refuse("< within a tag: write &lt;");
    const size_t quote = found - begin_, close = find(buffer_[found], found + 1);
    if (close == buffer_.size())
      refuse(fmt::format("an attribute without its closing {}", buffer_[begin_ + quote]));
    offset = close + 1 - begin_;
  }
}

void XmlReader::start_tag() {
  if (depth_ == 0 && ended_) refuse("a second root element: allowed is one");
  size_t end = end_of_tag();
  at_ = end + 1;
  empty_element_ = buffer_[end - 1] == '/';
  if (empty_element_) --end;
  const std::string_view tag = std::string_view(buffer_).substr(0, end);
  const size_t name_end = end_of_name(tag, begin_ + 1);
  name_ = tag.substr(begin_ + 1, name_end - begin_ - 1);
  if (name_.empty()) refuse("< without a name behind it: write &lt;");
  if (depth_ == kDeepestXml)
    refuse(fmt::format("more than {} elements within each other, which is the most allowed",
                       kDeepestXml));
  if (open_.size() == depth_) open_.emplace_back();
  open_[depth_++] = name_;
  read_attributes(name_end, end);
}

void XmlReader::read_attributes(size_t at, size_t end) {
  attributes_.clear();
  const std::string_view tag = std::string_view(buffer_).substr(0, end);
  const auto skip_space = [&] {
    const size_t from = at;
    while (at < end && is_space(tag[at])) ++at;
    return at > from;
  };
  while (skip_space() && at < end) {
    const size_t name_end = end_of_name(tag, at);
    const std::string_view name = tag.substr(at, name_end - at);
    at = name_end;
    skip_space();
    const bool has_value = !name.empty() && at < end && tag[at] == '=';
    if (has_value) ++at;
    skip_space();
    if (!has_value || at == end || (tag[at] != '"' && tag[at] != '\''))
      refuse(fmt::format("attribute {} of <{}>: allowed is name=\"value\"", shown(name), name_));
    const size_t close = tag.find(tag[at], at + 1);
    if (close == std::string_view::npos) refuse("an attribute without its closing quote");
    if (tag.substr(at, close - at).find('<') != std::string_view::npos)
      refuse(fmt::format("< within attribute {}: write &lt;", shown(name)));
    if (attribute(name)) refuse(fmt::format("<{}> has attribute {} twice", name_, shown(name)));
    if (attributes_.size() == kMostAttributes)
      refuse(fmt::format("<{}> has more than {} attributes", name_, kMostAttributes));
    attributes_.push_back({name, decode(at + 1, close, true)});
    at = close + 1;
  }
  if (at < end) refuse(fmt::format("<{}>: attributes stand apart by white space", name_));
}

void XmlReader::end_tag() {
  const size_t end = find('>', at_);
  if (end == buffer_.size()) refuse("the end of the file within a tag");
  at_ = end + 1;
  std::string_view name = std::string_view(buffer_).substr(begin_ + 2, end - begin_ - 2);
  while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
  if (depth_ == 0 || name != open_[depth_ - 1])
    refuse(fmt::format("</{}>, expected {}",
                       clean(name),
                       depth_ == 0 ? "an element" : fmt::format("</{}>", open_[depth_ - 1])));
  close();
}

void XmlReader::close() {
  name_ = open_[--depth_];
  ended_ = depth_ == 0;
}

// --- texts

// A text without its references and with line ends as XML sees them, in place: none gets longer.
std::string_view XmlReader::decode(size_t begin, size_t end, bool of_attribute) {
  const std::string_view raw = std::string_view(buffer_).substr(begin, end - begin);
  const size_t special = raw.find_first_of(of_attribute ? "&\r\n\t" : "&\r]");
  if (special == std::string_view::npos) return raw;
  const uint64_t lines = count(raw, '\n');
  size_t out = begin + special;
  for (size_t at = out; at < end; ++at) {
    const char c = buffer_[at];
    if (c == '&') {
      at = reference(at, end, out);
    } else if (c == '\r') {
      if (at + 1 < end && buffer_[at + 1] == '\n') continue;
      buffer_[out++] = of_attribute ? ' ' : '\n';
    } else if (of_attribute && (c == '\n' || c == '\t')) {
      buffer_[out++] = ' ';
    } else {
      if (c == ']' && !of_attribute && buffer_.compare(at, 3, "]]>") == 0)
        refuse("]]> within a text: write ]]&gt;");
      buffer_[out++] = c;
    }
  }
  lines_before_ += lines - count(raw, '\n');  // what stands there now is counted later
  return std::string_view(buffer_).substr(begin, out - begin);
}

// Puts what a reference stands for at `out`; returns where its ; stands.
size_t XmlReader::reference(size_t at, size_t end, size_t& out) {
  const size_t close = buffer_.find(';', at);
  if (close == std::string::npos || close >= end || close - at > 12)
    refuse("& without a reference behind it: write &amp;");
  const std::string_view name = std::string_view(buffer_).substr(at + 1, close - at - 1);
  constexpr std::pair<std::string_view, char> kKnown[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, c] : kKnown)
    if (name == known) return buffer_[out++] = c, close;
  uint32_t code = 0;
  const bool hex = name.starts_with("#x");
  const std::string_view digits = name.substr(std::min(name.size(), size_t{hex ? 2u : 1u}));
  const auto [last, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (!name.starts_with('#') || error != std::errc() || last != digits.data() + digits.size())
    refuse(fmt::format("entity {}, allowed &amp; &lt; &gt; &quot; &apos; and &#NUMBER;",
                       shown("&" + std::string(name) + ";")));
  if (!is_character(code)) refuse(fmt::format("&{}; is no character that XML allows", clean(name)));
  out = static_cast<size_t>(put_utf8(code, buffer_.data() + out) - buffer_.data());
  return close;
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

uint64_t XmlReader::line() const {
  return 1 + lines_before_ + count({buffer_.data(), begin_}, '\n');
}

uint64_t XmlReader::lines() const {
  return lines_before_ + count(buffer_, '\n') + !last_is_line_feed_;
}

void XmlReader::refuse(std::string_view what) const {
  throw std::invalid_argument(fmt::format("{}:{}: {}", input_, line(), what));
}

}  // namespace saggio::graph
