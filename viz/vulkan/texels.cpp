// SPDX-License-Identifier: MIT
#include "viz/vulkan/texels.h"

#include <fmt/format.h>

#include <stdexcept>

namespace saggio::viz::vulkan {
namespace {

constexpr VkDescriptorType kType = VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;

VkDeviceSize bytes_of(VkFormat format) {
  switch (format) {
    case VK_FORMAT_R32G32B32A32_UINT:
      return 16;
    default:
      return 4;
  }
}

}  // namespace

TexelBuffers::TexelBuffers(Device& device, VkShaderStageFlags stages, uint32_t count)
    : TexelBuffers(device) {
  views_.resize(count);
  std::vector<VkDescriptorSetLayoutBinding> bindings;
  for (uint32_t i = 0; i < count; ++i) bindings.push_back({i, kType, 1, stages, nullptr});
  VkDescriptorSetLayoutCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
  info.bindingCount = count;
  info.pBindings = bindings.data();
  check(vkCreateDescriptorSetLayout(device.handle(), &info, nullptr, &layout_),
        "vkCreateDescriptorSetLayout");
  const VkDescriptorPoolSize size{kType, count};
  VkDescriptorPoolCreateInfo pool{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
  pool.maxSets = pool.poolSizeCount = 1;
  pool.pPoolSizes = &size;
  check(vkCreateDescriptorPool(device.handle(), &pool, nullptr, &pool_), "vkCreateDescriptorPool");
  VkDescriptorSetAllocateInfo allocate{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO};
  allocate.descriptorPool = pool_;
  allocate.descriptorSetCount = 1;
  allocate.pSetLayouts = &layout_;
  check(vkAllocateDescriptorSets(device.handle(), &allocate, &set_), "vkAllocateDescriptorSets");
}

TexelBuffers::~TexelBuffers() {
  for (const VkBufferView view : views_) vkDestroyBufferView(device_.handle(), view, nullptr);
  vkDestroyDescriptorPool(device_.handle(), pool_, nullptr);
  vkDestroyDescriptorSetLayout(device_.handle(), layout_, nullptr);
}

void TexelBuffers::set(uint32_t binding, VkBuffer buffer, VkDeviceSize bytes, VkFormat format) {
  const VkDeviceSize texels = bytes / bytes_of(format);
  if (texels > device_.most_texels())
    throw std::runtime_error(fmt::format("{} reads buffers of up to {} texels, the crowd needs {}",
                                         device_.info().name,
                                         device_.most_texels(),
                                         texels));
  vkDestroyBufferView(device_.handle(), views_[binding], nullptr);
  views_[binding] = {};
  VkBufferViewCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO};
  info.buffer = buffer;
  info.format = format;
  info.range = texels * bytes_of(format);
  check(vkCreateBufferView(device_.handle(), &info, nullptr, &views_[binding]),
        "vkCreateBufferView");
  VkWriteDescriptorSet write{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
  write.dstSet = set_;
  write.dstBinding = binding;
  write.descriptorCount = 1;
  write.descriptorType = kType;
  write.pTexelBufferView = &views_[binding];
  vkUpdateDescriptorSets(device_.handle(), 1, &write, 0, nullptr);
}

}  // namespace saggio::viz::vulkan
