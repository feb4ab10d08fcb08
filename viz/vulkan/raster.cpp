// SPDX-License-Identifier: MIT
#include "viz/vulkan/raster.h"

#include <array>

#include "viz/vulkan/world.h"

namespace saggio::viz::vulkan {
namespace {

// clang-format off
constexpr uint32_t kBallVert[] = {
#include <viz_shaders/ball.vert.inc>
};
constexpr uint32_t kBallFrag[] = {
#include <viz_shaders/ball.frag.inc>
};
constexpr uint32_t kLineVert[] = {
#include <viz_shaders/line.vert.inc>
};
constexpr uint32_t kLineFrag[] = {
#include <viz_shaders/line.frag.inc>
};
constexpr uint32_t kCurveVert[] = {
#include <viz_shaders/curve.vert.inc>
};
constexpr uint32_t kOverlayVert[] = {
#include <viz_shaders/overlay.vert.inc>
};
constexpr uint32_t kOverlayFrag[] = {
#include <viz_shaders/overlay.frag.inc>
};
// clang-format on

constexpr VkShaderStageFlags kStages = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;

struct WorldPush {  // of world.glsl
  Mat4 view_projection;
  Vec3 right;
  float scale = 0;
  Vec3 up;
  Rgba outline;
  std::array<float, 2> viewport{};
  Rgba background;
  float unit = 1;
  VkDeviceAddress data = 0;
  float fog_begin = 0, fog_scale = 0;
};
static_assert(sizeof(WorldPush) == kPushBytes);

constexpr uint32_t kCurve = 126;  // vertices of curve.vert: 20 pieces and a head

struct OverlayPush {  // of overlay.glsl
  std::array<float, 2> viewport{};
  VkDeviceAddress vertices = 0, texels = 0;
  uint32_t atlas_width = 0, unused = 0;
};

WorldPush world_push(const RenderPlan& plan) {
  const World world = world_of(plan);
  const Axes a = axes(plan.camera);
  WorldPush push;
  push.view_projection = world.view_projection;
  push.right = a.right;
  push.up = a.up;
  push.scale = world.scale;
  push.outline = plan.theme.outline;
  push.viewport = {plan.viewport.width, plan.viewport.height};
  push.background = plan.theme.background;
  push.unit = plan.unit;
  push.fog_begin = world.fog_begin;
  push.fog_scale = world.fog_scale;
  return push;
}

PipelineShape ball_shape(bool hides) {
  return {.vertex = kBallVert,
          .fragment = kBallFrag,
          .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
          .writes_depth = hides};
}

// Balls or lines, as many instances of so many vertices.
struct Items {
  VkDeviceAddress data;
  uint32_t vertices;
  size_t count;
};

void push(VkCommandBuffer commands, const PipelineLayout& layout, const auto& constants) {
  vkCmdPushConstants(
      commands, layout.handle(), kStages, 0, static_cast<uint32_t>(sizeof constants), &constants);
}

void draw_items(VkCommandBuffer commands,
                const PipelineLayout& layout,
                const Pipeline& pipeline,
                WorldPush constants,
                const Items& items) {
  if (items.count == 0) return;
  constants.data = items.data;
  vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.handle());
  push(commands, layout, constants);
  vkCmdDraw(commands, items.vertices, static_cast<uint32_t>(items.count), 0, 0);
}

}  // namespace

Raster::Raster(Device& device)
    : device_(device),
      layout_(device),
      balls_(layout_, ball_shape(true)),
      dim_balls_(layout_, ball_shape(false)),
      lines_(layout_, {.vertex = kLineVert, .fragment = kLineFrag}),
      curves_(layout_, {.vertex = kCurveVert, .fragment = kLineFrag}),
      overlay_(layout_,
               {.vertex = kOverlayVert,
                .fragment = kOverlayFrag,
                .tests_depth = false,
                .writes_id = false}) {}

void Raster::take(const RenderPlan& plan, const Overlay& overlay) {
  ball_data_.put<Ball>(device_, plan.balls);
  line_data_.put<Line>(device_, plan.lines);
  vertex_data_.put<Overlay::Vertex>(device_, overlay.vertices);
  index_data_.put<uint32_t>(device_, overlay.indices);
  const bool letters = overlay.atlas != nullptr;
  texel_data_.put<uint8_t>(
      device_,
      letters ? std::span<const uint8_t>(overlay.atlas->texels) : std::span<const uint8_t>());
}

void Raster::record(VkCommandBuffer commands,
                    const RenderPlan& plan,
                    const Overlay& overlay) const {
  const WorldPush push = world_push(plan);
  const VkDeviceAddress balls = ball_data_.address();
  const size_t dimmed = plan.dimmed, all = plan.balls.size();
  draw_items(commands, layout_, dim_balls_, push, {balls, 4, dimmed});
  draw_items(commands, layout_, balls_, push, {balls + dimmed * sizeof(Ball), 4, all - dimmed});
  const VkDeviceAddress lines = line_data_.address();
  const size_t straight = plan.lines.size() - plan.curved;
  draw_items(commands, layout_, lines_, push, {lines, 12, straight});
  draw_items(
      commands, layout_, curves_, push, {lines + straight * sizeof(Line), kCurve, plan.curved});
  draw_overlay(commands, plan, overlay);
}

void Raster::draw_overlay(VkCommandBuffer commands,
                          const RenderPlan& plan,
                          const Overlay& overlay) const {
  if (overlay.indices.empty()) return;
  vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, overlay_.handle());
  push(commands,
       layout_,
       OverlayPush{{plan.viewport.width, plan.viewport.height},
                   vertex_data_.address(),
                   texel_data_.address(),
                   overlay.atlas ? overlay.atlas->width : 0});
  vkCmdBindIndexBuffer(commands, index_data_.handle(), 0, VK_INDEX_TYPE_UINT32);
  vkCmdDrawIndexed(commands, static_cast<uint32_t>(overlay.indices.size()), 1, 0, 0, 0);
}

}  // namespace saggio::viz::vulkan
