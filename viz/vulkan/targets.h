// SPDX-License-Identifier: MIT
#pragma once

#include <vulkan/vulkan.h>

#include "viz/plan/backend.h"
#include "viz/vulkan/memory.h"

namespace saggio::viz::vulkan {

// How an image lies in memory, and who reads or writes it there.
struct Use {
  VkImageLayout layout;
  VkPipelineStageFlags2 stages;
  VkAccessFlags2 access;
};
inline constexpr Use kDrawnInto{
    VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
    VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
    VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT};
inline constexpr Use kCopiedFrom{VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                                 VK_PIPELINE_STAGE_2_COPY_BIT | VK_PIPELINE_STAGE_2_BLIT_BIT,
                                 VK_ACCESS_2_TRANSFER_READ_BIT};
// What it held is lost, once those of `from` have done with it.
inline Use forgotten(const Use& from) { return {VK_IMAGE_LAYOUT_UNDEFINED, from.stages, 0}; }

// What was done with the image under `from` is done and seen before what follows under `to`.
void change_use(VkCommandBuffer commands, const Image& image, const Use& from, const Use& to);
// An image of colours that is not ours.
void change_use(VkCommandBuffer commands, VkImage colours, const Use& from, const Use& to);

// What `before` wrote in memory is there for `after`.
void wait(VkCommandBuffer commands,
          VkPipelineStageFlags2 before,
          VkAccessFlags2 written,
          VkPipelineStageFlags2 after,
          VkAccessFlags2 used);

// The images that one size of picture is drawn into. Between pictures colours and ids are
// kCopiedFrom.
class Targets {
 public:
  Targets() = default;
  Targets(Device& device, VkExtent2D extent);

  VkExtent2D extent() const { return extent_; }
  const Image& colour() const { return colour_; }
  const Image& id() const { return id_; }

  // What is drawn between these two lands in the images, which begin as background and nothing.
  // They are the part at `origin` of a picture of the size `whole`.
  void begin(VkCommandBuffer commands,
             Rgba background,
             const Viewport& whole,
             VkOffset2D origin = {}) const;
  void end(VkCommandBuffer commands) const;

 private:
  VkExtent2D extent_{};
  Image colour_, id_, depth_;
};

// A part of the colours or ids of a finished picture, in memory that the host reads.
class ReadBack {
 public:
  void copy(Device& device, VkCommandBuffer commands, const Image& image, const VkRect2D& part);
  const void* data() const { return buffer_.data(); }

 private:
  Buffer buffer_;
};

}  // namespace saggio::viz::vulkan
