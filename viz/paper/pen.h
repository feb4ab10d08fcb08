// SPDX-License-Identifier: MIT
#pragma once

#include <cairo.h>

#include <memory>
#include <string>
#include <vector>

#include "viz/paper/paper.h"
#include "viz/plan/overlay.h"

namespace saggio::viz {

// A cairo surface that gathers a file's bytes, and how flat things are drawn on it. Sizes in pixels
// of the picture.
class Pen : public Canvas {
 public:
  Pen(const Viewport& viewport, PaperFormat format, const std::string& font_file);
  ~Pen() override;
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;

  cairo_t* cairo() const { return cairo_; }
  void colour(Rgba colour);
  void box(const Box& box, Rgba colour) override;
  void polygon(const std::vector<std::pair<float, float>>& corners, Rgba colour) override;
  void text(Font& font, float x, float y, std::string_view utf8, Rgba colour) override;

  std::string finish();  // throws std::runtime_error

 private:
  struct Face;
  std::string bytes_;
  std::unique_ptr<Face> face_;
  cairo_surface_t* surface_ = nullptr;
  cairo_t* cairo_ = nullptr;
};

}  // namespace saggio::viz
