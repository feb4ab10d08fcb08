// SPDX-License-Identifier: MIT
#pragma once

#include <vulkan/vulkan.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

#include "viz/vulkan/device.h"

// Buffers and images, each with memory of its own: a renderer has about ten of them, and a device
// gives 4,096 at least.
namespace saggio::viz::vulkan {

// Who sees a buffer: the host writes it, the host reads it, or it stays with the device.
enum class Seen { Written, Read, Never };

// Mapped as long as it lives, if the host sees it; used by shaders through its address.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Device& device, VkDeviceSize bytes, VkBufferUsageFlags usage, Seen seen = Seen::Written);
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer();

  VkBuffer handle() const { return buffer_; }
  VkDeviceAddress address() const { return address_; }
  VkDeviceSize bytes() const { return bytes_; }
  void* data() const { return data_; }

 private:
  void swap(Buffer& other) noexcept;
  Device* device_ = nullptr;
  VkBuffer buffer_{};
  VkDeviceMemory memory_{};
  VkDeviceAddress address_ = 0;
  VkDeviceSize bytes_ = 0;
  void* data_ = nullptr;
};

class Image {
 public:
  Image() = default;
  Image(Device& device,
        VkExtent2D extent,
        VkFormat format,
        VkImageUsageFlags usage,
        VkImageAspectFlags aspect);
  Image(Image&& other) noexcept { swap(other); }
  Image& operator=(Image&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Image();

  VkImage handle() const { return image_; }
  VkImageView view() const { return view_; }
  VkImageAspectFlags aspect() const { return aspect_; }

 private:
  void swap(Image& other) noexcept;
  Device* device_ = nullptr;
  VkImage image_{};
  VkImageView view_{};
  VkDeviceMemory memory_{};
  VkImageAspectFlags aspect_ = 0;
};

// A buffer that grows with what is put into it.
class Upload {
 public:
  template <typename Item>
  void put(Device& device, std::span<const Item> items) {
    reserve(device, items.size_bytes());
    write(0, std::as_bytes(items));
  }
  // Room for so many bytes; true if it is another buffer, which holds nothing yet.
  bool reserve(Device& device, VkDeviceSize bytes) {
    bytes = std::max<VkDeviceSize>(16, bytes);
    if (buffer_.bytes() >= bytes) return false;
    buffer_ = Buffer(device,
                     bytes + bytes / 2,
                     VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_INDEX_BUFFER_BIT |
                         VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT);
    return true;
  }
  void write(size_t at, std::span<const std::byte> bytes) {
    if (!bytes.empty())
      std::memcpy(static_cast<std::byte*>(buffer_.data()) + at, bytes.data(), bytes.size());
  }
  VkBuffer handle() const { return buffer_.handle(); }
  VkDeviceAddress address() const { return buffer_.address(); }

 private:
  Buffer buffer_;
};

}  // namespace saggio::viz::vulkan
