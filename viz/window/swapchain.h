// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "viz/vulkan/device.h"
#include "viz/vulkan/panels.h"

namespace saggio::viz::window {

// The images that a window shows in turn. They are made again when the window changes its size, or
// when the system says that they are out of date.
class Swapchain {
 public:
  // Takes the surface over. Throws NoDevice if the device cannot show anything on it.
  Swapchain(vulkan::Device& device, VkSurfaceKHR surface);
  ~Swapchain();
  Swapchain(const Swapchain&) = delete;
  Swapchain& operator=(const Swapchain&) = delete;

  VkFormat format() const { return format_; }
  // What `record` draws into the image that it is given, which it leaves in the layout to be
  // presented, is shown. False: out of date, and to be done again after the next call of fit().
  bool show(const std::function<void(VkCommandBuffer, const vulkan::Glass&)>& record);
  // Images of this size; nothing if they have it and are not out of date. False: minimised.
  bool fit(VkExtent2D wanted);

 private:
  void choose_format();
  void make(VkExtent2D extent, const VkSurfaceCapabilitiesKHR& can);
  void drop_views();

  vulkan::Device& device_;
  VkSurfaceKHR surface_{};
  VkSwapchainKHR swapchain_{};
  VkFormat format_ = VK_FORMAT_UNDEFINED;
  VkColorSpaceKHR space_ = VK_COLOR_SPACE_SRGB_NONLINEAR_KHR;
  VkExtent2D extent_{}, wanted_{};
  bool stale_ = true;
  VkSemaphore acquired_{};
  std::vector<VkImage> images_;
  std::vector<VkImageView> views_;
  std::vector<VkSemaphore> drawn_;  // one for each image
};

}  // namespace saggio::viz::window
