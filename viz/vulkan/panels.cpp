// SPDX-License-Identifier: MIT
#include "viz/vulkan/panels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace saggio::viz::vulkan {
namespace {

// clang-format off
constexpr uint32_t kVert[] = {
#include <viz_shaders/overlay.vert.inc>
};
constexpr uint32_t kFrag[] = {
#include <viz_shaders/overlay.frag.inc>
};
// clang-format on

constexpr VkShaderStageFlags kStages = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;

struct Push {  // of overlay.glsl
  std::array<float, 2> viewport{};
  VkDeviceAddress vertices = 0, texels = 0;
  uint32_t atlas_width = 0, unused = 0;
};

constexpr Use kCleared{VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                       VK_PIPELINE_STAGE_2_CLEAR_BIT,
                       VK_ACCESS_2_TRANSFER_WRITE_BIT},
    kCopiedTo{VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
              VK_PIPELINE_STAGE_2_BLIT_BIT,
              VK_ACCESS_2_TRANSFER_WRITE_BIT};

// Whoever had it before: an image of a window is given to us by a semaphore that is waited for by
// all commands.
constexpr Use kGiven{
    VK_IMAGE_LAYOUT_UNDEFINED, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_NONE};

VkClearColorValue clear_value(Rgba colour) {
  const auto part = [](uint8_t value) { return static_cast<float>(value) / 255; };
  return {{part(colour.r), part(colour.g), part(colour.b), 1}};
}

// The whole pixels of a box that lie in the image; nothing is 0 wide.
VkRect2D within(const Box& box, VkExtent2D extent) {
  const auto cut = [](float value, uint32_t most) {
    return static_cast<int32_t>(std::clamp(std::round(value), 0.f, static_cast<float>(most)));
  };
  const int32_t left = cut(box.x, extent.width), top = cut(box.y, extent.height);
  const int32_t right = cut(box.x + box.width, extent.width),
                bottom = cut(box.y + box.height, extent.height);
  return {{left, top},
          {static_cast<uint32_t>(std::max(0, right - left)),
           static_cast<uint32_t>(std::max(0, bottom - top))}};
}

}  // namespace

Panels::Panels(Device& device, VkFormat format)
    : device_(device),
      layout_(device),
      pipeline_(layout_,
                {.vertex = kVert,
                 .fragment = kFrag,
                 .tests_depth = false,
                 .writes_id = false,
                 .picture_alone = format}) {}

void Panels::set_letters(const Font::Atlas& atlas) {
  atlas_width_ = atlas.width;
  texels_.put<uint8_t>(device_, atlas.texels);
}

void Panels::put(const PanelDrawing& drawing) {
  vertices_.put<Overlay::Vertex>(device_, drawing.vertices);
  indices_.put<uint32_t>(device_, drawing.indices);
  pieces_ = drawing.pieces;
}

void Panels::compose(VkCommandBuffer commands,
                     const Image* picture,
                     const Box& area,
                     const Glass& glass,
                     Rgba background,
                     const Use& last) const {
  change_use(commands, glass.image, kGiven, kCleared);
  const VkClearColorValue colour = clear_value(background);
  const VkImageSubresourceRange whole{VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
  vkCmdClearColorImage(commands, glass.image, kCleared.layout, &colour, 1, &whole);
  change_use(commands, glass.image, kCleared, kCopiedTo);
  if (picture) copy(commands, *picture, area, glass);
  change_use(commands, glass.image, kCopiedTo, kDrawnInto);
  draw(commands, glass);
  change_use(commands, glass.image, kDrawnInto, last);
}

void Panels::copy(VkCommandBuffer commands,
                  const Image& picture,
                  const Box& area,
                  const Glass& glass) const {
  const VkRect2D to = within(area, glass.extent);
  if (to.extent.width == 0 || to.extent.height == 0) return;
  const auto right = static_cast<int32_t>(to.extent.width),
             bottom = static_cast<int32_t>(to.extent.height);
  VkImageBlit blit{};
  blit.srcSubresource = blit.dstSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  blit.srcOffsets[1] = {right, bottom, 1};
  blit.dstOffsets[0] = {to.offset.x, to.offset.y, 0};
  blit.dstOffsets[1] = {to.offset.x + right, to.offset.y + bottom, 1};
  vkCmdBlitImage(commands,
                 picture.handle(),
                 kCopiedFrom.layout,
                 glass.image,
                 kCopiedTo.layout,
                 1,
                 &blit,
                 VK_FILTER_NEAREST);
}

void Panels::draw(VkCommandBuffer commands, const Glass& glass) const {
  VkRenderingAttachmentInfo into{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
  into.imageView = glass.view;
  into.imageLayout = kDrawnInto.layout;
  into.loadOp = VK_ATTACHMENT_LOAD_OP_LOAD;
  into.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
  VkRenderingInfo info{VK_STRUCTURE_TYPE_RENDERING_INFO};
  info.renderArea.extent = glass.extent;
  info.layerCount = 1;
  info.colorAttachmentCount = 1;
  info.pColorAttachments = &into;
  vkCmdBeginRendering(commands, &info);
  const auto width = static_cast<float>(glass.extent.width),
             height = static_cast<float>(glass.extent.height);
  const VkViewport all{0, 0, width, height, 0, 1};
  vkCmdSetViewport(commands, 0, 1, &all);
  vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_.handle());
  const Push push{{width, height}, vertices_.address(), texels_.address(), atlas_width_};
  vkCmdPushConstants(commands, layout_.handle(), kStages, 0, sizeof push, &push);
  if (!pieces_.empty()) vkCmdBindIndexBuffer(commands, indices_.handle(), 0, VK_INDEX_TYPE_UINT32);
  for (const PanelDrawing::Piece& piece : pieces_) {
    const VkRect2D inside = within(piece.inside, glass.extent);
    if (inside.extent.width == 0 || inside.extent.height == 0) continue;
    vkCmdSetScissor(commands, 0, 1, &inside);
    vkCmdDrawIndexed(commands, piece.count, 1, piece.first, 0, 0);
  }
  vkCmdEndRendering(commands);
}

}  // namespace saggio::viz::vulkan
