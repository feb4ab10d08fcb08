// SPDX-License-Identifier: MIT
#include "viz/plan/font.h"

#include <fmt/format.h>
#include <stb/stb_truetype.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace saggio::viz {
namespace {

constexpr char32_t kReplacement = 0xFFFD, kEllipsis = 0x2026;

// Scripts from right to left, and those whose signs join, stack or change places (Unicode 15's
// blocks): setting them a character at a time would misspell them.
bool needs_shaping(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array<Range, 9> kRanges = {{{0x0300, 0x036F},    // combining marks
                                                    {0x0590, 0x08FF},    // Hebrew to Arabic
                                                    {0x0900, 0x109F},    // Indic to Burmese
                                                    {0x1780, 0x18AF},    // Khmer, Mongolian
                                                    {0x1A00, 0x1CFF},    // Tai Tham to Vedic
                                                    {0x1F1E6, 0x1F1FF},  // flags
                                                    {0xA800, 0xABFF},    // Syloti to Meetei
                                                    {0xFB1D, 0xFDFF},    // presentation forms
                                                    {0x10800, 0x11FFF}}};
  return std::any_of(kRanges.begin(), kRanges.end(), [c](const Range& range) {
    return c >= range.first && c <= range.last;
  });
}

// Bytes of the character that begins here; 0: none does.
size_t length_of(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const size_t length = lead < 0x80   ? 1
                        : lead < 0xC2 ? 0
                        : lead < 0xE0 ? 2
                        : lead < 0xF0 ? 3
                        : lead < 0xF5 ? 4
                                      : 0;
  if (length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((static_cast<uint8_t>(text[i]) & 0xC0) != 0x80) return 0;
  return length;
}

}  // namespace

std::string utf8(char32_t c) {
  std::string bytes;
  const auto put = [&](char32_t byte) { bytes += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
  return bytes;
}

std::u32string characters(std::string_view text) {
  std::u32string found;
  while (!text.empty()) {
    const size_t length = length_of(text);
    const auto lead = static_cast<uint8_t>(text[0]);
    char32_t c = length == 1 ? lead : length == 0 ? kReplacement : lead & (0x7F >> length);
    for (size_t i = 1; i < length; ++i) c = c << 6 | (static_cast<uint8_t>(text[i]) & 0x3F);
    const bool valid = !(length == 3 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) &&
                       !(length == 4 && (c < 0x10000 || c > 0x10FFFF));
    found += valid ? c : kReplacement;
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return found;
}

struct Font::Face {
  std::string bytes;
  stbtt_fontinfo info{};
};

Font::Font(const std::string& file, float pixels)
    : face_(std::make_unique<Face>()), pixels_(pixels) {
  std::ifstream in(file, std::ios::binary);
  face_->bytes.assign(std::istreambuf_iterator<char>(in), {});
  const auto* bytes = reinterpret_cast<const unsigned char*>(face_->bytes.data());
  const int offset = face_->bytes.size() < 12 ? -1 : stbtt_GetFontOffsetForIndex(bytes, 0);
  if (offset < 0 || !stbtt_InitFont(&face_->info, bytes, offset))
    throw std::runtime_error(fmt::format("{}: not a TrueType font", file));
  scale_ = stbtt_ScaleForPixelHeight(&face_->info, pixels);
  int ascent = 0, descent = 0, gap = 0;
  stbtt_GetFontVMetrics(&face_->info, &ascent, &descent, &gap);
  ascent_ = static_cast<float>(ascent) * scale_;
}

Font::~Font() = default;
Font::Font(Font&&) noexcept = default;
Font& Font::operator=(Font&&) noexcept = default;

std::string standard_font_file() {
  if (const char* named = std::getenv("SAGGIO_FONT")) return named;
  constexpr std::string_view kPlaces[] = {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                                          "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
                                          "/usr/share/fonts/TTF/DejaVuSans.ttf"};
  for (const std::string_view place : kPlaces)
    if (std::ifstream(std::string(place))) return std::string(place);
  throw std::runtime_error(
      "no font: DejaVuSans.ttf was not found; apt-get install fonts-dejavu-core, or set "
      "SAGGIO_FONT "
      "to a TrueType file");
}

// Shelves from top to bottom; one texel apart, so that neighbours do not bleed.
void Font::place(uint32_t width, uint32_t height, Glyph& glyph) {
  if (shelf_x_ + width + 1 > atlas_.width) {
    shelf_y_ += shelf_height_ + 1;
    shelf_x_ = shelf_height_ = 0;
  }
  shelf_height_ = std::max(shelf_height_, height);
  while (atlas_.height < shelf_y_ + shelf_height_ + 1)
    atlas_.height = std::max(64u, 2 * atlas_.height);
  atlas_.texels.resize(size_t{atlas_.width} * atlas_.height);
  glyph.u = shelf_x_;
  glyph.v = shelf_y_;
  glyph.atlas_width = width;
  glyph.atlas_height = height;
  shelf_x_ += width + 1;
}

Font::Glyph Font::boxed() const {
  const float height = ascent_ * 0.72f;
  return {.x = 0.1f * pixels_,
          .y = -height,
          .width = 0.5f * pixels_,
          .height = height,
          .advance = 0.7f * pixels_,
          .box = true};
}

Font::Glyph Font::drawn(char32_t character) {
  Glyph glyph;
  const auto code = static_cast<int>(character);
  int advance = 0, bearing = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  stbtt_GetCodepointHMetrics(&face_->info, code, &advance, &bearing);
  stbtt_GetCodepointBitmapBox(&face_->info, code, scale_, scale_, &x0, &y0, &x1, &y1);
  glyph.advance = static_cast<float>(advance) * scale_;
  if (x1 <= x0 || y1 <= y0) return glyph;
  if (static_cast<uint32_t>(x1 - x0) + 1 > atlas_.width) return boxed();
  glyph.x = static_cast<float>(x0);
  glyph.y = static_cast<float>(y0);
  glyph.width = static_cast<float>(x1 - x0);
  glyph.height = static_cast<float>(y1 - y0);
  place(static_cast<uint32_t>(x1 - x0), static_cast<uint32_t>(y1 - y0), glyph);
  stbtt_MakeCodepointBitmap(&face_->info,
                            atlas_.texels.data() + size_t{glyph.v} * atlas_.width + glyph.u,
                            x1 - x0,
                            y1 - y0,
                            static_cast<int>(atlas_.width),
                            scale_,
                            scale_,
                            code);
  return glyph;
}

const Font::Glyph& Font::glyph(char32_t character) {
  const auto [found, added] = glyphs_.try_emplace(character);
  if (!added) return found->second;
  const bool known = !needs_shaping(character) &&
                     stbtt_FindGlyphIndex(&face_->info, static_cast<int>(character)) != 0;
  found->second = known ? drawn(character) : boxed();
  boxes_ += found->second.box;
  ++atlas_.edition;
  return found->second;
}

float Font::width(std::string_view text) {
  float sum = 0;
  for (const char32_t c : characters(text)) sum += glyph(c).advance;
  return sum;
}

std::string Font::shortened(std::string_view text, float width) {
  std::string whole;
  size_t fits = 0;  // bytes before the ellipsis
  float pen = 0;
  const float ellipsis = glyph(kEllipsis).advance;
  for (char32_t c : characters(text.substr(0, 4096))) {
    if (c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0)) c = ' ';
    pen += glyph(c).advance;
    whole += utf8(c);
    if (pen + ellipsis <= width) fits = whole.size();
    if (pen > width) return whole.substr(0, fits) + utf8(kEllipsis);
  }
  return whole;
}

}  // namespace saggio::viz
