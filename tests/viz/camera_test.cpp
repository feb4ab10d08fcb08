// SPDX-License-Identifier: MIT
#include "viz/state/camera.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

#include "results/random.h"

namespace saggio::viz {
namespace {

constexpr float kEps = std::numeric_limits<float>::epsilon();
const Viewport kPicture{1280, 720};

float between(results::Stream& stream, float low, float high) {
  return low + (high - low) * static_cast<float>(stream.uniform());
}

Camera random_camera(results::Stream& stream) {
  Camera camera;
  camera.target = {between(stream, -5, 5), between(stream, -5, 5), between(stream, -5, 5)};
  camera.yaw = between(stream, -3, 3);
  camera.pitch = between(stream, -1.5f, 1.5f);
  camera.distance = between(stream, 1, 30);
  camera.flat = stream.below(2);
  return camera;
}

std::vector<Vec3> random_points(results::Stream& stream, size_t count) {
  std::vector<Vec3> points(count);
  for (Vec3& p : points)
    p = {between(stream, -9, 9), between(stream, -3, 3), between(stream, -1, 1)};
  return points;
}

TEST(Camera, ItsAxesAreOrthonormalAndRightHanded) {
  results::Stream stream(1);
  for (int i = 0; i < 100; ++i) {
    const Axes a = axes(random_camera(stream));
    for (const Vec3 axis : {a.right, a.up, a.back}) EXPECT_NEAR(norm(axis), 1, 4 * kEps);
    EXPECT_NEAR(norm(cross(a.right, a.up) - a.back), 0, 8 * kEps);
  }
}

TEST(Camera, AtRestLooksAlongMinusZWithYUp) {
  const Camera camera{.yaw = 0, .pitch = 0, .distance = 10, .fov_y = 2 * std::atan(0.5f)};
  EXPECT_EQ(eye(camera), (Vec3{0, 0, 10}));
  const auto middle = project(camera, kPicture, {0, 0, 0});
  EXPECT_FLOAT_EQ(middle->x, 640);
  EXPECT_FLOAT_EQ(middle->y, 360);
  EXPECT_FLOAT_EQ(middle->depth, 10);
  EXPECT_FLOAT_EQ(middle->pixels_a_unit, 72);  // 10 units fill the height
  const auto up = project(camera, kPicture, {1, 2, 0});
  EXPECT_FLOAT_EQ(up->x, 640 + 72);
  EXPECT_FLOAT_EQ(up->y, 360 - 144);
  EXPECT_FALSE(project(camera, kPicture, {0, 0, 11}));  // behind the eye
}

TEST(Camera, TheMatrixPutsAPointWhereProjectSays) {
  results::Stream stream(2);
  for (int i = 0; i < 200; ++i) {
    const Camera camera = random_camera(stream);
    const Vec3 p{between(stream, -9, 9), between(stream, -9, 9), between(stream, -9, 9)};
    const auto seen = project(camera, kPicture, p);
    const Clip clip = view_projection(camera, kPicture) * p;
    if (!seen || seen->depth < 0.1f) continue;
    ASSERT_GT(clip.w, 0);
    // Both are differences of numbers of this size, and are divided by w.
    const float scale = seen->pixels_a_unit * (norm(p) + norm(eye(camera)));
    EXPECT_NEAR((clip.x / clip.w + 1) / 2 * kPicture.width, seen->x, 32 * kEps * (scale + 1280));
    EXPECT_NEAR((clip.y / clip.w + 1) / 2 * kPicture.height, seen->y, 32 * kEps * (scale + 1280));
    EXPECT_GE(clip.z, 0);
    EXPECT_LE(clip.z, clip.w);
  }
}

TEST(Camera, DepthInClipSpaceGrowsWithTheDistance) {
  for (const bool flat : {false, true}) {
    const Camera camera{.yaw = 0, .pitch = 0, .distance = 10, .flat = flat};
    const Mat4 m = view_projection(camera, kPicture);
    const Clip near = m * Vec3{0, 0, 5}, far = m * Vec3{0, 0, -5};
    EXPECT_LT(near.z / near.w, far.z / far.w);
  }
}

TEST(Camera, PanningMovesThePointAtTheTargetsDepthWithTheMouse) {
  results::Stream stream(3);
  for (int i = 0; i < 50; ++i) {
    const Camera camera = random_camera(stream);
    const Camera moved = panned(camera, kPicture, 100, -30);
    const auto seen = project(moved, kPicture, camera.target);
    const float bound = 64 * kEps * (1280 + norm(camera.target) * seen->pixels_a_unit);
    EXPECT_NEAR(seen->x, 740, bound);
    EXPECT_NEAR(seen->y, 330, bound);
  }
}

TEST(Camera, OrbitingKeepsTheTargetAndTheDistanceAndStopsAtThePoles) {
  const Camera camera;
  const Camera turned = orbited(camera, 1, 9);
  EXPECT_EQ(turned.target, camera.target);
  EXPECT_EQ(turned.pitch, kSteepest);
  EXPECT_NEAR(norm(eye(turned) - turned.target), camera.distance, 8 * kEps * camera.distance);
  EXPECT_NEAR(orbited(camera, 100, 0).yaw, std::remainder(100.6, 2 * M_PI), 256 * kEps);
}

TEST(Camera, ZoomingInAndOutComesBack) {
  const Camera camera;
  EXPECT_LT(zoomed(camera, 3).distance, camera.distance);
  EXPECT_NEAR(zoomed(zoomed(camera, 7), -7).distance, camera.distance, 16 * kEps * camera.distance);
}

TEST(Camera, FlyingMovesTheEyeForwards) {
  const Camera camera{.yaw = 0, .pitch = 0, .distance = 4};
  const Camera flown_there = flown(camera, 0.5f, 0.25f, -0.25f);
  EXPECT_EQ(eye(flown_there), (Vec3{1, -1, 2}));
  EXPECT_EQ(flown_there.distance, 4);
}

// Every sphere lies within the margins, and both sides of one axis are touched.
TEST(Camera, AFitIsTightWhateverTheDirectionAndTheMargins) {
  results::Stream stream(4);
  for (int i = 0; i < 100; ++i) {
    const std::vector<Vec3> points = random_points(stream, 1 + stream.below(40));
    const float radius = points.size() == 1 ? 0.5f : 0.f;
    const Margins margins{between(stream, 0, 300), between(stream, 0, 90), 40, 10};
    const Camera camera = fitted(random_camera(stream), kPicture, points, radius, margins);
    float left = 1e9f, right = -1e9f, top = 1e9f, bottom = -1e9f, nearest = 1e9f;
    for (const Vec3 p : points) {
      const auto seen = project(camera, kPicture, p);
      ASSERT_TRUE(seen);
      const float r = radius * seen->pixels_a_unit;
      nearest = std::min(nearest, seen->depth);
      left = std::min(left, seen->x - r);
      right = std::max(right, seen->x + r);
      top = std::min(top, seen->y - r);
      bottom = std::max(bottom, seen->y + r);
    }
    const float bound = 0.5f;  // pixel; f32 sums over positions of this size stay far below
    EXPECT_GE(left, margins.left - bound);
    EXPECT_LE(right, 1280 - margins.right + bound);
    EXPECT_GE(top, margins.top - bound);
    EXPECT_LE(bottom, 720 - margins.bottom + bound);
    if (points.size() < 2 || nearest < 0.02f * camera.distance) continue;  // it stops before them
    const float slack_x = std::max(left - margins.left, 1280 - margins.right - right);
    const float slack_y = std::max(top - margins.top, 720 - margins.bottom - bottom);
    EXPECT_LT(std::min(slack_x, slack_y), 1) << "neither the width nor the height is used";
    const bool centred_x =
        std::abs((left - margins.left) - (1280 - margins.right - right)) < 2 * bound;
    EXPECT_TRUE(camera.flat ? centred_x : true);
  }
}

TEST(Camera, OfOneNodeAFitLeavesRoomAroundIt) {
  const std::vector<Vec3> alone = {{3, 1, 2}};
  for (const bool flat : {false, true}) {
    const Camera camera = fitted({.flat = flat}, kPicture, alone, 0.5f);
    const auto seen = project(camera, kPicture, alone[0]);
    ASSERT_TRUE(seen);
    const float r = 0.5f * seen->pixels_a_unit;
    EXPECT_NEAR(r, 720 / 24.f, 1);
    EXPECT_NEAR(seen->x, 640, 1);
  }
}

TEST(Camera, AFitRefusesWhatCannotBeSeen) {
  const std::vector<Vec3> point = {{0, 0, 0}}, lost = {{NAN, 0, 0}};
  EXPECT_THROW(fitted({}, kPicture, point, 1, {700, 0, 700, 0}), std::invalid_argument);
  EXPECT_THROW(fitted({}, kPicture, lost, 1), std::invalid_argument);
  EXPECT_EQ(fitted({}, kPicture, {}), Camera{});
  EXPECT_NO_THROW(fitted({}, kPicture, point, 0));
}

TEST(Camera, AFocusPutsThePointInTheMiddle) {
  results::Stream stream(5);
  for (int i = 0; i < 50; ++i) {
    const Vec3 p{between(stream, -9, 9), between(stream, -9, 9), between(stream, -9, 9)};
    const auto seen = project(focused(random_camera(stream), p, 0.2f), kPicture, p);
    EXPECT_NEAR(seen->x, 640, 1);
    EXPECT_NEAR(seen->y, 360, 1);
    EXPECT_NEAR(seen->pixels_a_unit * 0.2f, 720 / 6., 1);
  }
  EXPECT_THROW(focused({}, {}, 0), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::viz
