// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/plan.h"

namespace saggio::viz::vulkan {

// From the world to the picture, as shaders take it.
struct World {
  Mat4 view_projection;
  float scale = 0;  // pixels of a unit of the world at clip w = 1
  float fog_begin = 0, fog_scale = 0;
};
World world_of(const RenderPlan& plan);

}  // namespace saggio::viz::vulkan
