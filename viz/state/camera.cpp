// SPDX-License-Identifier: MIT
#include "viz/state/camera.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <stdexcept>

namespace saggio::viz {
namespace {

constexpr float kNear = 0.01f, kFar = 100;  // in distances
constexpr float kLeastRadii =
    12;  // of a node: from the middle of a picture that is fitted to its edge

// Half of the viewport's height at the target, in units of the world.
float half_height(const Camera& camera) { return camera.distance * std::tan(camera.fov_y / 2); }

// A point as the camera sees it: right, up and towards the eye, from the target.
Vec3 seen(const Camera& camera, const Axes& axes, Vec3 point) {
  const Vec3 d = point - camera.target;
  return {dot(d, axes.right), dot(d, axes.up), dot(d, axes.back)};
}

// One axis of a picture, with what of it a fit may use: the tangents from the view's middle to both
// ends. A sphere at (p, z) with a camera at (c, e) along this axis and the view lies within if
//   p - c + radius sqrt(1 + high^2) <= (e - z) high   and the same with -p, -c and `low`,
// so each end bounds e from below; parallel rays see z = 0.
struct Axis {
  float high = 0, low = 0;
  float most_high = -INFINITY, most_low = -INFINITY;

  void take(float p, float z, float radius) {
    most_high = std::max(most_high, p + z * high + radius * std::hypot(1.f, high));
    most_low = std::max(most_low, -p + z * low + radius * std::hypot(1.f, low));
  }
  float nearest() const { return (most_high + most_low) / (high + low); }  // least e
  float centre(float e) const { return (most_high - most_low + e * (low - high)) / 2; }
};

}  // namespace

Axes axes(const Camera& camera) {
  const float cy = std::cos(camera.yaw), sy = std::sin(camera.yaw);
  const float cp = std::cos(camera.pitch), sp = std::sin(camera.pitch);
  return {{cy, 0, -sy}, {-sp * sy, cp, -sp * cy}, {cp * sy, sp, cp * cy}};
}

Vec3 eye(const Camera& camera) { return camera.target + camera.distance * axes(camera).back; }

Mat4 view_projection(const Camera& camera, const Viewport& viewport) {
  const Axes a = axes(camera);
  const Vec3 from = eye(camera);
  Mat4 view;
  const std::array<Vec3, 3> rows = {a.right, a.up, a.back};
  for (size_t r = 0; r < 3; ++r) {
    view(r, 0) = rows[r].x;
    view(r, 1) = rows[r].y;
    view(r, 2) = rows[r].z;
    view(r, 3) = -dot(rows[r], from);
  }
  view(3, 3) = 1;

  const float near = kNear * camera.distance, far = kFar * camera.distance;
  const float aspect = viewport.width / viewport.height;
  Mat4 projection;
  if (camera.flat) {  // from far behind the eye, lest something nearer be cut off
    const float half = half_height(camera);
    projection(0, 0) = 1 / (half * aspect);
    projection(1, 1) = -1 / half;
    projection(2, 2) = -1 / (2 * far);
    projection(2, 3) = 0.5f;
    projection(3, 3) = 1;
  } else {
    const float scale = 1 / std::tan(camera.fov_y / 2);
    projection(0, 0) = scale / aspect;
    projection(1, 1) = -scale;
    projection(2, 2) = far / (near - far);
    projection(2, 3) = near * far / (near - far);
    projection(3, 2) = -1;
  }
  return projection * view;
}

float depth_of(const Camera& camera, Vec3 point) {
  return camera.distance - dot(point - camera.target, axes(camera).back);
}

Projection::Projection(const Camera& camera, const Viewport& viewport)
    : target_(camera.target),
      axes_(axes(camera)),
      distance_(camera.distance),
      nearest_(kNear * camera.distance),
      scale_(viewport.height / (2 * half_height(camera))),
      middle_x_(viewport.width / 2),
      middle_y_(viewport.height / 2),
      flat_(camera.flat) {}

std::optional<std::pair<Projected, Projected>> Projection::operator()(Vec3 a, Vec3 b) const {
  auto p = (*this)(a), q = (*this)(b);
  if (!p && !q) return std::nullopt;
  if (!p || !q) {
    const float share = (1.001f * nearest_ - depth(a)) / (depth(b) - depth(a));
    (p ? q : p) = (*this)(a + share * (b - a));
    if (!p || !q) return std::nullopt;
  }
  return std::pair(*p, *q);
}

Camera orbited(Camera camera, float yaw, float pitch) {
  constexpr float kTurn = 2 * std::numbers::pi_v<float>;
  camera.yaw = std::remainder(camera.yaw + yaw, kTurn);
  camera.pitch = std::clamp(camera.pitch + pitch, -kSteepest, kSteepest);
  return camera;
}

Camera panned(Camera camera, const Viewport& viewport, float right, float down) {
  const Axes a = axes(camera);
  const float unit = 2 * half_height(camera) / viewport.height;
  camera.target = camera.target + (-right * unit) * a.right + (down * unit) * a.up;
  return camera;
}

Camera zoomed(Camera camera, float notches) {
  constexpr float kNotch = 0.88f, kNearest = 1e-6f, kFarthest = 1e9f;
  camera.distance = std::clamp(camera.distance * std::pow(kNotch, notches), kNearest, kFarthest);
  return camera;
}

Camera flown(Camera camera, float forward, float right, float up) {
  const Axes a = axes(camera);
  camera.target =
      camera.target + camera.distance * (-forward * a.back + right * a.right + up * a.up);
  return camera;
}

Camera fitted(Camera camera,
              const Viewport& viewport,
              std::span<const Vec3> points,
              float radius,
              const Margins& margins) {
  const float width = viewport.width - margins.left - margins.right;
  const float height = viewport.height - margins.top - margins.bottom;
  if (!(width >= 1 && height >= 1))
    throw std::invalid_argument(fmt::format(
        "a picture of {} x {} pixels leaves {} x {} for the graph, allowed: 1 x 1 at least",
        viewport.width,
        viewport.height,
        width,
        height));
  if (points.empty()) return camera;
  const Axes a = axes(camera);
  const float a_pixel = 2 * std::tan(camera.fov_y / 2) / viewport.height;
  Axis x{a_pixel * (viewport.width / 2 - margins.right),
         a_pixel * (viewport.width / 2 - margins.left)};
  Axis y{a_pixel * (viewport.height / 2 - margins.top),
         a_pixel * (viewport.height / 2 - margins.bottom)};
  float nearest = -INFINITY, farthest = INFINITY;  // z
  for (const Vec3 point : points) {
    if (!is_finite(point))
      throw std::invalid_argument("a position is not finite; lay the graph out again");
    const Vec3 p = seen(camera, a, point);
    x.take(p.x, camera.flat ? 0 : p.z, radius);
    y.take(p.y, camera.flat ? 0 : p.z, radius);
    nearest = std::max(nearest, p.z + radius);
    farthest = std::min(farthest, p.z - radius);
  }
  const float least = std::max((nearest - farthest) * 0.51f, 1e-6f);  // in front of all of them
  const float middle = (nearest + farthest) / 2, front = camera.flat ? 0 : middle;
  // Of one node, or of some on top of each other, a picture is not the node's surface alone.
  const float around = kLeastRadii * radius / std::tan(camera.fov_y / 2);
  const float e = std::max({x.nearest(), y.nearest(), front + least, front + around});
  camera.distance = e - front;
  camera.target = camera.target + x.centre(e) * a.right + y.centre(e) * a.up + middle * a.back;
  return camera;
}

Camera focused(Camera camera, Vec3 point, float radius) {
  if (!(radius > 0))
    throw std::invalid_argument(fmt::format("radius = {}, allowed: above 0", radius));
  camera.target = point;
  camera.distance = 3 * radius / std::tan(camera.fov_y / 2);
  return camera;
}

}  // namespace saggio::viz
