// SPDX-License-Identifier: MIT
#include "viz/vulkan/device.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <stdexcept>
#include <utility>

namespace saggio::viz::vulkan {
namespace {

constexpr const char* kLayer = "VK_LAYER_KHRONOS_validation";
constexpr std::string_view kInstall =
    "install the GPU's Vulkan driver, or apt-get install mesa-vulkan-drivers, which draws in "
    "software";

struct Features {  // what we ask for, chained
  VkPhysicalDeviceVulkan13Features v13{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
  VkPhysicalDeviceVulkan12Features v12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES, &v13};
  VkPhysicalDeviceFeatures2 base{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, &v12};

  struct One {
    const char* name;
    VkBool32* value;
  };
  std::array<One, 7> all() {
    return {{{"dynamicRendering", &v13.dynamicRendering},
             {"synchronization2", &v13.synchronization2},
             {"bufferDeviceAddress", &v12.bufferDeviceAddress},
             {"scalarBlockLayout", &v12.scalarBlockLayout},
             {"shaderBufferInt64Atomics", &v12.shaderBufferInt64Atomics},
             {"shaderInt64", &base.features.shaderInt64},
             {"independentBlend", &base.features.independentBlend}}};
  }
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

int rank(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return 4;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return 3;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return 2;
    default:
      return 1;
  }
}

std::optional<uint32_t> graphics_family(VkPhysicalDevice device) {
  uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  constexpr VkQueueFlags kNeeded = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
  for (uint32_t i = 0; i < count; ++i)
    if ((families[i].queueFlags & kNeeded) == kNeeded) return i;
  return std::nullopt;
}

struct Candidate {
  VkPhysicalDevice device{};
  VkPhysicalDeviceProperties properties{};
  std::string driver;
  std::string lacks;  // empty: it will do

  bool software() const { return properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU; }
  bool called(const std::string& wanted) const {
    return wanted.empty() || (wanted == "software" && software()) ||
           lower(properties.deviceName).find(wanted) != std::string::npos;
  }
};

Candidate look_at(VkPhysicalDevice device) {
  Candidate found{.device = device};
  VkPhysicalDeviceDriverProperties driver{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
  VkPhysicalDeviceProperties2 all{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, &driver};
  vkGetPhysicalDeviceProperties2(device, &all);
  found.properties = all.properties;
  found.driver = fmt::format("{} {}", driver.driverName, driver.driverInfo);
  const uint32_t api = all.properties.apiVersion;
  if (api < VK_API_VERSION_1_3) {
    found.lacks = fmt::format(
        "Vulkan 1.3 (it has {}.{})", VK_API_VERSION_MAJOR(api), VK_API_VERSION_MINOR(api));
    return found;
  }
  Features features;
  vkGetPhysicalDeviceFeatures2(device, &features.base);
  for (const Features::One& one : features.all())
    if (!*one.value) found.lacks += (found.lacks.empty() ? "" : ", ") + std::string(one.name);
  if (!graphics_family(device))
    found.lacks += (found.lacks.empty() ? "" : ", ") + std::string("a queue for graphics");
  return found;
}

bool has_layer() {
  uint32_t count = 0;
  vkEnumerateInstanceLayerProperties(&count, nullptr);
  std::vector<VkLayerProperties> layers(count);
  vkEnumerateInstanceLayerProperties(&count, layers.data());
  return std::any_of(layers.begin(), layers.end(), [](const VkLayerProperties& layer) {
    return std::string_view(layer.layerName) == kLayer;
  });
}

}  // namespace

void check(VkResult result, const char* call) {
  if (result >= 0) return;
  if (result == VK_ERROR_DEVICE_LOST || result == VK_ERROR_SURFACE_LOST_KHR)
    throw NoDevice(fmt::format(
        "Vulkan: {} failed: the device was lost; try again, or --device software", call));
  const bool memory =
      result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY;
  throw std::runtime_error(fmt::format("Vulkan: {} failed: {}",
                                       call,
                                       memory
                                           ? "out of memory; draw a smaller picture"
                                           : fmt::format("result {}", static_cast<int>(result))));
}

VKAPI_ATTR VkBool32 VKAPI_CALL Device::hear(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                            VkDebugUtilsMessageTypeFlagsEXT,
                                            const VkDebugUtilsMessengerCallbackDataEXT* data,
                                            void* messages) {
  static_cast<std::vector<std::string>*>(messages)->emplace_back(data->pMessage);
  return VK_FALSE;
}

void Device::make_instance(const DeviceOptions& options) {
  VkApplicationInfo app{VK_STRUCTURE_TYPE_APPLICATION_INFO};
  app.pApplicationName = "saggio";
  app.apiVersion = VK_API_VERSION_1_3;
  VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
  info.pApplicationInfo = &app;
  const VkValidationFeatureEnableEXT sync =
      VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
  VkValidationFeaturesEXT features{VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT};
  features.enabledValidationFeatureCount = 1;
  features.pEnabledValidationFeatures = &sync;
  VkDebugUtilsMessengerCreateInfoEXT hearing{
      VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT, &features};
  hearing.messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                            VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  hearing.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT |
                        VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
  hearing.pfnUserCallback = hear;
  hearing.pUserData = &messages_;
  std::vector<const char*> extensions = options.window_extensions;
  if (options.validate) {
    if (!has_layer())
      throw NoDevice(
          "no Vulkan validation layer; apt-get install vulkan-validationlayers, or do not "
          "validate");
    info.pNext = &hearing;
    info.enabledLayerCount = 1;
    info.ppEnabledLayerNames = &kLayer;
    extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
  }
  info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  const VkResult result = vkCreateInstance(&info, nullptr, &instance_);
  if (result == VK_ERROR_INCOMPATIBLE_DRIVER)
    throw NoDevice(fmt::format("no Vulkan driver was found; {}", kInstall));
  check(result, "vkCreateInstance");
  if (!options.validate) return;
  hearing.pNext = nullptr;
  const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
      vkGetInstanceProcAddr(instance_, "vkCreateDebugUtilsMessengerEXT"));
  check(create(instance_, &hearing, nullptr, &messenger_), "vkCreateDebugUtilsMessengerEXT");
}

void Device::choose(const std::string& wanted) {
  uint32_t count = 0;
  check(vkEnumeratePhysicalDevices(instance_, &count, nullptr), "vkEnumeratePhysicalDevices");
  std::vector<VkPhysicalDevice> devices(count);
  check(vkEnumeratePhysicalDevices(instance_, &count, devices.data()),
        "vkEnumeratePhysicalDevices");
  std::optional<Candidate> best;
  std::vector<std::string> there;
  for (const VkPhysicalDevice device : devices) {
    const Candidate one = look_at(device);
    there.push_back(fmt::format("{}{}",
                                one.properties.deviceName,
                                one.lacks.empty() ? "" : fmt::format(" (lacks {})", one.lacks)));
    if (!one.lacks.empty() || !one.called(lower(wanted))) continue;
    if (!best || rank(one.properties.deviceType) > rank(best->properties.deviceType)) best = one;
  }
  if (there.empty()) throw NoDevice(fmt::format("no Vulkan device was found; {}", kInstall));
  if (!best)
    throw NoDevice(fmt::format("no Vulkan device{} will do; there are: {}; {}",
                               wanted.empty() ? "" : fmt::format(" called '{}'", wanted),
                               fmt::join(there, "; "),
                               kInstall));
  physical_ = best->device;
  info_ = {best->properties.deviceName, best->driver, best->software()};
  longest_side_ = best->properties.limits.maxImageDimension2D;
  most_texels_ = best->properties.limits.maxTexelBufferElements;
  family_ = *graphics_family(physical_);
  vkGetPhysicalDeviceMemoryProperties(physical_, &memory_);
}

void Device::make_device(bool shows) {
  Features features;
  for (const Features::One& one : features.all()) *one.value = VK_TRUE;
  features.v13.maintenance4 = VK_TRUE;  // of 1.3, always there; glslc writes LocalSizeId
  const float priority = 1;
  VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO};
  queue.queueFamilyIndex = family_;
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;
  VkDeviceCreateInfo info{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, &features.base};
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  const char* swapchain = VK_KHR_SWAPCHAIN_EXTENSION_NAME;
  info.enabledExtensionCount = shows ? 1 : 0;
  info.ppEnabledExtensionNames = &swapchain;
  check(vkCreateDevice(physical_, &info, nullptr, &device_), "vkCreateDevice");
  vkGetDeviceQueue(device_, family_, 0, &queue_);
  VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
  pool.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT;
  pool.queueFamilyIndex = family_;
  check(vkCreateCommandPool(device_, &pool, nullptr, &pool_), "vkCreateCommandPool");
  const VkFenceCreateInfo fence{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
  check(vkCreateFence(device_, &fence, nullptr, &done_), "vkCreateFence");
}

Device::Device(const DeviceOptions& options) {
  try {
    make_instance(options);
    choose(options.device);
    make_device(!options.window_extensions.empty());
  } catch (...) {
    destroy();
    throw;
  }
}

Device::~Device() { destroy(); }

void Device::destroy() {
  if (device_) {
    vkDeviceWaitIdle(device_);
    vkDestroyFence(device_, done_, nullptr);
    vkDestroyCommandPool(device_, pool_, nullptr);
    vkDestroyDevice(device_, nullptr);
  }
  if (messenger_)
    reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(vkGetInstanceProcAddr(
        instance_, "vkDestroyDebugUtilsMessengerEXT"))(instance_, messenger_, nullptr);
  if (instance_) vkDestroyInstance(instance_, nullptr);
}

uint32_t Device::memory_type(uint32_t allowed, VkMemoryPropertyFlags properties) const {
  for (uint32_t i = 0; i < memory_.memoryTypeCount; ++i)
    if ((allowed >> i & 1) && (memory_.memoryTypes[i].propertyFlags & properties) == properties)
      return i;
  throw std::runtime_error(fmt::format(
      "Vulkan: {} has no memory of the kind {:#x}; try --device software", info_.name, properties));
}

void Device::run(const std::function<void(VkCommandBuffer)>& record, const Semaphores& semaphores) {
  VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
  allocate.commandPool = pool_;
  allocate.commandBufferCount = 1;
  VkCommandBuffer commands{};
  check(vkAllocateCommandBuffers(device_, &allocate, &commands), "vkAllocateCommandBuffers");
  const std::unique_ptr<VkCommandBuffer, std::function<void(VkCommandBuffer*)>> freed(
      &commands, [this](VkCommandBuffer* one) { vkFreeCommandBuffers(device_, pool_, 1, one); });
  VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
  check(vkBeginCommandBuffer(commands, &begin), "vkBeginCommandBuffer");
  record(commands);
  check(vkEndCommandBuffer(commands), "vkEndCommandBuffer");
  VkCommandBufferSubmitInfo one{VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO};
  one.commandBuffer = commands;
  VkSubmitInfo2 submit{VK_STRUCTURE_TYPE_SUBMIT_INFO_2};
  submit.commandBufferInfoCount = 1;
  submit.pCommandBufferInfos = &one;
  VkSemaphoreSubmitInfo wait{VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO};
  wait.stageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
  VkSemaphoreSubmitInfo signal = wait;
  wait.semaphore = semaphores.wait;
  signal.semaphore = semaphores.signal;
  submit.waitSemaphoreInfoCount = semaphores.wait ? 1 : 0;
  submit.pWaitSemaphoreInfos = &wait;
  submit.signalSemaphoreInfoCount = semaphores.signal ? 1 : 0;
  submit.pSignalSemaphoreInfos = &signal;
  check(vkQueueSubmit2(queue_, 1, &submit, done_), "vkQueueSubmit2");
  check(vkWaitForFences(device_, 1, &done_, VK_TRUE, UINT64_MAX), "vkWaitForFences");
  check(vkResetFences(device_, 1, &done_), "vkResetFences");
}

std::vector<std::string> Device::take_messages() { return std::exchange(messages_, {}); }

}  // namespace saggio::viz::vulkan
