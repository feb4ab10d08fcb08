// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "viz/plan/crowd.h"
#include "viz/vulkan/memory.h"
#include "viz/vulkan/pipeline.h"
#include "viz/vulkan/texels.h"
#include "viz/vulkan/world.h"

namespace saggio::viz::vulkan {

// Draws a plan's crowd by counting rather than by rasterising, which for points and lines of a few
// pixels takes a fifth of the time: each node takes its pixels by an atomic minimum of its depth,
// each edge is added to the cells that it crosses. All of it is in integers, so that a picture does
// not depend on who came first.
class CrowdPass {
 public:
  explicit CrowdPass(Device& device);

  // Brings to the device what the next picture needs of this plan, for this part of it in pixels; of
  // a crowd, the pages that are not there already.
  void take(const RenderPlan& plan, const VkRect2D& part);
  // Outside of a rendering: counts. Inside of it, before all else: draws what was counted, with ids
  // and depths of nodes. Neither does anything if there is no crowd.
  void count(VkCommandBuffer commands) const;
  void resolve(VkCommandBuffer commands) const;

 private:
  void fit(const VkRect2D& part);
  void bind(VkCommandBuffer commands, VkPipelineBindPoint point, const Pipeline& pipeline) const;
  void dispatch(VkCommandBuffer commands,
                const Pipeline& pipeline,
                const auto& push,
                const VkExtent2D& groups) const;
  void splat(VkCommandBuffer commands) const;
  void walk(VkCommandBuffer commands) const;
  void shade(VkCommandBuffer commands) const;

  template <typename Item>
  struct Brought {
    Upload data;
    Pages<Item> pages;  // that it holds
  };
  template <typename Item>
  void bring(const Pages<Item>& items, Brought<Item>& brought, uint32_t binding);

  struct Frame {  // what of a plan the shaders need
    World world;
    Viewport viewport;
    Theme theme;
    Exposure exposure;
    float unit = 1;
    bool flat = false;
  };

  Device& device_;
  TexelBuffers texels_;
  PipelineLayout layout_;
  Pipeline splat_, threads_, shade_, resolve_;
  bool there_ = false, dimmed_ = false;
  uint32_t nodes_ = 0, drawn_threads_ = 0, step_ = 1, hues_ = 0, cells_ = 0;
  std::array<Rgba, kHues> hue_colours_{};
  VkRect2D part_{};
  Frame frame_;
  Brought<Ball> balls_;
  Brought<Thread> threads_there_;
  Buffer keys_, counts_, shades_, tiles_;
};

}  // namespace saggio::viz::vulkan
