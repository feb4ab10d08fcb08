// SPDX-License-Identifier: MIT
#include "viz/scene/palette.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace saggio::viz {
namespace {

// Okabe and Ito's.
constexpr Rgba kOrange{230, 159, 0}, kSky{86, 180, 233}, kGreen{0, 158, 115}, kYellow{240, 228, 66},
    kBlue{0, 114, 178}, kVermilion{213, 94, 0}, kPurple{204, 121, 167}, kBlack{34, 34, 34};
constexpr Rgba kUnmoved{198, 198, 202};

constexpr std::array<Rgba, 10> kCividis = {{{0, 34, 78},
                                            {18, 53, 112},
                                            {59, 73, 108},
                                            {87, 93, 109},
                                            {112, 113, 115},
                                            {138, 134, 120},
                                            {165, 156, 116},
                                            {195, 179, 105},
                                            {225, 204, 85},
                                            {254, 232, 56}}};

uint8_t between(uint8_t from, uint8_t to, float share) {
  return static_cast<uint8_t>(std::lround(from + (to - from) * share));
}

}  // namespace

std::string hex(Rgba colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.r, colour.g, colour.b);
}

Rgba mixed(Rgba from, Rgba to, float share) {
  return {between(from.r, to.r, share),
          between(from.g, to.g, share),
          between(from.b, to.b, share),
          between(from.a, to.a, share)};
}

Mark mark_of(graph::NodeKind kind) {
  switch (kind) {
    case graph::NodeKind::Claim:
      return {kBlue, Shape::Sphere};
    case graph::NodeKind::Hypothesis:
      return {kSky, Shape::Sphere};
    case graph::NodeKind::Answer:
      return {kGreen, Shape::Sphere};
    case graph::NodeKind::Question:
      return {kVermilion, Shape::Diamond};
    case graph::NodeKind::Step:
      return {kOther, Shape::Diamond};
    case graph::NodeKind::Evidence:
      return {kOrange, Shape::Square};
    case graph::NodeKind::Document:
      return {kOther, Shape::Square};
    case graph::NodeKind::Span:
      return {kYellow, Shape::Square};
    case graph::NodeKind::Episode:
      return {kBlue, Shape::Square};
    case graph::NodeKind::ToolResult:
      return {kBlack, Shape::Square};
    case graph::NodeKind::Entity:
      return {kGreen, Shape::Triangle};
    case graph::NodeKind::RelationType:
      return {kPurple, Shape::Triangle};
  }
  return {kMissing, Shape::Sphere};
}

Rgba colour_of(graph::Status status) {
  switch (status) {
    case graph::Status::Open:
      return kMissing;
    case graph::Status::Supported:
      return kBlue;
    case graph::Status::Refuted:
      return kBlack;
    case graph::Status::Contradicted:
      return kVermilion;
    case graph::Status::Superseded:
      return kSky;
    case graph::Status::Unprovable:
      return kYellow;
  }
  return kMissing;
}

Rgba colour_of_probability(float probability) {
  if (!(probability >= 0 && probability <= 1)) return kMissing;
  const float at = probability * static_cast<float>(kCividis.size() - 1);
  const auto low = std::min(static_cast<size_t>(at), kCividis.size() - 2);
  return mixed(kCividis[low], kCividis[low + 1], at - static_cast<float>(low));
}

Rgba colour_of_number(size_t n) {
  constexpr std::array<Rgba, kNumbered> colours = {
      kBlue, kOrange, kGreen, kPurple, kSky, kBlack, kYellow};
  return n < colours.size() ? colours[n] : kOther;
}

Stroke stroke_of(std::string_view edge_type) {
  if (edge_type == "supports") return {{0, 134, 98}};
  if (edge_type == "derives") return {kBlue};
  if (edge_type == "contradicts") return {kVermilion, true};
  if (edge_type == "supersedes") return {kPurple, true};
  return {{120, 120, 126}};
}

Mark mark_of(Difference difference) {
  switch (difference) {
    case Difference::Same:
      return {kUnmoved, Shape::Sphere};
    case Difference::Added:
      return {kBlue, Shape::Triangle};
    case Difference::Removed:
      return {kVermilion, Shape::Square};
    case Difference::Changed:
      return {kPurple, Shape::Diamond};
  }
  return {kMissing, Shape::Sphere};
}

Stroke stroke_of(Difference difference) {
  switch (difference) {
    case Difference::Same:
      return {.colour = kUnmoved, .width = 0.7f};
    case Difference::Added:
      return {.colour = kBlue, .width = 1.6f};
    case Difference::Removed:
      return {.colour = kVermilion, .dashed = true, .width = 1.6f};
    case Difference::Changed:
      return {.colour = kPurple, .dotted = true, .width = 1.6f};
  }
  return {kMissing};
}

const Theme& light_theme() {
  static constexpr Theme kTheme{{252, 252, 250}, {32, 32, 36}, {255, 255, 255, 225}, {40, 40, 46}};
  return kTheme;
}

const Theme& dark_theme() {
  static constexpr Theme kTheme{{20, 22, 28}, {236, 236, 240}, {34, 37, 46, 225}, {190, 194, 204}};
  return kTheme;
}

}  // namespace saggio::viz
