// SPDX-License-Identifier: MIT
#include "viz/vulkan/world.h"

#include <algorithm>
#include <cmath>

namespace saggio::viz::vulkan {

World world_of(const RenderPlan& plan) {
  const float tangent = std::tan(plan.camera.fov_y / 2);
  World world;
  world.view_projection = view_projection(plan.camera, plan.viewport);
  world.scale =
      plan.viewport.height / (2 * tangent * (plan.camera.flat ? plan.camera.distance : 1));
  // With parallel rays there is no fog, and a graph that is nearly flat along the view is not made
  // to look deep.
  const float deep = plan.farthest - plan.nearest;
  if (plan.camera.flat || !(deep > 0)) return world;
  world.fog_begin = plan.nearest;
  world.fog_scale = std::min(1.f, deep / (0.3f * plan.camera.distance)) / deep;
  return world;
}

}  // namespace saggio::viz::vulkan
