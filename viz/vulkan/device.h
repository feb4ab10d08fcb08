// SPDX-License-Identifier: MIT
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "viz/plan/backend.h"

// A Vulkan 1.3 device with one queue, and what everything on it shares. All objects that are made
// with it are destroyed before it.
namespace saggio::viz::vulkan {

// Throws std::runtime_error naming the call and the result, if that is an error; NoDevice if the
// device was lost.
void check(VkResult result, const char* call);

struct DeviceOptions {
  // Part of a device's name, whatever the case, or "software"; empty: the best one, a GPU before
  // the CPU.
  std::string device;
  bool validate = false;  // by the Khronos validation layer, with synchronisation
  // What showing pictures in a window asks of the instance; empty: none are shown.
  std::vector<const char*> window_extensions;
};

// What a submission waits for and signals; null: nothing.
struct Semaphores {
  VkSemaphore wait{}, signal{};
};

class Device {
 public:
  // Throws NoDevice, saying for each device that there is what it lacks.
  explicit Device(const DeviceOptions& options = {});
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  VkDevice handle() const { return device_; }
  VkInstance instance() const { return instance_; }
  VkPhysicalDevice physical() const { return physical_; }
  VkQueue queue() const { return queue_; }
  uint32_t family() const { return family_; }  // of the queue
  const DeviceInfo& info() const { return info_; }
  uint32_t longest_side() const { return longest_side_; }  // of an image
  uint32_t most_texels() const { return most_texels_; }    // of a buffer

  // The type of memory with all of these properties. Throws std::runtime_error if there is none.
  uint32_t memory_type(uint32_t allowed, VkMemoryPropertyFlags properties) const;
  // Records what `record` does, submits it and waits until it is done.
  void run(const std::function<void(VkCommandBuffer)>& record, const Semaphores& semaphores = {});

  // What the validation layer said since the last call; always empty without validation.
  std::vector<std::string> take_messages();

 private:
  void make_instance(const DeviceOptions& options);
  void choose(const std::string& wanted);
  void make_device(bool shows);
  static VKAPI_ATTR VkBool32 VKAPI_CALL hear(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                                             VkDebugUtilsMessageTypeFlagsEXT types,
                                             const VkDebugUtilsMessengerCallbackDataEXT* data,
                                             void* messages);
  void destroy();

  std::vector<std::string> messages_;
  VkInstance instance_{};
  VkDebugUtilsMessengerEXT messenger_{};
  VkPhysicalDevice physical_{};
  VkDevice device_{};
  VkQueue queue_{};
  uint32_t family_ = 0;
  VkCommandPool pool_{};
  VkFence done_{};
  DeviceInfo info_;
  uint32_t longest_side_ = 0;
  uint32_t most_texels_ = 0;
  VkPhysicalDeviceMemoryProperties memory_{};
};

}  // namespace saggio::viz::vulkan
