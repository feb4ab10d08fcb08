// SPDX-License-Identifier: MIT
#include "viz/vulkan/crowd_pass.h"

#include <algorithm>
#include <array>

#include "viz/vulkan/targets.h"

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
constexpr uint32_t kTileVert[] = {
#include <viz_shaders/crowd.vert.inc>
};
constexpr uint32_t kCrowdFrag[] = {
#include <viz_shaders/crowd.frag.inc>
};
// clang-format on

constexpr VkShaderStageFlags kStages =
    VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT | VK_SHADER_STAGE_COMPUTE_BIT;
constexpr uint32_t kGroup = 64, kThreadsAGroup = 16;  // of the shaders
constexpr uint32_t kGroupsAside = 32'768;             // in one dimension, which may have 65,535
constexpr VkDeviceSize kWideTexel = 16;               // bytes
constexpr uint32_t kTile = 32;                        // pixels a side
constexpr int32_t kCell = 2;                          // pixels
constexpr size_t kSmooth = 50'000;  // up to so many threads are worth a second cell at each step

using Pair = std::array<int32_t, 2>;

struct SplatPush {  // of splat.comp
  Mat4 view_projection;
  Viewport viewport;
  Pair origin{}, extent{};
  float scale = 0, unit = 1;
  uint32_t nodes = 0, flat = 0;
  VkDeviceAddress keys = 0, tiles = 0;
};
static_assert(sizeof(SplatPush) == 120);

struct ThreadsPush {  // of threads.comp
  Mat4 view_projection;
  Viewport viewport;
  Pair first_cell{}, cells{};
  uint32_t threads = 0, step = 1, smooth = 0, unused = 0;
  VkDeviceAddress counts = 0;
  float scale = 0, unit = 1;
};
static_assert(sizeof(ThreadsPush) == 120);

struct ShadePush {  // of shade.comp
  Pair cells{}, corner{}, extent{};
  Exposure exposure;
  std::array<Rgba, kHues> hues{};
  uint32_t hue_count = 0, unused = 0;
  VkDeviceAddress shades = 0, tiles = 0;
};
static_assert(sizeof(ShadePush) == 80);

enum Binding : uint32_t {  // of crowd.glsl
  kBallTexels,
  kThreadTexels,
  kKeyTexels,
  kCountTexels,
  kShadeTexels,
  kTileTexels,
  kBindings
};

enum ResolveFlags : uint32_t { kHasNodes = 1, kHasThreads = 2, kDimmed = 4 };

struct ResolvePush {  // of resolve.glsl
  Mat4 view_projection;
  Viewport viewport;
  uint32_t origin = 0, width_and_flags = 0;  // 16 bits each
  float scale = 0, unit = 1;
  Rgba background, outline;
  float fog_begin = 0, fog_scale = 0;
};
static_assert(sizeof(ResolvePush) == 104);

// Cells of a part, with one more on each side.
int32_t first_cell(int32_t origin) { return origin / kCell - 1; }
int32_t cell_count(int32_t origin, uint32_t extent) {
  return (origin + static_cast<int32_t>(extent) + kCell - 1) / kCell + 1 - first_cell(origin);
}

uint32_t tile_count(const VkExtent2D& part) {
  const auto tiles = [](uint32_t pixels) { return (pixels + kTile - 1) / kTile; };
  return tiles(part.width) * tiles(part.height);
}

uint32_t groups_of(uint32_t items, uint32_t a_group) {
  return items / a_group + (items % a_group > 0);
}
// So many groups in two dimensions, and some more, if they are too many for one.
VkExtent2D spread(uint32_t groups) {
  const uint32_t aside = std::min(groups, kGroupsAside);
  return {aside, aside ? groups_of(groups, aside) : 0};
}

}  // namespace

CrowdPass::CrowdPass(Device& device)
    : device_(device),
      texels_(device, kStages, kBindings),
      layout_(device, kStages, texels_.layout()),
      splat_(layout_, kSplat),
      threads_(layout_, kThreads),
      shade_(layout_, kShade),
      resolve_(layout_,
               {.vertex = kTileVert,
                .fragment = kCrowdFrag,
                .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
                .writes_depth = true,
                .blends = false}) {}

template <typename Item>
void CrowdPass::bring(const Pages<Item>& items, Brought<Item>& brought, uint32_t binding) {
  const VkBuffer before = brought.data.handle();
  // A buffer that had to grow holds nothing yet.
  const bool fresh = brought.data.reserve(device_, items.size() * sizeof(Item));
  for (size_t p = 0; p < items.pages(); ++p)
    if (fresh || !items.shares(p, brought.pages))
      brought.data.write(p * Pages<Item>::kItems * sizeof(Item), std::as_bytes(items.page(p)));
  if (before != brought.data.handle() || items.size() != brought.pages.size()) {
    const VkDeviceSize bytes = std::max<VkDeviceSize>(kWideTexel, items.size() * sizeof(Item));
    texels_.set(binding, brought.data.handle(), bytes, VK_FORMAT_R32G32B32A32_UINT);
  }
  brought.pages = items;
}

void CrowdPass::take(const RenderPlan& plan, const VkRect2D& part) {
  there_ = plan.crowd && (!plan.crowd->nodes.empty() || !plan.crowd->threads.empty());
  if (!there_) return;
  const Crowd& crowd = *plan.crowd;
  bring(crowd.nodes, balls_, kBallTexels);
  bring(crowd.threads, threads_there_, kThreadTexels);
  nodes_ = static_cast<uint32_t>(crowd.nodes.size());
  step_ = static_cast<uint32_t>(plan.step);
  drawn_threads_ = static_cast<uint32_t>(sample_size(crowd.threads.size(), plan.step));
  hues_ = static_cast<uint32_t>(crowd.hue_count);
  hue_colours_ = crowd.hues;
  dimmed_ = crowd.dimmed;
  frame_ = {world_of(plan),
            plan.viewport,
            plan.theme,
            exposure_of(crowd, plan.step, plan.camera, plan.viewport, plan.unit),
            plan.unit,
            plan.camera.flat};
  fit(part);
}

void CrowdPass::fit(const VkRect2D& part) {
  part_ = part;
  cells_ = static_cast<uint32_t>(cell_count(part.offset.x, part.extent.width) *
                                 cell_count(part.offset.y, part.extent.height));
  constexpr VkBufferUsageFlags kUsage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT |
                                        VK_BUFFER_USAGE_TRANSFER_DST_BIT |
                                        VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT;
  const auto reserve = [&](Buffer& buffer, VkDeviceSize bytes, Binding binding, VkFormat format) {
    if (buffer.bytes() >= bytes) return;
    buffer = Buffer(device_, bytes, kUsage, Seen::Never);
    texels_.set(binding, buffer.handle(), bytes, format);
  };
  const VkDeviceSize pixels = VkDeviceSize{part.extent.width} * part.extent.height;
  reserve(keys_, 8 * pixels, kKeyTexels, VK_FORMAT_R32_UINT);
  reserve(counts_, VkDeviceSize{4} * kHues * cells_, kCountTexels, VK_FORMAT_R32_UINT);
  reserve(tiles_, VkDeviceSize{4} * tile_count(part.extent), kTileTexels, VK_FORMAT_R32_UINT);
  reserve(shades_, VkDeviceSize{4} * cells_, kShadeTexels, VK_FORMAT_R8G8B8A8_UNORM);
}

void CrowdPass::bind(VkCommandBuffer commands,
                     VkPipelineBindPoint point,
                     const Pipeline& pipeline) const {
  const VkDescriptorSet set = texels_.handle();
  vkCmdBindPipeline(commands, point, pipeline.handle());
  vkCmdBindDescriptorSets(commands, point, layout_.handle(), 0, 1, &set, 0, nullptr);
}

void CrowdPass::dispatch(VkCommandBuffer commands,
                         const Pipeline& pipeline,
                         const auto& push,
                         const VkExtent2D& groups) const {
  if (groups.width == 0) return;
  bind(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
  vkCmdPushConstants(commands, layout_.handle(), kStages, 0, sizeof push, &push);
  vkCmdDispatch(commands, groups.width, groups.height, 1);
}

void CrowdPass::splat(VkCommandBuffer commands) const {
  const auto [width, height] = part_.extent;
  const SplatPush push{frame_.world.view_projection,
                       frame_.viewport,
                       {part_.offset.x, part_.offset.y},
                       {static_cast<int32_t>(width), static_cast<int32_t>(height)},
                       frame_.world.scale,
                       frame_.unit,
                       nodes_,
                       frame_.flat,
                       keys_.address(),
                       tiles_.address()};
  dispatch(commands, splat_, push, spread(groups_of(nodes_, kGroup)));
}

void CrowdPass::walk(VkCommandBuffer commands) const {
  const auto [x, y] = part_.offset;
  const ThreadsPush push{frame_.world.view_projection,
                         frame_.viewport,
                         {first_cell(x), first_cell(y)},
                         {cell_count(x, part_.extent.width), cell_count(y, part_.extent.height)},
                         drawn_threads_,
                         step_,
                         drawn_threads_ <= kSmooth,
                         0,
                         counts_.address(),
                         frame_.world.scale,
                         frame_.unit};
  dispatch(commands, threads_, push, spread(groups_of(drawn_threads_, kThreadsAGroup)));
}

void CrowdPass::shade(VkCommandBuffer commands) const {
  if (drawn_threads_ == 0) return;
  const auto [x, y] = part_.offset;
  const auto [width, height] = part_.extent;
  const Pair cells{cell_count(x, width), cell_count(y, height)};
  const ShadePush push{cells,
                       {kCell * first_cell(x) - x, kCell * first_cell(y) - y},
                       {static_cast<int32_t>(width), static_cast<int32_t>(height)},
                       frame_.exposure,
                       hue_colours_,
                       hues_,
                       0,
                       shades_.address(),
                       tiles_.address()};
  dispatch(commands,
           shade_,
           push,
           {groups_of(static_cast<uint32_t>(cells[0]), kGroup), static_cast<uint32_t>(cells[1])});
}

void CrowdPass::count(VkCommandBuffer commands) const {
  if (!there_) return;
  constexpr VkPipelineStageFlags2 kCompute = VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT;
  constexpr VkAccessFlags2 kReadWrite =
      VK_ACCESS_2_SHADER_READ_BIT | VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT;
  const VkDeviceSize keys = VkDeviceSize{8} * part_.extent.width * part_.extent.height;
  if (nodes_ > 0) vkCmdFillBuffer(commands, keys_.handle(), 0, keys, UINT32_MAX);
  if (drawn_threads_ > 0)
    vkCmdFillBuffer(commands, counts_.handle(), 0, VkDeviceSize{4} * hues_ * cells_, 0);
  vkCmdFillBuffer(commands, tiles_.handle(), 0, VkDeviceSize{4} * tile_count(part_.extent), 0);
  wait(commands,
       VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT,
       VK_ACCESS_2_TRANSFER_WRITE_BIT,
       kCompute,
       kReadWrite);
  walk(commands);
  splat(commands);
  wait(commands, kCompute, kReadWrite, kCompute, kReadWrite);
  shade(commands);
  wait(commands,
       kCompute,
       kReadWrite,
       VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT | VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT,
       VK_ACCESS_2_SHADER_READ_BIT);
}

void CrowdPass::resolve(VkCommandBuffer commands) const {
  if (!there_) return;
  const uint32_t flags = (nodes_ > 0 ? kHasNodes : 0u) | (drawn_threads_ > 0 ? kHasThreads : 0u) |
                         (dimmed_ ? kDimmed : 0u);
  const auto [x, y] = part_.offset;
  const ResolvePush push{frame_.world.view_projection,
                         frame_.viewport,
                         static_cast<uint32_t>(x) | static_cast<uint32_t>(y) << 16,
                         part_.extent.width | flags << 16,
                         frame_.world.scale,
                         frame_.unit,
                         frame_.theme.background,
                         frame_.theme.outline,
                         frame_.world.fog_begin,
                         frame_.world.fog_scale};
  bind(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, resolve_);
  vkCmdPushConstants(commands, layout_.handle(), kStages, 0, sizeof push, &push);
  vkCmdDraw(commands, 4, tile_count(part_.extent), 0, 0);
}

}  // namespace saggio::viz::vulkan
