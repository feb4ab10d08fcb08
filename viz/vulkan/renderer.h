// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/backend.h"
#include "viz/vulkan/raster.h"
#include "viz/vulkan/targets.h"

namespace saggio::viz::vulkan {

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
  // As Frame::pick; reads no more than the texels that it looks at.
  PickId pick(int64_t x, int64_t y, int64_t reach = 3);

  Frame draw(const RenderPlan& plan, const Overlay& overlay) override;  // render() and read back
  Device& device() { return device_; }  // on which a window makes what it shows the picture with

 private:
  void fit(const Viewport& viewport);
  void refuse_messages();

  Device device_;
  Raster raster_;
  Targets targets_;
  ReadBack colours_, ids_;
};

}  // namespace saggio::viz::vulkan
