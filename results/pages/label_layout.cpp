// SPDX-License-Identifier: MIT
#include "results/pages/label_layout.h"

#include <algorithm>
#include <limits>

namespace saggio::results {
namespace {

double common(double low_a, double high_a, double low_b, double high_b) {
  return std::max(0., std::min(high_a, high_b) - std::max(low_a, low_b));
}

double common_area(const Box& a, const Box& b) {
  return common(a.left, a.right, b.left, b.right) * common(a.bottom, a.top, b.bottom, b.top);
}

double area(const Box& box) { return (box.right - box.left) * (box.top - box.bottom); }

// The text beside its point: dx and dy are -1, 0 or 1.
Box beside(const LabelRequest& label, int dx, int dy, double gap) {
  const double diagonal = dx != 0 && dy != 0 ? .5 : 1;
  const double centre_x = label.x + dx * (gap * diagonal + label.width / 2);
  const double centre_y = label.y + dy * (gap * diagonal + label.height / 2);
  return {centre_x - label.width / 2,
          centre_y - label.height / 2,
          centre_x + label.width / 2,
          centre_y + label.height / 2};
}

std::vector<Box> places(const LabelRequest& label) {
  std::vector<Box> out;
  for (const double gap : {10., 18., 30., 45., 65., 90.}) {
    for (const auto& [dx, dy] : std::vector<std::pair<int, int>>{
             {1, 0}, {-1, 0}, {1, 1}, {1, -1}, {0, 1}, {0, -1}, {-1, 1}, {-1, -1}}) {
      out.push_back(beside(label, dx, dy, gap));
    }
  }
  return out;
}

}  // namespace

bool overlap(const Box& a, const Box& b) { return common_area(a, b) > 0; }

std::vector<Box> place_labels(const std::vector<LabelRequest>& requests,
                              const std::vector<Box>& obstacles,
                              const Box& canvas) {
  std::vector<Box> taken = obstacles, placed;
  for (const LabelRequest& label : requests) {
    Box best{};
    double least = std::numeric_limits<double>::infinity();
    for (const Box& place : places(label)) {
      double hidden = area(place) - common_area(place, canvas);
      for (const Box& other : taken) hidden += common_area(place, other);
      if (hidden < least) least = hidden, best = place;
    }
    taken.push_back(best);
    placed.push_back(best);
  }
  return placed;
}

}  // namespace saggio::results
