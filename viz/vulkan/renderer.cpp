// SPDX-License-Identifier: MIT
#include "viz/vulkan/renderer.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace saggio::viz::vulkan {

Renderer::Renderer(const DeviceOptions& options) : device_(options), raster_(device_) {}

void Renderer::fit(const Viewport& viewport) {
  const float longest = static_cast<float>(device_.longest_side());
  const auto [width, height] = viewport;
  if (!(width >= 1 && width <= longest && height >= 1 && height <= longest))
    throw std::invalid_argument(
        fmt::format("a picture of {} x {} pixels, allowed on {}: 1 x 1 to {} x {}",
                    width,
                    height,
                    info().name,
                    longest,
                    longest));
  const VkExtent2D size{static_cast<uint32_t>(width), static_cast<uint32_t>(height)};
  if (size.width == extent().width && size.height == extent().height) return;
  Targets made(device_, size);
  device_.run([&](VkCommandBuffer commands) {
    for (const Image* image : {&made.colour(), &made.id()})
      change_use(commands, *image, {VK_IMAGE_LAYOUT_UNDEFINED, 0, 0}, kCopiedFrom);
  });
  targets_ = std::move(made);
}

void Renderer::refuse_messages() {
  if (const auto messages = device_.take_messages(); !messages.empty())
    throw std::runtime_error(fmt::format(
        "Vulkan validation: {} messages, the first: {}", messages.size(), messages.front()));
}

void Renderer::render(const RenderPlan& plan, const Overlay& overlay) {
  fit(plan.viewport);
  raster_.take(plan, overlay);
  device_.run([&](VkCommandBuffer commands) {
    targets_.begin(commands, plan.theme.background);
    raster_.record(commands, plan, overlay);
    targets_.end(commands);
  });
  refuse_messages();
}

PickId Renderer::pick(int64_t x, int64_t y, int64_t reach) {
  const int64_t left = std::max<int64_t>(x - reach, 0), top = std::max<int64_t>(y - reach, 0);
  const int64_t right = std::min<int64_t>(x + reach + 1, extent().width);
  const int64_t bottom = std::min<int64_t>(y + reach + 1, extent().height);
  if (left >= right || top >= bottom) return 0;
  Frame around{static_cast<uint32_t>(right - left), static_cast<uint32_t>(bottom - top), {}, {}};
  device_.run([&](VkCommandBuffer commands) {
    ids_.copy(
        device_,
        commands,
        targets_.id(),
        {{static_cast<int32_t>(left), static_cast<int32_t>(top)}, {around.width, around.height}});
  });
  refuse_messages();
  const auto* ids = static_cast<const PickId*>(ids_.data());
  around.ids.assign(ids, ids + size_t{around.width} * around.height);
  return around.pick(x - left, y - top, reach);
}

Frame Renderer::draw(const RenderPlan& plan, const Overlay& overlay) {
  render(plan, overlay);
  device_.run([&](VkCommandBuffer commands) {
    colours_.copy(device_, commands, targets_.colour(), {{0, 0}, extent()});
    ids_.copy(device_, commands, targets_.id(), {{0, 0}, extent()});
  });
  refuse_messages();
  Frame frame{extent().width, extent().height, {}, {}};
  const size_t pixels = size_t{frame.width} * frame.height;
  const auto* colours = static_cast<const uint8_t*>(colours_.data());
  const auto* ids = static_cast<const PickId*>(ids_.data());
  frame.rgba.assign(colours, colours + 4 * pixels);
  frame.ids.assign(ids, ids + pixels);
  return frame;
}

}  // namespace saggio::viz::vulkan
