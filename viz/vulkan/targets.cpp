// SPDX-License-Identifier: MIT
#include "viz/vulkan/targets.h"

#include <array>

#include "viz/vulkan/pipeline.h"

namespace saggio::viz::vulkan {
namespace {

constexpr VkDeviceSize kTexel = 4;  // bytes, of colours and of ids
constexpr Use kDepthTested{
    VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL,
    VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT | VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT,
    VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_READ_BIT};

VkClearColorValue clear_value(Rgba colour) {
  const auto part = [](uint8_t value) { return static_cast<float>(value) / 255; };
  return {{part(colour.r), part(colour.g), part(colour.b), part(colour.a)}};
}

void change(VkCommandBuffer commands,
            VkImage image,
            VkImageAspectFlags aspect,
            const Use& from,
            const Use& to) {
  VkImageMemoryBarrier2 barrier{VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2};
  barrier.srcStageMask = from.stages;
  barrier.srcAccessMask = from.access;
  barrier.dstStageMask = to.stages;
  barrier.dstAccessMask = to.access;
  barrier.oldLayout = from.layout;
  barrier.newLayout = to.layout;
  barrier.image = image;
  barrier.subresourceRange = {aspect, 0, 1, 0, 1};
  VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
  info.imageMemoryBarrierCount = 1;
  info.pImageMemoryBarriers = &barrier;
  vkCmdPipelineBarrier2(commands, &info);
}

}  // namespace

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

void change_use(VkCommandBuffer commands, const Image& image, const Use& from, const Use& to) {
  change(commands, image.handle(), image.aspect(), from, to);
}

void change_use(VkCommandBuffer commands, VkImage colours, const Use& from, const Use& to) {
  change(commands, colours, VK_IMAGE_ASPECT_COLOR_BIT, from, to);
}

Targets::Targets(Device& device, VkExtent2D extent) : extent_(extent) {
  const VkImageUsageFlags drawn =
      VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
  colour_ = Image(device, extent, kColourFormat, drawn, VK_IMAGE_ASPECT_COLOR_BIT);
  id_ = Image(device, extent, kIdFormat, drawn, VK_IMAGE_ASPECT_COLOR_BIT);
  depth_ = Image(device,
                 extent,
                 kDepthFormat,
                 VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT,
                 VK_IMAGE_ASPECT_DEPTH_BIT);
}

void Targets::begin(VkCommandBuffer commands,
                    Rgba background,
                    const Viewport& whole,
                    VkOffset2D origin) const {
  for (const Image* image : {&colour_, &id_})
    change_use(commands, *image, forgotten(kCopiedFrom), kDrawnInto);
  change_use(commands, depth_, forgotten(kDepthTested), kDepthTested);
  std::array<VkRenderingAttachmentInfo, 3> into{};
  for (VkRenderingAttachmentInfo& one : into) {
    one.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO;
    one.imageLayout = kDrawnInto.layout;
    one.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    one.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
  }
  into[0].imageView = colour_.view();
  into[0].clearValue.color = clear_value(background);
  into[1].imageView = id_.view();
  into[2].imageView = depth_.view();
  into[2].imageLayout = kDepthTested.layout;
  into[2].storeOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
  into[2].clearValue.depthStencil = {1, 0};
  VkRenderingInfo info{VK_STRUCTURE_TYPE_RENDERING_INFO};
  info.renderArea.extent = extent_;
  info.layerCount = 1;
  info.colorAttachmentCount = 2;
  info.pColorAttachments = into.data();
  info.pDepthAttachment = &into[2];
  vkCmdBeginRendering(commands, &info);
  const VkViewport all{-static_cast<float>(origin.x),
                       -static_cast<float>(origin.y),
                       whole.width,
                       whole.height,
                       0,
                       1};
  const VkRect2D scissor{{0, 0}, extent_};
  vkCmdSetViewport(commands, 0, 1, &all);
  vkCmdSetScissor(commands, 0, 1, &scissor);
}

void Targets::end(VkCommandBuffer commands) const {
  vkCmdEndRendering(commands);
  for (const Image* image : {&colour_, &id_}) change_use(commands, *image, kDrawnInto, kCopiedFrom);
}

void ReadBack::copy(Device& device,
                    VkCommandBuffer commands,
                    const Image& image,
                    const VkRect2D& part) {
  const VkDeviceSize bytes = kTexel * part.extent.width * part.extent.height;
  if (buffer_.bytes() < bytes)
    buffer_ = Buffer(device, bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, Seen::Read);
  VkBufferImageCopy copy{};
  copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  copy.imageOffset = {part.offset.x, part.offset.y, 0};
  copy.imageExtent = {part.extent.width, part.extent.height, 1};
  vkCmdCopyImageToBuffer(commands, image.handle(), kCopiedFrom.layout, buffer_.handle(), 1, &copy);
  wait(commands,
       VK_PIPELINE_STAGE_2_COPY_BIT,
       VK_ACCESS_2_TRANSFER_WRITE_BIT,
       VK_PIPELINE_STAGE_2_HOST_BIT,
       VK_ACCESS_2_HOST_READ_BIT);
}

}  // namespace saggio::viz::vulkan
