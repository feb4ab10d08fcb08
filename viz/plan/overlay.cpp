// SPDX-License-Identifier: MIT
#include "viz/plan/overlay.h"

#include <algorithm>
#include <cmath>

#include "viz/plan/legend_box.h"

namespace saggio::viz {
namespace {

using Corner = std::pair<float, float>;

class Drawing {
 public:
  Drawing(const RenderPlan& plan, Font& font, Canvas& canvas)
      : plan_(plan), font_(font), out_(canvas) {}

  void draw() {
    for (const Label& label : plan_.labels) draw_label(label);
    draw_legend();
    if (!plan_.caption.empty())
      out_.text(font_,
                plan_.caption_box.x,
                plan_.caption_box.y + font_.ascent(),
                plan_.caption,
                faded(plan_.theme.text, 0.7f));
  }

 private:
  static Rgba faded(Rgba colour, float share) {
    colour.a = static_cast<uint8_t>(static_cast<float>(colour.a) * share);
    return colour;
  }

  void draw_label(const Label& label) {
    out_.box(label.box, faded(plan_.theme.panel, label.strong ? 1.f : 0.8f));
    const float pad = (label.box.width - font_.width(label.text)) / 2;
    const float down = (label.box.height - font_.height()) / 2;
    out_.text(font_,
              label.box.x + pad,
              label.box.y + down + font_.ascent(),
              label.text,
              plan_.theme.text);
  }

  void draw_legend() {
    set_ = set_legend(plan_.viewport, plan_.legend.legend, text_sizes(font_));
    const Legend& legend = set_.legend;
    if (set_.box.width == 0) return;
    const Box frame{set_.box.x - 1, set_.box.y - 1, set_.box.width + 2, set_.box.height + 2};
    out_.box(frame, faded(plan_.theme.text, 0.25f));
    Rgba solid = plan_.theme.panel;
    solid.a = 255;
    out_.box(set_.box, solid);
    top_ = set_.box.y + set_.pad;
    write_row(legend.title, 0, faded(plan_.theme.text, 0.7f));
    if (legend.ramp) draw_ramp(*legend.ramp);
    for (const auto* entries : {&legend.nodes, &legend.shapes, &legend.edges})
      for (const LegendEntry& entry : *entries) draw_entry(entry);
    for (const std::string& note : legend.notes) write_row(note, 0, faded(plan_.theme.text, 0.7f));
  }

  void write_row(std::string_view text, float indent, Rgba colour) {
    const float down = (set_.row - font_.height()) / 2;
    out_.text(font_, set_.box.x + set_.pad + indent, top_ + down + font_.ascent(), text, colour);
    top_ += set_.row;
  }

  void draw_entry(const LegendEntry& entry) {
    const float x = set_.box.x + set_.pad, y = top_ + set_.row / 2;
    if (entry.mark) {
      const float r = set_.row * 0.32f, middle = x + set_.swatch * 0.42f;
      // Its outline lies under it.
      out_.polygon(shape_corners(entry.mark->shape, middle, y, r + 1.2f * plan_.unit),
                   plan_.theme.outline);
      out_.polygon(shape_corners(entry.mark->shape, middle, y, r), entry.mark->colour);
    }
    if (entry.stroke) draw_stroke(*entry.stroke, x, y);
    write_row(entry_text(entry), set_.swatch, plan_.theme.text);
  }

  void draw_stroke(const Stroke& stroke, float x, float y) {
    const float end = x + set_.swatch * 0.84f, head = set_.row * 0.3f;
    const float piece = stroke.dashed ? 5 : stroke.dotted ? 2 : end - head - x;
    for (float at = x; at + 1 < end - head; at += piece + 3)
      out_.box({at, y - 1, std::min(piece, end - head - at), 2}, stroke.colour);
    out_.polygon({{end, y}, {end - head, y - head * 0.5f}, {end - head, y + head * 0.5f}},
                 stroke.colour);
  }

  void draw_ramp(const LegendRamp& ramp) {
    const float width = (set_.box.width - 2 * set_.pad) / static_cast<float>(ramp.colours.size());
    for (size_t i = 0; i < ramp.colours.size(); ++i)
      out_.box({set_.box.x + set_.pad + static_cast<float>(i) * width,
                top_ + 2,
                width + 0.5f,
                set_.row - 4},
               ramp.colours[i]);
    top_ += set_.row;
    write_row(ramp_text(ramp), 0, plan_.theme.text);
  }

  const RenderPlan& plan_;
  Font& font_;
  Canvas& out_;
  LegendSetting set_;
  float top_ = 0;
};

}  // namespace

void Overlay::polygon(const std::vector<Corner>& corners, Rgba colour) {
  const auto first = static_cast<uint32_t>(vertices.size());
  for (const auto& [x, y] : corners) vertices.push_back({.x = x, .y = y, .colour = colour});
  for (uint32_t i = 2; i < corners.size(); ++i)
    indices.insert(indices.end(), {first, first + i - 1, first + i});
}

void Overlay::box(const Box& b, Rgba colour) {
  polygon(
      {{b.x, b.y}, {b.x + b.width, b.y}, {b.x + b.width, b.y + b.height}, {b.x, b.y + b.height}},
      colour);
}

void Overlay::text(Font& font, float x, float y, std::string_view utf8, Rgba colour) {
  float pen = x;
  for (const char32_t c : characters(utf8)) {
    const Font::Glyph& glyph = font.glyph(c);
    const float left = std::round(pen + glyph.x), top = std::round(y + glyph.y);
    const float right = left + std::round(glyph.width), bottom = top + std::round(glyph.height);
    if (glyph.box) {  // its outline
      for (const Box& side : {Box{left, top, right - left, 1},
                              Box{left, bottom - 1, right - left, 1},
                              Box{left, top, 1, bottom - top},
                              Box{right - 1, top, 1, bottom - top}})
        box(side, colour);
    } else if (glyph.width > 0) {
      const auto u = static_cast<float>(glyph.u), v = static_cast<float>(glyph.v);
      const auto first = static_cast<uint32_t>(vertices.size());
      vertices.push_back({left, top, u, v, colour});
      vertices.push_back({right, top, u + glyph.width, v, colour});
      vertices.push_back({right, bottom, u + glyph.width, v + glyph.height, colour});
      vertices.push_back({left, bottom, u, v + glyph.height, colour});
      indices.insert(indices.end(), {first, first + 1, first + 2, first, first + 2, first + 3});
    }
    pen += glyph.advance;
  }
}

void draw_flat(const RenderPlan& plan, Font& font, Canvas& canvas) {
  Drawing(plan, font, canvas).draw();
}

Overlay overlay_of(const RenderPlan& plan, Font& font) {
  Overlay overlay;
  draw_flat(plan, font, overlay);
  overlay.atlas = &font.atlas();
  return overlay;
}

std::vector<Corner> shape_corners(Shape shape, float x, float y, float r) {
  std::vector<Corner> corners;
  const auto at = [&](float right, float down) {
    corners.emplace_back(x + r * right, y + r * down);
  };
  switch (shape) {
    case Shape::Sphere:
      for (int i = 0; i < 24; ++i)
        at(std::cos(0.2618f * static_cast<float>(i)), std::sin(0.2618f * static_cast<float>(i)));
      break;
    case Shape::Square:
      at(-0.85f, -0.85f), at(0.85f, -0.85f), at(0.85f, 0.85f), at(-0.85f, 0.85f);
      break;
    case Shape::Diamond:
      at(0, -1.1f), at(1.1f, 0), at(0, 1.1f), at(-1.1f, 0);
      break;
    case Shape::Triangle:
      at(0, -1.05f), at(1.1f, 0.8f), at(-1.1f, 0.8f);
      break;
  }
  return corners;
}

TextSizes text_sizes(Font& font) {
  return {.width = [&font](std::string_view text) { return font.width(text); },
          .shortened = [&font](std::string_view text,
                               float width) { return font.shortened(text, width); },
          .height = font.height()};
}

}  // namespace saggio::viz
