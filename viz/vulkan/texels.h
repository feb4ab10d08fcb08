// SPDX-License-Identifier: MIT
#pragma once

#include <vulkan/vulkan.h>

#include <vector>

#include "viz/vulkan/memory.h"

namespace saggio::viz::vulkan {

// Buffers that shaders read as texels, by the number of their binding: what each of many invocations
// reads on its own takes Mesa's software driver a fifth of the time of reading it by address.
class TexelBuffers {
 public:
  TexelBuffers(Device& device, VkShaderStageFlags stages, uint32_t count);
  ~TexelBuffers();
  TexelBuffers(const TexelBuffers&) = delete;
  TexelBuffers& operator=(const TexelBuffers&) = delete;

  VkDescriptorSetLayout layout() const { return layout_; }
  VkDescriptorSet handle() const { return set_; }
  // So many bytes of a buffer, while the device does nothing that reads the set. Throws
  // std::runtime_error if it has more texels than the device can read.
  void set(uint32_t binding, VkBuffer buffer, VkDeviceSize bytes, VkFormat format);

 private:
  explicit TexelBuffers(Device& device) : device_(device) {}
  Device& device_;
  VkDescriptorSetLayout layout_{};
  VkDescriptorPool pool_{};
  VkDescriptorSet set_{};
  std::vector<VkBufferView> views_;
};

}  // namespace saggio::viz::vulkan
