// SPDX-License-Identifier: MIT
#include "viz/plan/backend.h"

#include <stb/stb_image_write.h>

#include <limits>

namespace saggio::viz {

PickId Frame::pick(int64_t x, int64_t y, int64_t reach) const {
  PickId best = 0;
  int64_t nearest = std::numeric_limits<int64_t>::max();
  for (int64_t dy = -reach; dy <= reach; ++dy)
    for (int64_t dx = -reach; dx <= reach; ++dx) {
      if (x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height) continue;
      const PickId id = ids[static_cast<size_t>((y + dy) * width + x + dx)];
      if (id == 0) continue;
      // An edge is thin, so beside a node it must be hit.
      const int64_t distance = 2 * (dx * dx + dy * dy) + ((id & kEdgeBit) && (dx || dy) ? 1000 : 0);
      if (distance < nearest) {
        nearest = distance;
        best = id;
      }
    }
  return best;
}

Frame NullBackend::draw(const RenderPlan& plan, const Overlay&) {
  plans_.push_back(plan);
  Frame frame{static_cast<uint32_t>(plan.viewport.width),
              static_cast<uint32_t>(plan.viewport.height),
              {},
              {}};
  const size_t pixels = size_t{frame.width} * frame.height;
  const Rgba background = plan.theme.background;
  for (size_t i = 0; i < pixels; ++i)
    frame.rgba.insert(frame.rgba.end(), {background.r, background.g, background.b, background.a});
  frame.ids.resize(pixels);
  return frame;
}

std::string png(const Frame& frame) {
  std::string bytes;
  const auto append = [](void* out, void* data, int size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(data),
                                           static_cast<size_t>(size));
  };
  const int width = static_cast<int>(frame.width), height = static_cast<int>(frame.height);
  if (!stbi_write_png_to_func(append, &bytes, width, height, 4, frame.rgba.data(), 4 * width))
    throw std::runtime_error("the picture could not be packed as PNG: out of memory");
  return bytes;
}

}  // namespace saggio::viz
