// SPDX-License-Identifier: MIT
#include "viz/vulkan/renderer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace saggio::viz::vulkan {
namespace {

constexpr uint32_t kTile = 2048;  // pixels a side
constexpr float kOnEdge = 1;      // pixels from an edge that count as upon it

VkExtent2D extent_of(const Viewport& viewport) {
  return {static_cast<uint32_t>(viewport.width), static_cast<uint32_t>(viewport.height)};
}

Frame blank(VkExtent2D size) {
  const size_t pixels = size_t{size.width} * size.height;
  return {size.width, size.height, std::vector<uint8_t>(4 * pixels), std::vector<PickId>(pixels)};
}

}  // namespace

Renderer::Renderer(const DeviceOptions& options)
    : device_(options), crowd_(device_), raster_(device_) {}

void Renderer::check_size(const Viewport& viewport, float longest) const {
  const auto [width, height] = viewport;
  if (!(width >= 1 && width <= longest && height >= 1 && height <= longest))
    throw std::invalid_argument(
        fmt::format("a picture of {} x {} pixels, allowed on {}: 1 x 1 to {} x {}",
                    width,
                    height,
                    info().name,
                    longest,
                    longest));
}

void Renderer::fit(VkExtent2D size) {
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

// What lies at `origin` in the picture, as large as the images are.
void Renderer::render_part(const RenderPlan& plan, const Overlay& overlay, VkOffset2D origin) {
  crowd_.take(plan, {origin, extent()});
  device_.run([&](VkCommandBuffer commands) {
    crowd_.count(commands);
    targets_.begin(commands, plan.theme.background, plan.viewport, origin);
    crowd_.resolve(commands);
    raster_.record(commands, plan, overlay);
    targets_.end(commands);
  });
  refuse_messages();
}

void Renderer::render(const RenderPlan& plan, const Overlay& overlay) {
  check_size(plan.viewport, static_cast<float>(device_.longest_side()));
  fit(extent_of(plan.viewport));
  raster_.take(plan, overlay);
  render_part(plan, overlay, {});
  seen_ = {.viewport = plan.viewport, .camera = plan.camera};
  seen_.crowd = plan.crowd;
  seen_.step = plan.step;
  seen_.unit = plan.unit;
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
  const PickId here = around.pick(x - left, y - top, 0);
  if (here != 0 || !seen_.crowd) return here ? here : around.pick(x - left, y - top, reach);
  const NearThread thread = nearest_thread(*seen_.crowd,
                                           seen_.step,
                                           Projection(seen_.camera, seen_.viewport),
                                           seen_.unit,
                                           static_cast<float>(x) + 0.5f,
                                           static_cast<float>(y) + 0.5f,
                                           static_cast<float>(reach));
  if (thread.id && thread.distance <= kOnEdge) return thread.id;
  const PickId beside = around.pick(x - left, y - top, reach);
  return beside ? beside : thread.id;
}

// What was drawn last, into its place in the frame, which may end before it does.
void Renderer::read_part(Frame& frame, VkOffset2D origin) {
  const auto x = static_cast<uint32_t>(origin.x), y = static_cast<uint32_t>(origin.y);
  const uint32_t width = std::min(extent().width, frame.width - x);
  const uint32_t height = std::min(extent().height, frame.height - y);
  device_.run([&](VkCommandBuffer commands) {
    colours_.copy(device_, commands, targets_.colour(), {{0, 0}, {width, height}});
    ids_.copy(device_, commands, targets_.id(), {{0, 0}, {width, height}});
  });
  refuse_messages();
  const auto* colours = static_cast<const uint8_t*>(colours_.data());
  const auto* ids = static_cast<const PickId*>(ids_.data());
  for (size_t row = 0; row < height; ++row) {
    const size_t to = (y + row) * frame.width + x;
    std::memcpy(frame.rgba.data() + 4 * to, colours + 4 * row * width, size_t{4} * width);
    std::memcpy(frame.ids.data() + to, ids + row * width, size_t{4} * width);
  }
}

Frame Renderer::draw_in_tiles(const RenderPlan& plan, const Overlay& overlay, uint32_t side) {
  check_size(plan.viewport, kLongest);
  const VkExtent2D whole = extent_of(plan.viewport);
  Frame frame = blank(whole);
  fit({std::min(side, whole.width), std::min(side, whole.height)});
  raster_.take(plan, overlay);
  for (uint32_t y = 0; y < whole.height; y += side)
    for (uint32_t x = 0; x < whole.width; x += side) {
      const VkOffset2D origin{static_cast<int32_t>(x), static_cast<int32_t>(y)};
      render_part(plan, overlay, origin);
      read_part(frame, origin);
    }
  return frame;
}

Frame Renderer::draw(const RenderPlan& plan, const Overlay& overlay) {
  const auto [width, height] = plan.viewport;
  if (width > kWhole || height > kWhole) return draw_in_tiles(plan, overlay, kTile);
  render(plan, overlay);
  Frame frame = blank(extent());
  read_part(frame, {});
  return frame;
}

}  // namespace saggio::viz::vulkan
