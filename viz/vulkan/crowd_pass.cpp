// SPDX-License-Identifier: MIT
#include "viz/vulkan/crowd_pass.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "viz/vulkan/world.h"

namespace saggio::viz::vulkan {
namespace {

// clang-format off
constexpr uint32_t kSplat[] = {
#include <viz_shaders/splat.comp.inc>
};
constexpr uint32_t kThreads[] = {
#include <viz_shaders/threads.comp.inc>
};
constexpr uint32_t kShade[] = {
#include <viz_shaders/shade.comp.inc>
};
constexpr uint32_t kScreenVert[] = {
#include <viz_shaders/crowd.vert.inc>
};
constexpr uint32_t kCrowdFrag[] = {
#include <viz_shaders/crowd.frag.inc>
};
// clang-format on

constexpr VkShaderStageFlags kStages =
    VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT | VK_SHADER_STAGE_COMPUTE_BIT;
constexpr uint32_t kGroup = 64, kThreadsAGroup = 8;  // of the shaders
constexpr uint32_t kGroupsAside = 32'768;            // in one dimension, which may have 65,535
constexpr int32_t kCell = 2;                         // pixels
constexpr size_t kSmooth = 50'000;  // up to so many threads are worth a second cell at each step

struct Frame {  // of crowd.glsl
  Mat4 view_projection;
  std::array<float, 2> viewport{};
  std::array<int32_t, 2> origin{}, extent{}, first_cell{}, cells{};
  float scale = 0, unit = 1;
  uint32_t nodes = 0, threads = 0, flat = 0, dimmed = 0, smooth = 0;
  float one = 0, doubling = 0;
  Rgba background, outline;
  float fog_begin = 0, fog_scale = 0;
  std::array<Rgba, kHues> hues{};
  uint32_t unused = 0;
  VkDeviceAddress node_data = 0, thread_data = 0, keys = 0, counts = 0, shades = 0;
};
static_assert(sizeof(Frame) == 224);

void wait(VkCommandBuffer commands,
          VkPipelineStageFlags2 before,
          VkAccessFlags2 written,
          VkPipelineStageFlags2 after,
          VkAccessFlags2 used) {
  VkMemoryBarrier2 barrier{VK_STRUCTURE_TYPE_MEMORY_BARRIER_2};
  barrier.srcStageMask = before;
  barrier.srcAccessMask = written;
  barrier.dstStageMask = after;
  barrier.dstAccessMask = used;
  VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
  info.memoryBarrierCount = 1;
  info.pMemoryBarriers = &barrier;
  vkCmdPipelineBarrier2(commands, &info);
}

// Cells of a part, with one more on each side.
int32_t first_cell(int32_t origin) { return origin / kCell - 1; }
int32_t cell_count(int32_t origin, uint32_t extent) {
  return (origin + static_cast<int32_t>(extent) + kCell - 1) / kCell + 1 - first_cell(origin);
}

uint64_t groups_of(uint64_t items, uint64_t a_group) { return (items + a_group - 1) / a_group; }

}  // namespace

CrowdPass::CrowdPass(Device& device)
    : device_(device),
      layout_(device, kStages),
      splat_(layout_, kSplat),
      threads_(layout_, kThreads),
      shade_(layout_, kShade),
      resolve_(layout_, {.vertex = kScreenVert, .fragment = kCrowdFrag, .writes_depth = true}) {}

void CrowdPass::take(const RenderPlan& plan, const VkRect2D& part) {
  there_ = plan.crowd && (!plan.crowd->nodes.empty() || plan.threads > 0);
  if (!there_) return;
  if (crowd_ != plan.crowd) {
    node_data_.put<Ball>(device_, plan.crowd->nodes);
    thread_data_.put<Thread>(device_, plan.crowd->threads);
    crowd_ = plan.crowd;
  }
  nodes_ = static_cast<uint32_t>(plan.crowd->nodes.size());
  drawn_threads_ = static_cast<uint32_t>(std::min(plan.threads, plan.crowd->threads.size()));
  fit(part);
  take_frame(plan, part);
}

void CrowdPass::fit(const VkRect2D& part) {
  part_ = part;
  cells_ = static_cast<uint32_t>(cell_count(part.offset.x, part.extent.width) *
                                 cell_count(part.offset.y, part.extent.height));
  constexpr VkBufferUsageFlags kUsage =
      VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
  const auto reserve = [&](Buffer& buffer, VkDeviceSize bytes) {
    if (buffer.bytes() < bytes) buffer = Buffer(device_, bytes, kUsage, Seen::Never);
  };
  reserve(keys_, VkDeviceSize{8} * part.extent.width * part.extent.height);
  reserve(counts_, VkDeviceSize{4} * kHues * cells_);
  reserve(shades_, VkDeviceSize{4} * cells_);
}

void CrowdPass::take_frame(const RenderPlan& plan, const VkRect2D& part) {
  const World world = world_of(plan);
  const Exposure exposure = exposure_of(*plan.crowd, drawn_threads_, plan.camera, plan.viewport);
  const auto [x, y] = part.offset;
  const auto [width, height] = part.extent;
  Frame frame;
  frame.view_projection = world.view_projection;
  frame.viewport = {plan.viewport.width, plan.viewport.height};
  frame.origin = {x, y};
  frame.extent = {static_cast<int32_t>(width), static_cast<int32_t>(height)};
  frame.first_cell = {first_cell(x), first_cell(y)};
  frame.cells = {cell_count(x, width), cell_count(y, height)};
  frame.scale = world.scale;
  frame.unit = plan.unit;
  frame.nodes = nodes_;
  frame.threads = drawn_threads_;
  frame.flat = plan.camera.flat;
  frame.dimmed = plan.crowd->dimmed;
  frame.smooth = drawn_threads_ <= kSmooth;
  frame.one = exposure.one;
  frame.doubling = exposure.doubling;
  frame.background = plan.theme.background;
  frame.outline = plan.theme.outline;
  frame.fog_begin = world.fog_begin;
  frame.fog_scale = world.fog_scale;
  frame.hues = plan.crowd->hues;
  frame.node_data = node_data_.address();
  frame.thread_data = thread_data_.address();
  frame.keys = keys_.address();
  frame.counts = counts_.address();
  frame.shades = shades_.address();
  frame_data_.put<Frame>(device_, std::span(&frame, 1));
}

void CrowdPass::push(VkCommandBuffer commands) const {
  const VkDeviceAddress frame = frame_data_.address();
  vkCmdPushConstants(commands, layout_.handle(), kStages, 0, sizeof frame, &frame);
}

void CrowdPass::dispatch(VkCommandBuffer commands,
                         const Pipeline& pipeline,
                         uint64_t groups) const {
  if (groups == 0) return;
  vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.handle());
  push(commands);
  const auto aside = static_cast<uint32_t>(std::min<uint64_t>(groups, kGroupsAside));
  vkCmdDispatch(commands, aside, static_cast<uint32_t>(groups_of(groups, aside)), 1);
}

void CrowdPass::count(VkCommandBuffer commands) const {
  if (!there_) return;
  constexpr VkPipelineStageFlags2 kCompute = VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT;
  constexpr VkAccessFlags2 kReadWrite =
      VK_ACCESS_2_SHADER_STORAGE_READ_BIT | VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT;
  const VkDeviceSize keys = VkDeviceSize{8} * part_.extent.width * part_.extent.height;
  if (nodes_ > 0) vkCmdFillBuffer(commands, keys_.handle(), 0, keys, UINT32_MAX);
  if (drawn_threads_ > 0)
    vkCmdFillBuffer(commands, counts_.handle(), 0, VkDeviceSize{4} * kHues * cells_, 0);
  wait(commands,
       VK_PIPELINE_STAGE_2_CLEAR_BIT,
       VK_ACCESS_2_TRANSFER_WRITE_BIT,
       kCompute,
       kReadWrite);
  dispatch(commands, threads_, groups_of(drawn_threads_, kThreadsAGroup));
  dispatch(commands, splat_, groups_of(nodes_, kGroup));
  wait(commands, kCompute, kReadWrite, kCompute, kReadWrite);
  if (drawn_threads_ > 0) dispatch(commands, shade_, groups_of(cells_, kGroup));
  wait(commands,
       kCompute,
       kReadWrite,
       VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT,
       VK_ACCESS_2_SHADER_STORAGE_READ_BIT);
}

void CrowdPass::resolve(VkCommandBuffer commands) const {
  if (!there_) return;
  vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, resolve_.handle());
  push(commands);
  vkCmdDraw(commands, 3, 1, 0, 0);
}

}  // namespace saggio::viz::vulkan
