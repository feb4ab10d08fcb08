// SPDX-License-Identifier: MIT
#include "viz/vulkan/memory.h"

#include <utility>

namespace saggio::viz::vulkan {
namespace {

VkDeviceMemory allocated(Device& device,
                         const VkMemoryRequirements& needs,
                         VkMemoryPropertyFlags properties,
                         VkMemoryAllocateFlags flags) {
  VkMemoryAllocateFlagsInfo with{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO};
  with.flags = flags;
  VkMemoryAllocateInfo info{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, &with};
  info.allocationSize = needs.size;
  info.memoryTypeIndex = device.memory_type(needs.memoryTypeBits, properties);
  VkDeviceMemory memory{};
  check(vkAllocateMemory(device.handle(), &info, nullptr, &memory), "vkAllocateMemory");
  return memory;
}

VkMemoryPropertyFlags properties_of(Seen seen) {
  constexpr VkMemoryPropertyFlags kHost =
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  switch (seen) {
    case Seen::Written:
      return kHost;
    case Seen::Read:
      return kHost | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
    case Seen::Never:
      return VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
  }
  return 0;
}

}  // namespace

Buffer::Buffer(Device& device, VkDeviceSize bytes, VkBufferUsageFlags usage, Seen seen) {
  Buffer made;  // destroyed if something fails
  made.device_ = &device;
  made.bytes_ = bytes;
  VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
  info.size = bytes;
  info.usage = usage | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT;
  check(vkCreateBuffer(device.handle(), &info, nullptr, &made.buffer_), "vkCreateBuffer");
  VkMemoryRequirements needs;
  vkGetBufferMemoryRequirements(device.handle(), made.buffer_, &needs);
  made.memory_ =
      allocated(device, needs, properties_of(seen), VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT);
  check(vkBindBufferMemory(device.handle(), made.buffer_, made.memory_, 0), "vkBindBufferMemory");
  if (seen != Seen::Never)
    check(vkMapMemory(device.handle(), made.memory_, 0, VK_WHOLE_SIZE, 0, &made.data_),
          "vkMapMemory");
  VkBufferDeviceAddressInfo where{VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO};
  where.buffer = made.buffer_;
  made.address_ = vkGetBufferDeviceAddress(device.handle(), &where);
  swap(made);
}

Buffer::~Buffer() {
  if (!device_) return;
  vkDestroyBuffer(device_->handle(), buffer_, nullptr);
  vkFreeMemory(device_->handle(), memory_, nullptr);
}

void Buffer::swap(Buffer& other) noexcept {
  std::swap(device_, other.device_);
  std::swap(buffer_, other.buffer_);
  std::swap(memory_, other.memory_);
  std::swap(address_, other.address_);
  std::swap(bytes_, other.bytes_);
  std::swap(data_, other.data_);
}

Image::Image(Device& device,
             VkExtent2D extent,
             VkFormat format,
             VkImageUsageFlags usage,
             VkImageAspectFlags aspect) {
  Image made;
  made.device_ = &device;
  made.aspect_ = aspect;
  VkImageCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
  info.imageType = VK_IMAGE_TYPE_2D;
  info.format = format;
  info.extent = {extent.width, extent.height, 1};
  info.mipLevels = info.arrayLayers = 1;
  info.samples = VK_SAMPLE_COUNT_1_BIT;
  info.usage = usage;
  check(vkCreateImage(device.handle(), &info, nullptr, &made.image_), "vkCreateImage");
  VkMemoryRequirements needs;
  vkGetImageMemoryRequirements(device.handle(), made.image_, &needs);
  made.memory_ = allocated(device, needs, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0);
  check(vkBindImageMemory(device.handle(), made.image_, made.memory_, 0), "vkBindImageMemory");
  VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
  view.image = made.image_;
  view.viewType = VK_IMAGE_VIEW_TYPE_2D;
  view.format = format;
  view.subresourceRange = {aspect, 0, 1, 0, 1};
  check(vkCreateImageView(device.handle(), &view, nullptr, &made.view_), "vkCreateImageView");
  swap(made);
}

Image::~Image() {
  if (!device_) return;
  vkDestroyImageView(device_->handle(), view_, nullptr);
  vkDestroyImage(device_->handle(), image_, nullptr);
  vkFreeMemory(device_->handle(), memory_, nullptr);
}

void Image::swap(Image& other) noexcept {
  std::swap(device_, other.device_);
  std::swap(image_, other.image_);
  std::swap(view_, other.view_);
  std::swap(memory_, other.memory_);
  std::swap(aspect_, other.aspect_);
}

}  // namespace saggio::viz::vulkan
