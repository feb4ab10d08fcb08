// SPDX-License-Identifier: MIT
#include "viz/plan/labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace saggio::viz {
namespace {

constexpr float kCell = 64, kRoom = 3;        // pixels
constexpr float kWidest = 220 / kTextHeight;  // letters high

// Boxes by the cells that they touch.
class Grid {
 public:
  explicit Grid(const Viewport& viewport)
      : columns_(cells(viewport.width)), rows_(cells(viewport.height)), boxes_(columns_ * rows_) {}

  void add(const Box& box) {
    for_each_cell(box, [&](std::vector<Box>& cell) {
      cell.push_back(box);
      return false;
    });
  }
  bool free(const Box& box) {
    return !for_each_cell(box, [&](const std::vector<Box>& cell) {
      return std::any_of(
          cell.begin(), cell.end(), [&](const Box& other) { return overlap(box, other); });
    });
  }

 private:
  static size_t cells(float pixels) {
    return std::max<size_t>(1, static_cast<size_t>(std::ceil(pixels / kCell)));
  }
  static size_t cell_of(float at, size_t count) {
    return static_cast<size_t>(std::clamp(at / kCell, 0.f, static_cast<float>(count - 1)));
  }
  template <typename Act>
  bool for_each_cell(const Box& box, const Act& act) {
    const size_t left = cell_of(box.x, columns_), right = cell_of(box.x + box.width, columns_);
    const size_t top = cell_of(box.y, rows_), bottom = cell_of(box.y + box.height, rows_);
    for (size_t row = top; row <= bottom; ++row)
      for (size_t column = left; column <= right; ++column)
        if (act(boxes_[row * columns_ + column])) return true;
    return false;
  }

  size_t columns_, rows_;
  std::vector<std::vector<Box>> boxes_;
};

bool within(const Box& box, const Viewport& viewport) {
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= viewport.width &&
         box.y + box.height <= viewport.height;
}

constexpr size_t kPlaces = 8;

// Right, left, above, below the node; then above and below from its left edge on, and up to its
// right edge.
std::array<Box, kPlaces> places(const LabelWish& wish, float width, float height) {
  const float gap = wish.radius + kRoom, above = wish.y - gap - height, below = wish.y + gap;
  const float from_left = wish.x - wish.radius, to_right = wish.x + wish.radius - width;
  return {{{wish.x + gap, wish.y - height / 2, width, height},
           {wish.x - gap - width, wish.y - height / 2, width, height},
           {wish.x - width / 2, above, width, height},
           {wish.x - width / 2, below, width, height},
           {from_left, above, width, height},
           {from_left, below, width, height},
           {to_right, above, width, height},
           {to_right, below, width, height}}};
}

}  // namespace

PlacedLabels place_labels(std::span<const LabelWish> wishes,
                          std::span<const Box> obstacles,
                          std::span<const Box> taken,
                          const Viewport& viewport,
                          size_t most,
                          const TextSizes& text,
                          const std::function<std::string(Slot)>& label_of) {
  Grid texts(viewport), nodes(viewport);
  for (const Box& box : taken) texts.add(box);
  for (const Box& box : obstacles) nodes.add(box);
  const auto is_free = [&](const Box& box, bool covers) {
    return within(box, viewport) && texts.free(box) && (covers || nodes.free(box));
  };
  // One that may hide nodes does so only where no place is left that hides none.
  const auto room_for = [&](const LabelWish& wish, float width, float height) {
    const std::array<Box, kPlaces> tried = places(wish, width, height);
    auto room = std::find_if(
        tried.begin(), tried.end(), [&](const Box& box) { return is_free(box, false); });
    if (room == tried.end() && wish.covers)
      room = std::find_if(
          tried.begin(), tried.end(), [&](const Box& box) { return is_free(box, true); });
    return room == tried.end() ? std::nullopt : std::optional(*room);
  };
  PlacedLabels placed;
  for (const LabelWish& wish : wishes) {
    if (placed.labels.size() == most) break;
    const float height = text.height + kRoom;
    if (!room_for(wish, height, height)) {  // not for a letter: no text is asked for
      ++placed.left_out;
      continue;
    }
    const std::string words = text.shortened(label_of(wish.node), kWidest * text.height);
    if (words.empty()) continue;
    const auto room = room_for(wish, text.width(words) + 2 * kRoom, height);
    if (!room) {
      ++placed.left_out;
      continue;
    }
    texts.add(*room);
    placed.labels.push_back({*room, words, wish.node, wish.strong, false});
  }
  return placed;
}

}  // namespace saggio::viz
