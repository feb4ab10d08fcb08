// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/backend.h"
#include "viz/vulkan/crowd_pass.h"
#include "viz/vulkan/raster.h"
#include "viz/vulkan/targets.h"

namespace saggio::viz::vulkan {

inline constexpr uint32_t kWhole = 4096;      // pixels a side
inline constexpr uint32_t kLongest = 16'384;  // of a picture in a file

// The backend that draws with Vulkan, into a picture and an image of ids of its own, which stay on
// the device. A window shows what it drew and a file holds it, so that both have the same pixels.
// With validation, a message of the layer makes render() and draw() throw.
class Renderer : public Backend {
 public:
  // Throws NoDevice.
  explicit Renderer(const DeviceOptions& options = {});

  const DeviceInfo& info() const override { return device_.info(); }
  // Throws what draw() throws. When it returns, the device is done.
  void render(const RenderPlan& plan, const Overlay& overlay);
  // Of the last render(), which was at least one: R8G8B8A8, kCopiedFrom.
  const Image& picture() const { return targets_.colour(); }
  VkExtent2D extent() const { return targets_.extent(); }
  // As Frame::pick, and edges of a crowd, which have no ids, by their distance; reads no more than
  // the texels that it looks at.
  PickId pick(int64_t x, int64_t y, int64_t reach = 3);

  // render() and read back; a picture that is larger than kWhole is drawn in tiles, since a device
  // has neither images nor memory for any size.
  Frame draw(const RenderPlan& plan, const Overlay& overlay) override;
  // In tiles of so many pixels a side, which is even.
  Frame draw_in_tiles(const RenderPlan& plan, const Overlay& overlay, uint32_t side);
  Device& device() { return device_; }  // on which a window makes what it shows the picture with

 private:
  void check_size(const Viewport& viewport, float longest) const;
  void fit(VkExtent2D extent);
  void render_part(const RenderPlan& plan, const Overlay& overlay, VkOffset2D origin);
  void read_part(Frame& frame, VkOffset2D origin);
  void refuse_messages();

  Device device_;
  CrowdPass crowd_;
  Raster raster_;
  Targets targets_;
  ReadBack colours_, ids_;
  RenderPlan seen_;  // of the last picture: its camera and crowd
};

}  // namespace saggio::viz::vulkan
