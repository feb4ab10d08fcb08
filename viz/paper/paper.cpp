// SPDX-License-Identifier: MIT
#include "viz/paper/paper.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "viz/paper/pen.h"
#include "viz/plan/crowd.h"
#include "viz/plan/curve.h"

namespace saggio::viz {
namespace {

constexpr float kLeastPixels = 2;  // of a radius, in units
constexpr float kHead = 0.4f;      // half of an arrow head's width, as a share of its length
constexpr int kSteps = 200;        // at which it is asked whether an edge is hidden

Rgba lit(Rgba colour, float times, float plus) {
  const auto part = [&](uint8_t value) {
    return static_cast<uint8_t>(
        std::clamp(static_cast<float>(value) * times + 255 * plus, 0.f, 255.f));
  };
  return {part(colour.r), part(colour.g), part(colour.b), colour.a};
}

// A node's place in the picture.
struct Disc {
  float x = 0, y = 0, radius = 0, depth = 0;
  Shape shape = Shape::Sphere;

  // As in the shaders' shape.glsl.
  bool covers(Point at) const {
    const float right = std::abs(at.x - x) / radius, up = (y - at.y) / radius;
    switch (shape) {
      case Shape::Sphere:
        return right * right + up * up < 1;
      case Shape::Square:
        return std::max(right, std::abs(up)) < 0.85f;
      case Shape::Diamond:
        return right + std::abs(up) < 1.1f;
      case Shape::Triangle:
        return right * 1.85f + up * 1.1f < 1.155f && up > -0.8f;
    }
    return false;
  }
};

float share_of(int step) { return static_cast<float>(step) / kSteps; }

// An edge along its curve: shares of it from 0 to 1, of which each step is one of kSteps.
class Course {
 public:
  Course(const std::array<Point, 4>& curve, float begin_depth, float end_depth, bool flat)
      : curve_(curve), begin_depth_(begin_depth), end_depth_(end_depth), flat_(flat) {
    for (int i = 1; i <= kSteps; ++i) {
      const Point p = at(share_of(i - 1)), q = at(share_of(i));
      along_[static_cast<size_t>(i)] = along(i - 1) + std::hypot(q.x - p.x, q.y - p.y);
    }
  }

  const std::array<Point, 4>& curve() const { return curve_; }
  Point at(float share) const { return point_on(curve_, share); }
  // Its inverse is even along the picture, unless rays are parallel.
  float depth(float share) const {
    if (flat_ || !(begin_depth_ > 0) || !(end_depth_ > 0))
      return begin_depth_ + share * (end_depth_ - begin_depth_);
    return 1 / (1 / begin_depth_ + share * (1 / end_depth_ - 1 / begin_depth_));
  }
  float along(int step) const { return along_[static_cast<size_t>(step)]; }  // pixels, so far
  int step_at(float pixels) const {  // the first that is as far
    return static_cast<int>(std::lower_bound(along_.begin(), along_.end(), pixels) -
                            along_.begin());
  }

 private:
  const std::array<Point, 4>& curve_;
  float begin_depth_, end_depth_;
  bool flat_;
  std::array<float, kSteps + 1> along_{};
};

class Page {
 public:
  Page(const RenderPlan& plan, Font& font, const std::string& file, PaperFormat format)
      : plan_(plan),
        font_(font),
        projection_(plan.camera, plan.viewport),
        pen_(plan.viewport, format, file) {}

  std::string draw() {
    if (plan_.theme.background.a > 0)
      pen_.box({0, 0, plan_.viewport.width, plan_.viewport.height}, plan_.theme.background);
    for (size_t i = 0; i < plan_.balls.size(); ++i) draw_ball(plan_.balls[i], i >= plan_.dimmed);
    for (const Line& line : plan_.lines) draw_line(line);
    draw_flat(plan_, font_, pen_);
    return pen_.finish();
  }

 private:
  Rgba hazed(Rgba colour, float depth) const;
  void draw_ball(const Ball& ball, bool hides);
  void outline(Shape shape, const Disc& at, float grown);
  void fill(Shape shape, const Disc& at, Rgba colour);

  void draw_line(const Line& line);
  void draw_shaft(const Line& line, const Course& course, int neck, Rgba colour);
  void draw_head(const Course& course, float neck, Rgba colour);
  bool hidden(const Course& course, float share) const;
  void clip(float depth);
  void trace(const std::array<Point, 4>& curve, float from, float to);

  const RenderPlan& plan_;
  Font& font_;
  Projection projection_;
  Pen pen_;
  std::vector<Disc> hiding_;
};

Rgba Page::hazed(Rgba colour, float depth) const {
  const float deep = plan_.farthest - plan_.nearest;
  if (plan_.camera.flat || !(deep > 0)) return colour;
  const float full = std::min(1.f, deep / (0.3f * plan_.camera.distance));
  const float share = 0.35f * std::clamp((depth - plan_.nearest) / deep * full, 0.f, 1.f);
  const uint8_t alpha = colour.a;
  Rgba mixed_in = mixed(colour, plan_.theme.background, share);
  mixed_in.a = alpha;
  return mixed_in;
}

void Page::outline(Shape shape, const Disc& at, float grown) {
  cairo_t* cairo = pen_.cairo();
  if (shape == Shape::Sphere) {
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, at.x, at.y, at.radius + grown, 0, 2 * std::numbers::pi);
  } else {
    for (const auto& [x, y] : shape_corners(shape, at.x, at.y, at.radius + grown))
      cairo_line_to(cairo, x, y);
  }
  cairo_close_path(cairo);
}

// A sphere is lit from above, on the left.
void Page::fill(Shape shape, const Disc& at, Rgba colour) {
  cairo_t* cairo = pen_.cairo();
  outline(shape, at, 0);
  if (shape != Shape::Sphere) {
    pen_.colour(colour);
    cairo_fill_preserve(cairo);
    return;
  }
  const float light_x = at.x - 0.36f * at.radius, light_y = at.y - 0.5f * at.radius;
  cairo_pattern_t* light = cairo_pattern_create_radial(
      light_x, light_y, 0.05 * at.radius, light_x, light_y, 1.65 * at.radius);
  const auto stop = [&](double place, Rgba c) {
    cairo_pattern_add_color_stop_rgba(light, place, c.r / 255., c.g / 255., c.b / 255., c.a / 255.);
  };
  stop(0, lit(colour, 1.05f, 0.16f));
  stop(0.2, lit(colour, 1.05f, 0.03f));
  stop(1, lit(colour, 0.64f, 0));
  cairo_set_source(cairo, light);
  cairo_fill_preserve(cairo);
  cairo_pattern_destroy(light);
}

void Page::draw_ball(const Ball& ball, bool hides) {
  const auto seen = projection_(Vec3{ball.x, ball.y, ball.z});
  if (!seen) return;
  const float radius = std::max(ball.radius * seen->pixels_a_unit, kLeastPixels * plan_.unit);
  const auto shape = static_cast<Shape>(ball.shape);
  const Disc at{seen->x, seen->y, radius, seen->depth, shape};
  cairo_t* cairo = pen_.cairo();
  const Rgba colour = hazed(ball.colour, seen->depth);
  fill(shape, at, colour);
  Rgba rim = mixed(hazed(plan_.theme.outline, seen->depth), colour, 0.55f);
  rim.a = ball.colour.a;
  pen_.colour(rim);
  cairo_set_line_width(cairo, std::min(1.2f * plan_.unit, 0.2f * radius));
  cairo_stroke(cairo);
  if (ball.ring) {
    outline(Shape::Sphere, at, 0.5f * radius);
    pen_.colour(hazed(plan_.theme.outline, seen->depth));
    cairo_set_line_width(cairo, 3 * plan_.unit);
    cairo_stroke(cairo);
  }
  if (hides) hiding_.push_back(at);
}

bool before(const Disc& disc, float depth) { return disc.depth < depth * 0.9999f; }

bool Page::hidden(const Course& course, float share) const {
  const Point at = course.at(share);
  const float depth = course.depth(share);
  return std::any_of(hiding_.begin(), hiding_.end(), [&](const Disc& disc) {
    return before(disc, depth) && disc.covers(at);
  });
}

// Leaves out of what is drawn next what lies behind a node.
void Page::clip(float depth) {
  cairo_t* cairo = pen_.cairo();
  for (const Disc& disc : hiding_) {
    if (!before(disc, depth)) continue;
    outline(disc.shape, disc, 0);
    cairo_rectangle(cairo, 0, 0, plan_.viewport.width, plan_.viewport.height);
    cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD);
    cairo_clip(cairo);
  }
  cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_WINDING);
}

// The part of a cubic curve between two shares of it, by its blossom.
void Page::trace(const std::array<Point, 4>& curve, float from, float to) {
  const auto blossom = [&](float a, float b, float c) {
    const auto mix = [](Point p, Point q, float t) {
      return Point{p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
    };
    std::array<Point, 4> p = curve;
    const float shares[3] = {a, b, c};
    for (size_t level = 0; level < 3; ++level)
      for (size_t i = 0; i + level < 3; ++i) p[i] = mix(p[i], p[i + 1], shares[level]);
    return p[0];
  };
  const Point p = blossom(from, from, from), q = blossom(from, from, to);
  const Point r = blossom(from, to, to), s = blossom(to, to, to);
  cairo_move_to(pen_.cairo(), p.x, p.y);
  cairo_curve_to(pen_.cairo(), q.x, q.y, r.x, r.y, s.x, s.y);
}

void Page::draw_line(const Line& line) {
  const auto curve = curve_of(plan_, line);
  if (!curve) return;
  const float begin = projection_.depth(Vec3{line.ax, line.ay, line.az});
  const float end = line.flags & kLoop ? begin : projection_.depth(Vec3{line.bx, line.by, line.bz});
  const Course course(*curve, begin, end, plan_.camera.flat);
  const float length = course.along(kSteps);
  if (!(length > 0)) return;
  const int neck = course.step_at(length - std::min(line.head, 0.6f * length));
  const Rgba colour = hazed(line.colour, course.depth(0.5f));
  draw_shaft(line, course, neck, colour);
  if (line.head > 0) draw_head(course, share_of(neck), colour);
}

// What no node hides of it, in pieces; dashes go on behind nodes.
void Page::draw_shaft(const Line& line, const Course& course, int neck, Rgba colour) {
  cairo_t* cairo = pen_.cairo();
  cairo_set_line_width(cairo, line.width);
  const bool dotted = (line.flags & kDotted) != 0;
  const double dashes[2] = {(dotted ? 3 : 7) * plan_.unit, (dotted ? 3 : 4) * plan_.unit};
  int open = -1;  // where what is seen began
  for (int step = 0; step <= neck + 1; ++step) {
    const bool seen = step <= neck && !hidden(course, share_of(step));
    if (seen && open < 0) open = step;
    if (seen || open < 0) continue;
    if (step - 1 > open) {
      if (line.flags & (kDashed | kDotted)) cairo_set_dash(cairo, dashes, 2, course.along(open));
      trace(course.curve(), share_of(open), share_of(step - 1));
      pen_.colour(colour);
      cairo_stroke(cairo);
    }
    open = -1;
  }
  cairo_set_dash(cairo, nullptr, 0, 0);
}

// Whole if its middle is seen; else what is seen of it, if its tip is.
void Page::draw_head(const Course& course, float neck, Rgba colour) {
  const float middle = (1 + neck) / 2;
  const bool whole = !hidden(course, middle);
  if (!whole && hidden(course, 1)) return;
  const Point begin = course.at(neck), tip = course.at(1);
  const float x = tip.x - begin.x, y = tip.y - begin.y;
  if (!(std::hypot(x, y) > 0)) return;
  cairo_save(pen_.cairo());
  if (!whole) clip(course.depth(middle));
  pen_.polygon({{tip.x, tip.y},
                {begin.x - kHead * y, begin.y + kHead * x},
                {begin.x + kHead * y, begin.y - kHead * x}},
               colour);
  cairo_restore(pen_.cairo());
}

}  // namespace

std::string paper_of(const RenderPlan& plan,
                     Font& font,
                     const std::string& file,
                     PaperFormat format) {
  size_t elements = plan.balls.size() + plan.lines.size();
  if (plan.crowd) elements += plan.crowd->nodes_there + plan.crowd->threads_there;
  if (elements > kPaperElements)
    throw std::invalid_argument(
        fmt::format("{} nodes and edges, at most {} in an SVG or a PDF; show fewer of them "
                    "(--query), or render "
                    "a PNG, with --scale for print",
                    elements,
                    kPaperElements));
  return Page(plan, font, file, format).draw();
}

}  // namespace saggio::viz
