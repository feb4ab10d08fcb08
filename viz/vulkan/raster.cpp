// SPDX-License-Identifier: MIT
#include "viz/vulkan/raster.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "viz/vulkan/memory.h"
#include "viz/vulkan/pipeline.h"

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
  uint32_t unused = 0;
  VkDeviceAddress data = 0;
  float fog_begin = 0, fog_scale = 0;
};
static_assert(sizeof(WorldPush) == kPushBytes);

struct OverlayPush {  // of overlay.glsl
  std::array<float, 2> viewport{};
  VkDeviceAddress vertices = 0, texels = 0;
  uint32_t atlas_width = 0, unused = 0;
};

// Fog begins at the nearest ball and is full at the farthest; parallel rays have none.
void set_fog(const RenderPlan& plan, WorldPush& push) {
  if (plan.camera.flat || plan.balls.empty()) return;
  const auto depth = [&](const Ball& b) { return depth_of(plan.camera, {b.x, b.y, b.z}); };
  float farthest = 0, begin = INFINITY;
  for (const Ball& ball : plan.balls) {
    farthest = std::max(farthest, depth(ball));
    begin = std::min(begin, std::max(depth(ball), 0.f));
  }
  push.fog_begin = begin;
  push.fog_scale = farthest > begin ? 1 / (farthest - begin) : 0;
  // A graph that is nearly flat along the view is not made to look deep.
  push.fog_scale *= std::min(1.f, (farthest - begin) / (0.3f * plan.camera.distance));
}

WorldPush world_push(const RenderPlan& plan) {
  const Axes a = axes(plan.camera);
  const float tangent = std::tan(plan.camera.fov_y / 2);
  WorldPush push;
  push.view_projection = view_projection(plan.camera, plan.viewport);
  push.right = a.right;
  push.up = a.up;
  push.scale = plan.viewport.height / (2 * tangent * (plan.camera.flat ? plan.camera.distance : 1));
  push.outline = plan.theme.outline;
  push.viewport = {plan.viewport.width, plan.viewport.height};
  push.background = plan.theme.background;
  set_fog(plan, push);
  return push;
}

// How an image lies in memory, and who reads or writes it there.
struct Use {
  VkImageLayout layout;
  VkPipelineStageFlags2 stages;
  VkAccessFlags2 access;
};

void change_use(VkCommandBuffer commands, const Image& image, const Use& from, const Use& to) {
  VkImageMemoryBarrier2 barrier{VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2};
  barrier.srcStageMask = from.stages;
  barrier.srcAccessMask = from.access;
  barrier.dstStageMask = to.stages;
  barrier.dstAccessMask = to.access;
  barrier.oldLayout = from.layout;
  barrier.newLayout = to.layout;
  barrier.image = image.handle();
  barrier.subresourceRange = {image.aspect(), 0, 1, 0, 1};
  VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
  info.imageMemoryBarrierCount = 1;
  info.pImageMemoryBarriers = &barrier;
  vkCmdPipelineBarrier2(commands, &info);
}

// What one size of picture needs.
struct Targets {
  VkExtent2D extent{};
  Image colour, id, depth;
  Buffer colour_read, id_read;

  Targets() = default;
  Targets(Device& device, VkExtent2D size) : extent(size) {
    const VkImageUsageFlags drawn =
        VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
    colour = Image(device, size, kColourFormat, drawn, VK_IMAGE_ASPECT_COLOR_BIT);
    id = Image(device, size, kIdFormat, drawn, VK_IMAGE_ASPECT_COLOR_BIT);
    depth = Image(device,
                  size,
                  kDepthFormat,
                  VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT,
                  VK_IMAGE_ASPECT_DEPTH_BIT);
    const VkDeviceSize bytes = VkDeviceSize{size.width} * size.height * 4;
    colour_read = Buffer(device, bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, true);
    id_read = Buffer(device, bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, true);
  }

  void begin(VkCommandBuffer commands, Rgba background) const;
  void end_and_read(VkCommandBuffer commands) const;
};

void Targets::begin(VkCommandBuffer commands, Rgba background) const {
  for (const Image* image : {&colour, &id})
    change_use(commands,
               *image,
               {VK_IMAGE_LAYOUT_UNDEFINED, VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT, 0},
               {VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT});
  constexpr VkPipelineStageFlags2 kDepthStages =
      VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT | VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT;
  change_use(
      commands,
      depth,
      {VK_IMAGE_LAYOUT_UNDEFINED, kDepthStages, VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT},
      {VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL,
       kDepthStages,
       VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT |
           VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_READ_BIT});
  std::array<VkRenderingAttachmentInfo, 3> into{};
  for (VkRenderingAttachmentInfo& one : into) {
    one.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO;
    one.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    one.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    one.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
  }
  into[0].imageView = colour.view();
  const auto part = [](uint8_t value) { return static_cast<float>(value) / 255; };
  into[0].clearValue.color = {
      {part(background.r), part(background.g), part(background.b), part(background.a)}};
  into[1].imageView = id.view();
  into[2].imageView = depth.view();
  into[2].imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL;
  into[2].storeOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
  into[2].clearValue.depthStencil = {1, 0};
  VkRenderingInfo info{VK_STRUCTURE_TYPE_RENDERING_INFO};
  info.renderArea.extent = extent;
  info.layerCount = 1;
  info.colorAttachmentCount = 2;
  info.pColorAttachments = into.data();
  info.pDepthAttachment = &into[2];
  vkCmdBeginRendering(commands, &info);
  const VkViewport all{
      0, 0, static_cast<float>(extent.width), static_cast<float>(extent.height), 0, 1};
  const VkRect2D scissor{{0, 0}, extent};
  vkCmdSetViewport(commands, 0, 1, &all);
  vkCmdSetScissor(commands, 0, 1, &scissor);
}

void Targets::end_and_read(VkCommandBuffer commands) const {
  vkCmdEndRendering(commands);
  VkBufferImageCopy whole{};
  whole.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  whole.imageExtent = {extent.width, extent.height, 1};
  for (const auto& [image, buffer] : {std::pair(&colour, &colour_read), std::pair(&id, &id_read)}) {
    change_use(commands,
               *image,
               {VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT},
               {VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                VK_PIPELINE_STAGE_2_COPY_BIT,
                VK_ACCESS_2_TRANSFER_READ_BIT});
    vkCmdCopyImageToBuffer(commands,
                           image->handle(),
                           VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                           buffer->handle(),
                           1,
                           &whole);
  }
  VkMemoryBarrier2 barrier{VK_STRUCTURE_TYPE_MEMORY_BARRIER_2};
  barrier.srcStageMask = VK_PIPELINE_STAGE_2_COPY_BIT;
  barrier.srcAccessMask = VK_ACCESS_2_TRANSFER_WRITE_BIT;
  barrier.dstStageMask = VK_PIPELINE_STAGE_2_HOST_BIT;
  barrier.dstAccessMask = VK_ACCESS_2_HOST_READ_BIT;
  VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
  info.memoryBarrierCount = 1;
  info.pMemoryBarriers = &barrier;
  vkCmdPipelineBarrier2(commands, &info);
}

PipelineShape ball_shape(bool hides) {
  return {.vertex = kBallVert,
          .fragment = kBallFrag,
          .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
          .writes_depth = hides};
}

class Raster : public Backend {
 public:
  explicit Raster(const DeviceOptions& options)
      : device_(options),
        layout_(device_),
        balls_(layout_, ball_shape(true)),
        dim_balls_(layout_, ball_shape(false)),
        lines_(layout_, {.vertex = kLineVert, .fragment = kLineFrag}),
        overlay_(layout_,
                 {.vertex = kOverlayVert,
                  .fragment = kOverlayFrag,
                  .tests_depth = false,
                  .writes_id = false}) {}

  const DeviceInfo& device() const override { return device_.info(); }

  Frame draw(const RenderPlan& plan, const Overlay& overlay) override {
    prepare(plan, overlay);
    device_.run([&](VkCommandBuffer commands) {
      targets_.begin(commands, plan.theme.background);
      WorldPush push = world_push(plan);
      draw_items(commands, dim_balls_, push, ball_data_.address(), 4, plan.dimmed);
      draw_items(commands,
                 balls_,
                 push,
                 ball_data_.address() + plan.dimmed * sizeof(Ball),
                 4,
                 plan.balls.size() - plan.dimmed);
      draw_items(commands, lines_, push, line_data_.address(), 12, plan.lines.size());
      draw_overlay(commands, plan, overlay);
      targets_.end_and_read(commands);
    });
    if (const auto messages = device_.take_messages(); !messages.empty())
      throw std::runtime_error(fmt::format(
          "Vulkan validation: {} messages, the first: {}", messages.size(), messages.front()));
    return frame();
  }

 private:
  void prepare(const RenderPlan& plan, const Overlay& overlay) {
    const float longest = static_cast<float>(device_.longest_side());
    const auto [width, height] = plan.viewport;
    if (!(width >= 1 && width <= longest && height >= 1 && height <= longest))
      throw std::invalid_argument(
          fmt::format("a picture of {} x {} pixels, allowed on {}: 1 x 1 to {} x {}",
                      width,
                      height,
                      device_.info().name,
                      longest,
                      longest));
    const VkExtent2D size{static_cast<uint32_t>(width), static_cast<uint32_t>(height)};
    if (size.width != targets_.extent.width || size.height != targets_.extent.height)
      targets_ = Targets(device_, size);
    ball_data_.put<Ball>(device_, plan.balls);
    line_data_.put<Line>(device_, plan.lines);
    vertex_data_.put<Overlay::Vertex>(device_, overlay.vertices);
    index_data_.put<uint32_t>(device_, overlay.indices);
    const bool letters = overlay.atlas != nullptr;
    texel_data_.put<uint8_t>(
        device_,
        letters ? std::span<const uint8_t>(overlay.atlas->texels) : std::span<const uint8_t>());
  }

  void push(VkCommandBuffer commands, const auto& constants) const {
    vkCmdPushConstants(commands,
                       layout_.handle(),
                       kStages,
                       0,
                       static_cast<uint32_t>(sizeof constants),
                       &constants);
  }

  void draw_items(VkCommandBuffer commands,
                  const Pipeline& pipeline,
                  WorldPush constants,
                  VkDeviceAddress items,
                  uint32_t vertices,
                  size_t count) const {
    if (count == 0) return;
    constants.data = items;
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.handle());
    push(commands, constants);
    vkCmdDraw(commands, vertices, static_cast<uint32_t>(count), 0, 0);
  }

  void draw_overlay(VkCommandBuffer commands,
                    const RenderPlan& plan,
                    const Overlay& overlay) const {
    if (overlay.indices.empty()) return;
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, overlay_.handle());
    push(commands,
         OverlayPush{{plan.viewport.width, plan.viewport.height},
                     vertex_data_.address(),
                     texel_data_.address(),
                     overlay.atlas ? overlay.atlas->width : 0});
    vkCmdBindIndexBuffer(commands, index_data_.handle(), 0, VK_INDEX_TYPE_UINT32);
    vkCmdDrawIndexed(commands, static_cast<uint32_t>(overlay.indices.size()), 1, 0, 0, 0);
  }

  Frame frame() const {
    Frame frame{targets_.extent.width, targets_.extent.height, {}, {}};
    const size_t pixels = size_t{frame.width} * frame.height;
    const auto* colours = static_cast<const uint8_t*>(targets_.colour_read.data());
    const auto* ids = static_cast<const PickId*>(targets_.id_read.data());
    frame.rgba.assign(colours, colours + 4 * pixels);
    frame.ids.assign(ids, ids + pixels);
    return frame;
  }

  Device device_;
  PipelineLayout layout_;
  Pipeline balls_, dim_balls_, lines_, overlay_;
  Targets targets_;
  Upload ball_data_, line_data_, vertex_data_, index_data_, texel_data_;
};

}  // namespace

std::unique_ptr<Backend> make_raster(const DeviceOptions& options) {
  return std::make_unique<Raster>(options);
}

}  // namespace saggio::viz::vulkan
