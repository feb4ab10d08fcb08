// SPDX-License-Identifier: MIT
#include "viz/paper/pen.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace saggio::viz {
namespace {

constexpr double kPointsAPixel = 0.75;

cairo_status_t gather(void* bytes, const unsigned char* data, unsigned int count) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

struct Pen::Face {
  FT_Library library{};
  FT_Face face{};
  cairo_font_face_t* font = nullptr;
  double em = 1;  // of the height from ascender to descender

  explicit Face(const std::string& file) {
    if (FT_Init_FreeType(&library) != 0 || FT_New_Face(library, file.c_str(), 0, &face) != 0)
      throw std::runtime_error(fmt::format("{}: not a TrueType font", file));
    em = static_cast<double>(face->units_per_EM) / (face->ascender - face->descender);
    font = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
  }
  ~Face() {
    if (font) cairo_font_face_destroy(font);
    if (face) FT_Done_Face(face);
    if (library) FT_Done_FreeType(library);
  }
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
};

Pen::Pen(const Viewport& viewport, PaperFormat format, const std::string& font_file)
    : face_(std::make_unique<Face>(font_file)) {
  const double width = viewport.width, height = viewport.height;
  if (format == PaperFormat::Svg) {
    surface_ = cairo_svg_surface_create_for_stream(gather, &bytes_, width, height);
    cairo_svg_surface_set_document_unit(surface_, CAIRO_SVG_UNIT_PX);
  } else {
    surface_ = cairo_pdf_surface_create_for_stream(
        gather, &bytes_, width * kPointsAPixel, height * kPointsAPixel);
    // The same plan is the same file.
    cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01");
  }
  cairo_ = cairo_create(surface_);
  if (format == PaperFormat::Pdf) cairo_scale(cairo_, kPointsAPixel, kPointsAPixel);
  cairo_set_font_face(cairo_, face_->font);
}

Pen::~Pen() {
  cairo_destroy(cairo_);
  cairo_surface_destroy(surface_);
}

void Pen::colour(Rgba c) {
  cairo_set_source_rgba(cairo_, c.r / 255., c.g / 255., c.b / 255., c.a / 255.);
}

void Pen::box(const Box& b, Rgba c) {
  colour(c);
  cairo_rectangle(cairo_, b.x, b.y, b.width, b.height);
  cairo_fill(cairo_);
}

void Pen::polygon(const std::vector<std::pair<float, float>>& corners, Rgba c) {
  colour(c);
  for (const auto& [x, y] : corners) cairo_line_to(cairo_, x, y);
  cairo_close_path(cairo_);
  cairo_fill(cairo_);
}

// A character at a time, as wide as the plan thinks; what the font cannot set is a box.
void Pen::text(Font& font, float x, float y, std::string_view text, Rgba c) {
  cairo_set_font_size(cairo_, font.height() * face_->em);
  std::string said;
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
  float pen = x;
  for (const char32_t character : characters(text)) {
    const Font::Glyph& glyph = font.glyph(character);
    if (glyph.box) {
      const Box b{pen + glyph.x, y + glyph.y, glyph.width, glyph.height};
      for (const Box& side : {Box{b.x, b.y, b.width, 1},
                              Box{b.x, b.y + b.height - 1, b.width, 1},
                              Box{b.x, b.y, 1, b.height},
                              Box{b.x + b.width - 1, b.y, 1, b.height}})
        box(side, c);
    } else {
      const std::string bytes = utf8(character);
      said += bytes;
      glyphs.push_back({FT_Get_Char_Index(face_->face, character), pen, y});
      clusters.push_back({static_cast<int>(bytes.size()), 1});
    }
    pen += glyph.advance;
  }
  colour(c);
  cairo_show_text_glyphs(cairo_,
                         said.data(),
                         static_cast<int>(said.size()),
                         glyphs.data(),
                         static_cast<int>(glyphs.size()),
                         clusters.data(),
                         static_cast<int>(clusters.size()),
                         {});
}

std::string Pen::finish() {
  cairo_show_page(cairo_);
  cairo_surface_finish(surface_);
  for (const cairo_status_t status : {cairo_status(cairo_), cairo_surface_status(surface_)})
    if (status != CAIRO_STATUS_SUCCESS)
      throw std::runtime_error(fmt::format("the picture could not be drawn by cairo: {}",
                                           cairo_status_to_string(status)));
  return std::move(bytes_);
}

}  // namespace saggio::viz
