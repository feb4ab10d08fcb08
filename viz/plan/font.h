// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace saggio::viz {

// A text as its characters. What is no UTF-8 becomes U+FFFD, a byte at a time.
std::u32string characters(std::string_view utf8);
std::string utf8(char32_t character);

// A face that is on most machines (DejaVu Sans; SAGGIO_FONT names another). Throws
// std::runtime_error saying what to install.
std::string standard_font_file();

// A face of a TrueType font at one size, in an atlas of its own that grows as characters are asked
// for. Text is set from left to right, a character at a time: characters that the face does not
// have, and scripts whose letters join, stack or run from right to left, are drawn as a box and
// counted, since drawing them wrong would be worse. Not thread-safe.
class Font {
 public:
  // Throws std::runtime_error if the file is no font; one that says that it is a font is trusted.
  // `pixels`: from the highest ascender to the lowest descender.
  Font(const std::string& file, float pixels);
  ~Font();
  Font(Font&&) noexcept;
  Font& operator=(Font&&) noexcept;

  // That of standard_font_file().
  static Font standard(float pixels) { return Font(standard_font_file(), pixels); }

  struct Glyph {
    float x = 0, y = 0, width = 0, height = 0;   // pixels, from the pen on the base line, y down
    uint32_t u = 0, v = 0;                       // of its top left corner in the atlas
    uint32_t atlas_width = 0, atlas_height = 0;  // its size there
    float advance = 0;
    bool box = false;  // stands for a character that cannot be drawn
  };
  const Glyph& glyph(char32_t character);
  float width(std::string_view utf8);  // pixels
  float height() const { return pixels_; }
  float ascent() const { return ascent_; }
  uint64_t boxes() const { return boxes_; }  // different characters that were replaced

  // As much of the text as is no wider, ending in an ellipsis if something was left out; control
  // characters become blanks.
  std::string shortened(std::string_view utf8, float width);

  // One byte a texel: coverage. `edition` grows when there is something new in it.
  struct Atlas {
    uint32_t width = 1024, height = 0;
    uint64_t edition = 0;
    std::vector<uint8_t> texels;  // [height, width]
  };
  const Atlas& atlas() const { return atlas_; }

 private:
  struct Face;
  Glyph drawn(char32_t character);
  Glyph boxed() const;
  void place(uint32_t width, uint32_t height, Glyph& glyph);

  std::unique_ptr<Face> face_;
  float pixels_ = 0, scale_ = 0, ascent_ = 0;
  Atlas atlas_;
  uint32_t shelf_x_ = 0, shelf_y_ = 0, shelf_height_ = 0;
  std::unordered_map<char32_t, Glyph> glyphs_;
  uint64_t boxes_ = 0;
};

}  // namespace saggio::viz
