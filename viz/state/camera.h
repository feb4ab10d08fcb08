// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <utility>

#include "viz/maths.h"

// From where the graph is looked at. A camera turns around its target; all that moves it is a pure
// function from camera to camera, so that it can be undone, replayed and tested without a window.
namespace saggio::viz {

struct Camera {
  Vec3 target;
  float yaw = 0.6f, pitch = 0.35f;  // radians; 0, 0 looks along -z with y up
  float distance = 10;              // from the target; > 0
  float fov_y = 0.6f;               // radians, in (0, pi)
  bool flat = false;                // parallel rays: what is farther is not smaller
  bool operator==(const Camera&) const = default;
};

inline constexpr float kSteepest = 1.55f;  // of the pitch, a little below pi/2

struct Viewport {  // in pixels, y down
  float width = 1280, height = 720;
  bool operator==(const Viewport&) const = default;
};

struct Axes {  // unit vectors of the camera in the world
  Vec3 right, up, back;
};
Axes axes(const Camera& camera);
Vec3 eye(const Camera& camera);

// World to Vulkan's clip space: y down, depth in [0, 1] between near and far.
Mat4 view_projection(const Camera& camera, const Viewport& viewport);

struct Projected {
  float x = 0, y = 0;       // pixels
  float depth = 0;          // along the view, in units of the world, from the eye
  float pixels_a_unit = 0;  // how large one unit of the world is there
};
// From the world to pixels, for many points of one picture.
class Projection {
 public:
  Projection(const Camera& camera, const Viewport& viewport);
  // nullopt: not in front of the near plane. Points beside the viewport have pixels as well.
  std::optional<Projected> operator()(Vec3 point) const {
    const Vec3 d = point - target_;
    const float depth = distance_ - dot(d, axes_.back);
    if (!flat_ && !(depth > nearest_)) return std::nullopt;
    const float scale = flat_ ? scale_ : scale_ * distance_ / depth;
    return Projected{middle_x_ + dot(d, axes_.right) * scale,
                     middle_y_ - dot(d, axes_.up) * scale,
                     depth,
                     scale};
  }

  float depth(Vec3 point) const { return distance_ - dot(point - target_, axes_.back); }
  // The part of a segment that is in front of the near plane, from its first end to its second.
  std::optional<std::pair<Projected, Projected>> operator()(Vec3 a, Vec3 b) const;

 private:
  Vec3 target_;
  Axes axes_;
  float distance_, nearest_, scale_, middle_x_, middle_y_;
  bool flat_;
};
inline std::optional<Projected> project(const Camera& camera,
                                        const Viewport& viewport,
                                        Vec3 point) {
  return Projection(camera, viewport)(point);
}

// The depth along the view; for sorting what is drawn.
float depth_of(const Camera& camera, Vec3 point);

Camera orbited(Camera camera, float yaw, float pitch);  // radians; the pitch stops at kSteepest
// What is under the mouse at the target's depth stays under it: pixels to the right and down.
Camera panned(Camera camera, const Viewport& viewport, float right, float down);
Camera zoomed(Camera camera, float notches);  // a notch nearer: 12 % of the distance
// Target and eye move together, by multiples of the distance.
Camera flown(Camera camera, float forward, float right, float up);

struct Margins {  // pixels that a fit leaves free
  float left = 24, top = 24, right = 24, bottom = 24;
};
// The same direction, as near as all spheres of this radius about the points lie within the
// margins, with their extent centred in what the margins leave. Throws std::invalid_argument if the
// margins leave less than one pixel or a point is not finite. Without points the camera stays.
Camera fitted(Camera camera,
              const Viewport& viewport,
              std::span<const Vec3> points,
              float radius = 0,
              const Margins& margins = {});
// The point in the middle, the direction kept, a sphere of this radius filling a third of the
// height; throws std::invalid_argument unless radius > 0.
Camera focused(Camera camera, Vec3 point, float radius);

}  // namespace saggio::viz
