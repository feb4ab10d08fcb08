// SPDX-License-Identifier: MIT
#include "results/pages/report_picture.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "results/pages/escape.h"
#include "results/store/files.h"

namespace saggio::results {
namespace {

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // the encoder ends with a zero byte
  ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                    reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
  out.pop_back();
  return out;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view why) {
  throw std::runtime_error(fmt::format(
      "{}: {}; a report takes SVG and PNG pictures without scripts", file.string(), why));
}

// Inline, a picture's code would run with the page's.
void refuse_scripts(const std::string& svg, const std::filesystem::path& file) {
  const std::string text = lower(svg);
  for (const std::string_view part : {"<script", "<foreignobject", "javascript:", "<!entity"}) {
    if (text.find(part) != std::string::npos) refuse(file, fmt::format("holds '{}'", part));
  }
  for (size_t at = text.find("on"); at != std::string::npos; at = text.find("on", at + 1)) {
    const bool starts = at > 0 && std::isspace(static_cast<unsigned char>(text[at - 1])) != 0;
    size_t end = at;
    while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])) != 0) ++end;
    const bool attribute = text.compare(end, 2, "=\"") == 0 || text.compare(end, 2, "='") == 0;
    if (starts && attribute) refuse(file, fmt::format("holds '{}'", text.substr(at, end - at)));
  }
}

std::string attribute(const std::string& tag, std::string_view name) {
  for (const char quote : {'"', '\''}) {
    const std::string key = fmt::format("{}={}", name, quote);
    const size_t at = tag.find(key);
    if (at == std::string::npos) continue;
    const size_t begin = at + key.size();
    return tag.substr(begin, tag.find(quote, begin) - begin);
  }
  return "";
}

// Ids are of the whole page, so each picture's get a name of their own.
std::string with_prefix(std::string svg, const std::string& prefix) {
  for (const std::string_view key : {" id=\"", " id='", "href=\"#", "href='#", "url(#"}) {
    for (size_t at = svg.find(key); at != std::string::npos; at = svg.find(key, at + 1)) {
      svg.insert(at + key.size(), prefix);
    }
  }
  return svg;
}

std::string inline_svg(const std::string& file_text,
                       const std::filesystem::path& file,
                       const std::string& prefix,
                       const std::string& description) {
  refuse_scripts(file_text, file);
  const size_t begin = file_text.find("<svg");
  const size_t end = file_text.find('>', begin);
  if (begin == std::string::npos || end == std::string::npos) refuse(file, "is no SVG");
  const std::string tag = file_text.substr(begin, end - begin);
  std::string box = attribute(tag, "viewBox");
  if (box.empty()) {
    box = fmt::format("0 0 {} {}", attribute(tag, "width"), attribute(tag, "height"));
  }
  return fmt::format(
      "<svg viewBox=\"{}\" xmlns=\"http://www.w3.org/2000/svg\" "
      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" aria-label=\"{}\">{}",
      escape_html(box),
      escape_html(description),
      with_prefix(file_text.substr(end + 1), prefix));
}

}  // namespace

std::string inline_picture(const std::filesystem::path& file,
                           const std::string& prefix,
                           const std::string& description) {
  const std::string content = read_file(file);
  if (content.starts_with("\x89PNG")) {
    return fmt::format("<img src=\"data:image/png;base64,{}\" alt=\"{}\">",
                       base64(content),
                       escape_html(description));
  }
  if (content.find("<svg") != std::string::npos) {
    return inline_svg(content, file, prefix, description);
  }
  refuse(file, "is neither SVG nor PNG");
}

}  // namespace saggio::results
