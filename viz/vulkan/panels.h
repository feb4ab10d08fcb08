// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/panel_drawing.h"
#include "viz/vulkan/memory.h"
#include "viz/vulkan/pipeline.h"
#include "viz/vulkan/targets.h"

namespace saggio::viz::vulkan {

// An image that a person looks at: one of a window's, or one of our own. Attachment and target of
// copies.
struct Glass {
  VkImage image{};
  VkImageView view{};
  VkExtent2D extent{};
};

// Puts a picture as it is, pixel by pixel, behind panels. With the shaders of the overlay, and no
// backend of Dear ImGui's.
class Panels {
 public:
  // `format`: of the images that compose() fills.
  Panels(Device& device, VkFormat format);

  void set_letters(const Font::Atlas& atlas);

  // Takes over the data; call it before compose() records commands that read them.
  void put(const PanelDrawing& drawing);
  // The picture (kCopiedFrom) with its corner at `area`, a background around it, panels over all.
  // Afterwards the image is for `last`. Null: no picture.
  void compose(VkCommandBuffer commands,
               const Image* picture,
               const Box& area,
               const Glass& glass,
               Rgba background,
               const Use& last) const;

 private:
  void copy(VkCommandBuffer commands,
            const Image& picture,
            const Box& area,
            const Glass& glass) const;
  void draw(VkCommandBuffer commands, const Glass& glass) const;

  Device& device_;
  PipelineLayout layout_;
  Pipeline pipeline_;
  Upload vertices_, indices_, texels_;
  uint32_t atlas_width_ = 0;
  std::vector<PanelDrawing::Piece> pieces_;
};

}  // namespace saggio::viz::vulkan
