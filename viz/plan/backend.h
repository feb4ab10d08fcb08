// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "viz/plan/overlay.h"
#include "viz/plan/plan.h"

namespace saggio::viz {

// Pixels from top left, row by row.
struct Frame {
  uint32_t width = 0, height = 0;
  std::vector<uint8_t> rgba;  // [height, width, 4]
  std::vector<PickId> ids;    // [height, width]

  // What lies at this pixel, or, where nothing does, nearest to it within `reach` pixels, nodes
  // before edges; 0: nothing.
  PickId pick(int64_t x, int64_t y, int64_t reach = 3) const;
};

// The machine cannot draw: no driver, no device of that name, one that lacks what we need. One
// line.
struct NoDevice : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct DeviceInfo {
  std::string name, driver;
  bool software = false;  // the CPU draws
};

// Turns plans into pixels. Not thread-safe.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual const DeviceInfo& info() const = 0;
  // Throws std::invalid_argument for a size that the device cannot draw, std::runtime_error if the
  // device fails.
  virtual Frame draw(const RenderPlan& plan, const Overlay& overlay) = 0;
};

// Draws nothing but the background, and keeps what it was given.
class NullBackend : public Backend {
 public:
  const DeviceInfo& info() const override { return info_; }
  Frame draw(const RenderPlan& plan, const Overlay& overlay) override;
  const std::vector<RenderPlan>& plans() const { return plans_; }

 private:
  DeviceInfo info_{"null", "", true};
  std::vector<RenderPlan> plans_;
};

// The picture as a PNG file's bytes.
std::string png(const Frame& frame);

}  // namespace saggio::viz
