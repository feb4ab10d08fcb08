// SPDX-License-Identifier: MIT
#include "viz/window/swapchain.h"

#include <fmt/format.h>

#include <algorithm>

namespace saggio::viz::window {

using vulkan::check;

Swapchain::Swapchain(vulkan::Device& device, VkSurfaceKHR surface)
    : device_(device), surface_(surface) {
  try {
    choose_format();
    const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
    check(vkCreateSemaphore(device.handle(), &semaphore, nullptr, &acquired_), "vkCreateSemaphore");
  } catch (...) {
    vkDestroySurfaceKHR(device.instance(), surface, nullptr);
    throw;
  }
}

Swapchain::~Swapchain() {
  vkDeviceWaitIdle(device_.handle());
  drop_views();
  for (const VkSemaphore one : drawn_) vkDestroySemaphore(device_.handle(), one, nullptr);
  vkDestroySemaphore(device_.handle(), acquired_, nullptr);
  vkDestroySwapchainKHR(device_.handle(), swapchain_, nullptr);
  vkDestroySurfaceKHR(device_.instance(), surface_, nullptr);
}

// Eight bits a colour, stored as they are: our colours are what a screen expects.
void Swapchain::choose_format() {
  VkBool32 shows = VK_FALSE;
  vkGetPhysicalDeviceSurfaceSupportKHR(device_.physical(), device_.family(), surface_, &shows);
  if (!shows)
    throw NoDevice(
        fmt::format("{} cannot show pictures on this display; try --device software, or --render "
                    "out.png",
                    device_.info().name));
  uint32_t count = 0;
  vkGetPhysicalDeviceSurfaceFormatsKHR(device_.physical(), surface_, &count, nullptr);
  std::vector<VkSurfaceFormatKHR> formats(count);
  vkGetPhysicalDeviceSurfaceFormatsKHR(device_.physical(), surface_, &count, formats.data());
  for (const VkFormat wanted : {VK_FORMAT_B8G8R8A8_UNORM, VK_FORMAT_R8G8B8A8_UNORM})
    for (const VkSurfaceFormatKHR& one : formats)
      if (one.format == wanted && format_ == VK_FORMAT_UNDEFINED) {
        format_ = one.format;
        space_ = one.colorSpace;
      }
  if (format_ == VK_FORMAT_UNDEFINED)
    throw NoDevice("this display takes no pictures of 8 bits a colour; use --render out.png");
}

void Swapchain::drop_views() {
  for (const VkImageView view : views_) vkDestroyImageView(device_.handle(), view, nullptr);
  views_.clear();
}

bool Swapchain::fit(VkExtent2D wanted) {
  if (wanted.width == 0 || wanted.height == 0) return false;
  if (!stale_ && wanted.width == wanted_.width && wanted.height == wanted_.height) return true;
  VkSurfaceCapabilitiesKHR can;
  check(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device_.physical(), surface_, &can),
        "vkGetPhysicalDeviceSurfaceCapabilitiesKHR");
  VkExtent2D extent = can.currentExtent;
  if (extent.width == UINT32_MAX)
    extent = {std::clamp(wanted.width, can.minImageExtent.width, can.maxImageExtent.width),
              std::clamp(wanted.height, can.minImageExtent.height, can.maxImageExtent.height)};
  if (extent.width == 0 || extent.height == 0) return false;
  make(extent, can);
  wanted_ = wanted;
  stale_ = false;
  return true;
}

void Swapchain::make(VkExtent2D extent, const VkSurfaceCapabilitiesKHR& can) {
  vkDeviceWaitIdle(device_.handle());
  VkSwapchainCreateInfoKHR info{VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR};
  info.surface = surface_;
  info.minImageCount = std::max(3u, can.minImageCount);
  if (can.maxImageCount > 0) info.minImageCount = std::min(info.minImageCount, can.maxImageCount);
  info.imageFormat = format_;
  info.imageColorSpace = space_;
  info.imageExtent = extent_ = extent;
  info.imageArrayLayers = 1;
  info.imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
  info.preTransform = can.currentTransform;
  info.compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR;
  info.presentMode = VK_PRESENT_MODE_FIFO_KHR;  // there always is
  info.clipped = VK_TRUE;
  info.oldSwapchain = swapchain_;
  VkSwapchainKHR made{};
  check(vkCreateSwapchainKHR(device_.handle(), &info, nullptr, &made), "vkCreateSwapchainKHR");
  drop_views();
  vkDestroySwapchainKHR(device_.handle(), swapchain_, nullptr);
  swapchain_ = made;
  uint32_t count = 0;
  vkGetSwapchainImagesKHR(device_.handle(), swapchain_, &count, nullptr);
  images_.resize(count);
  vkGetSwapchainImagesKHR(device_.handle(), swapchain_, &count, images_.data());
  for (const VkImage image : images_) {
    VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
    view.image = image;
    view.viewType = VK_IMAGE_VIEW_TYPE_2D;
    view.format = format_;
    view.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
    check(vkCreateImageView(device_.handle(), &view, nullptr, &views_.emplace_back()),
          "vkCreateImageView");
  }
  const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
  while (drawn_.size() < images_.size())
    check(vkCreateSemaphore(device_.handle(), &semaphore, nullptr, &drawn_.emplace_back()),
          "vkCreateSemaphore");
}

bool Swapchain::show(const std::function<void(VkCommandBuffer, const vulkan::Glass&)>& record) {
  uint32_t i = 0;
  const VkResult got = vkAcquireNextImageKHR(
      device_.handle(), swapchain_, UINT64_MAX, acquired_, VK_NULL_HANDLE, &i);
  if (got == VK_ERROR_OUT_OF_DATE_KHR) {
    stale_ = true;
    return false;
  }
  check(got, "vkAcquireNextImageKHR");
  device_.run(
      [&](VkCommandBuffer commands) {
        record(commands, {images_[i], views_[i], extent_});
      },
      {acquired_, drawn_[i]});
  VkPresentInfoKHR info{VK_STRUCTURE_TYPE_PRESENT_INFO_KHR};
  info.waitSemaphoreCount = 1;
  info.pWaitSemaphores = &drawn_[i];
  info.swapchainCount = 1;
  info.pSwapchains = &swapchain_;
  info.pImageIndices = &i;
  const VkResult shown = vkQueuePresentKHR(device_.queue(), &info);
  stale_ = shown == VK_ERROR_OUT_OF_DATE_KHR || shown == VK_SUBOPTIMAL_KHR;
  if (shown != VK_ERROR_OUT_OF_DATE_KHR) check(shown, "vkQueuePresentKHR");
  return !stale_;
}

}  // namespace saggio::viz::window
