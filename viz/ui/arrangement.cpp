// SPDX-License-Identifier: MIT
#include "viz/ui/arrangement.h"

#include <algorithm>
#include <cmath>

namespace saggio::viz::ui {
namespace {

constexpr float kTop = 2.9f, kBottom = 4.7f, kSide = 23, kTable = 11;  // letters high, or wide

}  // namespace

Arrangement arranged(float width, float height, float em, bool side, bool table) {
  const float top = std::round(kTop * em), bottom = std::round(kBottom * em);
  // Of a small window the picture keeps the larger part.
  const float right = side ? std::round(std::min(kSide * em, 0.45f * width)) : 0;
  const float between = std::max(1.f, height - top - bottom);
  const float below = table ? std::round(std::min(kTable * em, 0.5f * between)) : 0;
  const float left = std::max(1.f, width - right);
  Arrangement a;
  a.top = {0, 0, width, top};
  a.bottom = {0, height - bottom, width, bottom};
  a.picture = {0, top, left, std::max(1.f, between - below)};
  if (side) a.side = {left, top, right, between};
  if (table) a.table = {0, top + between - below, left, below};
  return a;
}

}  // namespace saggio::viz::ui
