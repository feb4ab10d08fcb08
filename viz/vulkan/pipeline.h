// SPDX-License-Identifier: MIT
#pragma once

#include <vulkan/vulkan.h>

#include <span>

#include "viz/vulkan/device.h"

namespace saggio::viz::vulkan {

inline constexpr VkFormat kColourFormat = VK_FORMAT_R8G8B8A8_UNORM, kIdFormat = VK_FORMAT_R32_UINT,
                          kDepthFormat = VK_FORMAT_D32_SFLOAT;
inline constexpr uint32_t kPushBytes = 128;  // what every device has

// Two shaders and how what they draw meets what is there: colours are blended. Vertices are read by
// the shaders, so no input is described.
struct PipelineShape {
  std::span<const uint32_t> vertex, fragment;  // SPIR-V
  VkPrimitiveTopology topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST;
  bool tests_depth = true, writes_depth = false, writes_id = true, blends = true;
  // Of the image, if there are neither ids nor a depth buffer beside it.
  VkFormat picture_alone = VK_FORMAT_UNDEFINED;
};

// Push constants, which these stages read, and a set of descriptors, if there is one.
class PipelineLayout {
 public:
  explicit PipelineLayout(Device& device,
                          VkShaderStageFlags stages = VK_SHADER_STAGE_VERTEX_BIT |
                                                      VK_SHADER_STAGE_FRAGMENT_BIT,
                          VkDescriptorSetLayout set = VK_NULL_HANDLE);
  ~PipelineLayout();
  PipelineLayout(const PipelineLayout&) = delete;
  PipelineLayout& operator=(const PipelineLayout&) = delete;
  VkPipelineLayout handle() const { return layout_; }
  Device& device() const { return device_; }

 private:
  Device& device_;
  VkPipelineLayout layout_{};
};

class Pipeline {
 public:
  Pipeline(const PipelineLayout& layout, const PipelineShape& shape);
  Pipeline(const PipelineLayout& layout, std::span<const uint32_t> compute);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;
  VkPipeline handle() const { return pipeline_; }

 private:
  Device& device_;
  VkPipeline pipeline_{};
};

}  // namespace saggio::viz::vulkan
