// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/store/model.h"
#include "viz/scene/difference.h"

// Colours and shapes that say something about a node or an edge. Nothing is said by colour alone:
// kinds differ in colour or shape, and shapes of one colour never mean the same; edges that
// contradict are dashed. The colours of one shape stay apart for every kind of colour blindness
// (tested by simulation). Sources: Okabe, Ito 2008, "Color universal design"; cividis: Nunez,
// Anderton, Renslow 2018, "Optimizing colormaps with consideration for color vision deficiency".
namespace saggio::viz {

struct Rgba {  // sRGB
  uint8_t r = 0, g = 0, b = 0, a = 255;
  bool operator==(const Rgba&) const = default;
};
std::string hex(Rgba colour);                 // "#e69f00"; alpha is not said
Rgba mixed(Rgba from, Rgba to, float share);  // share 0: from; of the alpha as well

enum class Shape : uint8_t { Sphere, Square, Diamond, Triangle };
inline constexpr size_t kShapes = 4;

struct Mark {  // how a node looks
  Rgba colour;
  Shape shape = Shape::Sphere;
  bool operator==(const Mark&) const = default;
};

// What rests on nothing else (evidence, documents, ...) is square, a step or a question a diamond,
// what speaks of the world's things a triangle, what may be true a sphere.
Mark mark_of(graph::NodeKind kind);
Rgba colour_of(graph::Status status);
Rgba colour_of_probability(float probability);  // cividis over [0, 1]; NaN: kMissing
// The n-th of many things that have no colour of their own; after the last one, kOther.
Rgba colour_of_number(size_t n);
inline constexpr size_t kNumbered = 7;

inline constexpr Rgba kMissing{222, 222, 222, 255}, kOther{110, 110, 110, 255};

struct Stroke {  // how an edge looks
  Rgba colour;
  bool dashed = false, dotted = false;
  float width = 1;  // factor
  bool operator==(const Stroke&) const = default;
};
Stroke stroke_of(std::string_view edge_type);

// Of two graphs that are shown as one: each difference has a colour, a shape and a dash of its own.
Mark mark_of(Difference difference);
Stroke stroke_of(Difference difference);

struct Theme {
  Rgba background, text, panel, outline;
  bool operator==(const Theme&) const = default;
};
const Theme& light_theme();  // for paper
const Theme& dark_theme();

}  // namespace saggio::viz
