// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stb/stb_image.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/viz/casts.h"
#include "viz/plan/curve.h"
#include "viz/vulkan/renderer.h"

// Pictures as they were when somebody last looked at them: tests/golden/pictures holds each as a PNG
// and, for each version of Mesa, the hash of its colours and ids. With a version that it knows every
// bit must be the same; with another, up to 0.1 % of the pixels may be off by more than 8 of 255.
// There is no text in them, since fonts differ. SAGGIO_BLESS=1 writes what is drawn now: look at it.
namespace saggio::viz {
namespace {

namespace fs = std::filesystem;

constexpr Viewport kPicture{320, 180};
const fs::path kFolder = "tests/golden/pictures";

vulkan::Renderer& renderer() {
  static vulkan::Renderer one({.device = "software", .validate = true});
  return one;
}

std::string hash_of(const Frame& frame) {
  uint64_t hash = 0xcbf29ce484222325u;
  const auto take = [&](uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3u; };
  for (const uint8_t byte : frame.rgba) take(byte);
  for (const PickId id : frame.ids)
    for (int shift = 0; shift < 32; shift += 8) take(static_cast<uint8_t>(id >> shift));
  return fmt::format("{:016x}", hash);
}

bool blesses() { return std::getenv("SAGGIO_BLESS") != nullptr; }

nlohmann::json known_hashes() {
  std::ifstream in(kFolder / "hashes.json");
  return in ? nlohmann::json::parse(in) : nlohmann::json::object();
}

void bless(const std::string& name, const Frame& frame) {
  fs::create_directories(kFolder);
  std::ofstream(kFolder / (name + ".png"), std::ios::binary) << png(frame);
  nlohmann::json hashes = known_hashes();
  hashes[renderer().info().driver][name] = hash_of(frame);
  std::ofstream(kFolder / "hashes.json") << hashes.dump(2) << "\n";
}

// Pixels that are off by more than 8 of 255 from the PNG.
size_t pixels_off(const fs::path& file, const Frame& frame) {
  int width = 0, height = 0, parts = 0;
  uint8_t* golden = stbi_load(file.c_str(), &width, &height, &parts, 4);
  if (!golden || width != static_cast<int>(frame.width) ||
      height != static_cast<int>(frame.height)) {
    ADD_FAILURE() << file << ": no golden picture of this size; SAGGIO_BLESS=1 writes it";
    return frame.ids.size();
  }
  size_t off = 0;
  for (size_t i = 0; i < frame.ids.size(); ++i) {
    int most = 0;
    for (size_t part = 0; part < 4; ++part)
      most = std::max(most, std::abs(golden[4 * i + part] - frame.rgba[4 * i + part]));
    off += most > 8;
  }
  stbi_image_free(golden);
  return off;
}

void expect_golden(const std::string& name, const RenderPlan& plan) {
  const Frame frame = renderer().draw(plan, {});
  if (blesses()) bless(name, frame);
  const nlohmann::json hashes = known_hashes();
  const auto of_driver = hashes.find(renderer().info().driver);
  if (of_driver != hashes.end() && of_driver->contains(name)) {
    EXPECT_EQ(hash_of(frame), of_driver->at(name)) << renderer().info().driver;
  }
  EXPECT_LE(pixels_off(kFolder / (name + ".png"), frame), frame.ids.size() / 1000);
}

// Every shape, ringed, pale and translucent nodes; dashed, bent and strong edges, and a loop.
Cast everything() {
  Cast cast;
  const Positions at = on_a_sphere(24);
  for (Slot i = 0; i < 24; ++i) {
    const uint32_t shape = i % kShapes;
    Rgba colour = colour_of_number(i % kNumbered);
    if (i < 8) colour = mixed(colour, light_theme().background, 0.82f);
    if (i % 5 == 0) colour.a = 120;
    const Vec3 p = at.at(i);
    cast.balls.push_back({p.x, p.y, p.z, 0.09f, colour, pick_of_node(i), shape, i % 7 == 3});
  }
  cast.dimmed = 8;
  cast.node_radius = 0.09f;
  for (Slot i = 0; i < 20; ++i) {
    const Vec3 a = at.at(i), b = at.at((i * 7 + 3) % 24);
    const bool strong = i % 4 == 0;
    cast.lines.push_back(
        {a.x, a.y, a.z, strong ? 3.2f : 1.6f, b.x, b.y, b.z, strong ? 15.f : 12.f});
    cast.lines.back().colour = colour_of_number(i % 3);
    cast.lines.back().id = pick_of_edge(i);
    cast.lines.back().flags = i % 3 == 1 ? kDashed : 0u;
    if (i < 14) continue;
    cast.lines.back().bend = fan_bend(i - 14, 6);
    ++cast.curved;
  }
  Line loop{.ax = at.x[20], .ay = at.y[20], .az = at.z[20], .width = 1.6f, .bx = 0.09f, .head = 12};
  loop.flags = kLoop;
  loop.bend = loop_reach(0);
  loop.id = pick_of_edge(20);
  cast.lines.push_back(loop);
  ++cast.curved;
  cast.low = {-1, -1, -1};
  cast.high = {1, 1, 1};
  return cast;
}

TEST(Golden, EveryMarkOneByOne) {
  expect_golden("one_by_one", plan_of(everything(), kPicture, {.distance = 4.2f}));
}

TEST(Golden, EveryMarkWithParallelRays) {
  expect_golden("parallel_rays", plan_of(everything(), kPicture, {.distance = 4.2f, .flat = true}));
}

TEST(Golden, ACrowd) {
  const Cast cast = as_a_crowd(random_graph(31, 1'500, 2'000, 0.02f, true));
  expect_golden("crowd", plan_of(cast, kPicture, {.distance = 6}));
}

TEST(Golden, WhatStandsOutInACrowd) {
  Cast cast = everything();
  cast.crowd = as_a_crowd(random_graph(32, 1'500, 2'000, 0.02f)).crowd;
  expect_golden("crowd_and_marks", plan_of(cast, kPicture, {.distance = 5}));
}

}  // namespace
}  // namespace saggio::viz
