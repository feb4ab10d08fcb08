// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "viz/plan/backend.h"
#include "viz/vulkan/device.h"

namespace saggio::viz::vulkan {

// The backend that rasterises: balls from far to near, then lines behind and between them, then
// what lies flat on top; into a picture, an image of ids and a depth buffer of its own. A window
// shows what it drew, so that it and a file have the same pixels. With validation, a message of the
// layer makes draw() throw. Throws NoDevice.
std::unique_ptr<Backend> make_raster(const DeviceOptions& options = {});

}  // namespace saggio::viz::vulkan
