// SPDX-License-Identifier: MIT
#include "viz/viewer.h"
#include "viz/window/app.h"

namespace saggio::viz {

void show(const WindowRequest& request) { window::App(request).run(); }

}  // namespace saggio::viz

extern "C" void saggio_viz_window(const saggio::viz::WindowRequest& request) {
  saggio::viz::show(request);
}
