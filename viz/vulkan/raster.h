// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/backend.h"
#include "viz/vulkan/memory.h"
#include "viz/vulkan/pipeline.h"

namespace saggio::viz::vulkan {

// The hardware's way to draw a plan: balls from far to near, then lines behind and between them,
// then what lies flat on top. Draws into whatever rendering was begun.
class Raster {
 public:
  explicit Raster(Device& device);

  // Brings to the device what record() draws.
  void take(const RenderPlan& plan, const Overlay& overlay);
  void record(VkCommandBuffer commands, const RenderPlan& plan, const Overlay& overlay) const;

 private:
  void draw_overlay(VkCommandBuffer commands, const RenderPlan& plan, const Overlay& overlay) const;

  Device& device_;
  PipelineLayout layout_;
  Pipeline balls_, dim_balls_, lines_, curves_, overlay_;
  Upload ball_data_, line_data_, vertex_data_, index_data_, texel_data_;
};

}  // namespace saggio::viz::vulkan
