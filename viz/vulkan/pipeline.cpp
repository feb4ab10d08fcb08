// SPDX-License-Identifier: MIT
#include "viz/vulkan/pipeline.h"

#include <array>

namespace saggio::viz::vulkan {
namespace {

class Shader {
 public:
  Shader(Device& device, std::span<const uint32_t> code) : device_(device) {
    VkShaderModuleCreateInfo info{VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO};
    info.codeSize = code.size_bytes();
    info.pCode = code.data();
    check(vkCreateShaderModule(device.handle(), &info, nullptr, &module_), "vkCreateShaderModule");
  }
  ~Shader() { vkDestroyShaderModule(device_.handle(), module_, nullptr); }
  Shader(const Shader&) = delete;
  Shader& operator=(const Shader&) = delete;

  VkPipelineShaderStageCreateInfo stage(VkShaderStageFlagBits which) const {
    VkPipelineShaderStageCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO};
    info.stage = which;
    info.module = module_;
    info.pName = "main";
    return info;
  }

 private:
  Device& device_;
  VkShaderModule module_{};
};

// The picture, then the ids, which are never blended.
std::array<VkPipelineColorBlendAttachmentState, 2> blending(const PipelineShape& shape) {
  std::array<VkPipelineColorBlendAttachmentState, 2> to{};
  to[0].blendEnable = shape.blends;
  to[0].srcColorBlendFactor = VK_BLEND_FACTOR_SRC_ALPHA;
  to[0].dstColorBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
  to[0].srcAlphaBlendFactor = VK_BLEND_FACTOR_ONE;
  to[0].dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
  to[0].colorWriteMask = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT |
                         VK_COLOR_COMPONENT_B_BIT | VK_COLOR_COMPONENT_A_BIT;
  to[1].colorWriteMask = shape.writes_id ? VK_COLOR_COMPONENT_R_BIT : 0;
  return to;
}

}  // namespace

PipelineLayout::PipelineLayout(Device& device, VkShaderStageFlags stages, VkDescriptorSetLayout set)
    : device_(device) {
  const VkPushConstantRange range{stages, 0, kPushBytes};
  VkPipelineLayoutCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
  info.setLayoutCount = set ? 1 : 0;
  info.pSetLayouts = &set;
  info.pushConstantRangeCount = 1;
  info.pPushConstantRanges = &range;
  check(vkCreatePipelineLayout(device.handle(), &info, nullptr, &layout_),
        "vkCreatePipelineLayout");
}

PipelineLayout::~PipelineLayout() { vkDestroyPipelineLayout(device_.handle(), layout_, nullptr); }

Pipeline::Pipeline(const PipelineLayout& layout, const PipelineShape& shape)
    : device_(layout.device()) {
  const Shader vertex(device_, shape.vertex), fragment(device_, shape.fragment);
  const std::array stages = {vertex.stage(VK_SHADER_STAGE_VERTEX_BIT),
                             fragment.stage(VK_SHADER_STAGE_FRAGMENT_BIT)};
  const VkPipelineVertexInputStateCreateInfo input{
      VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO};
  VkPipelineInputAssemblyStateCreateInfo assembly{
      VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO};
  assembly.topology = shape.topology;
  VkPipelineViewportStateCreateInfo viewport{VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO};
  viewport.viewportCount = viewport.scissorCount = 1;
  VkPipelineRasterizationStateCreateInfo raster{
      VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO};
  raster.lineWidth = 1;
  VkPipelineMultisampleStateCreateInfo samples{
      VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO};
  samples.rasterizationSamples = VK_SAMPLE_COUNT_1_BIT;
  VkPipelineDepthStencilStateCreateInfo depth{
      VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO};
  depth.depthTestEnable = shape.tests_depth;
  depth.depthWriteEnable = shape.writes_depth;
  depth.depthCompareOp = VK_COMPARE_OP_LESS_OR_EQUAL;
  const auto to = blending(shape);
  VkPipelineColorBlendStateCreateInfo blend{
      VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO};
  const bool alone = shape.picture_alone != VK_FORMAT_UNDEFINED;
  blend.attachmentCount = alone ? 1 : static_cast<uint32_t>(to.size());
  blend.pAttachments = to.data();
  const std::array states = {VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
  VkPipelineDynamicStateCreateInfo dynamic{VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO};
  dynamic.dynamicStateCount = static_cast<uint32_t>(states.size());
  dynamic.pDynamicStates = states.data();
  const std::array formats = {alone ? shape.picture_alone : kColourFormat, kIdFormat};
  VkPipelineRenderingCreateInfo rendering{VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO};
  rendering.colorAttachmentCount = blend.attachmentCount;
  rendering.pColorAttachmentFormats = formats.data();
  rendering.depthAttachmentFormat = alone ? VK_FORMAT_UNDEFINED : kDepthFormat;

  VkGraphicsPipelineCreateInfo info{VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO, &rendering};
  info.stageCount = static_cast<uint32_t>(stages.size());
  info.pStages = stages.data();
  info.pVertexInputState = &input;
  info.pInputAssemblyState = &assembly;
  info.pViewportState = &viewport;
  info.pRasterizationState = &raster;
  info.pMultisampleState = &samples;
  info.pDepthStencilState = &depth;
  info.pColorBlendState = &blend;
  info.pDynamicState = &dynamic;
  info.layout = layout.handle();
  check(vkCreateGraphicsPipelines(device_.handle(), VK_NULL_HANDLE, 1, &info, nullptr, &pipeline_),
        "vkCreateGraphicsPipelines");
}

Pipeline::Pipeline(const PipelineLayout& layout, std::span<const uint32_t> compute)
    : device_(layout.device()) {
  const Shader shader(device_, compute);
  VkComputePipelineCreateInfo info{VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO};
  info.stage = shader.stage(VK_SHADER_STAGE_COMPUTE_BIT);
  info.layout = layout.handle();
  check(vkCreateComputePipelines(device_.handle(), VK_NULL_HANDLE, 1, &info, nullptr, &pipeline_),
        "vkCreateComputePipelines");
}

Pipeline::~Pipeline() { vkDestroyPipeline(device_.handle(), pipeline_, nullptr); }

}  // namespace saggio::viz::vulkan
