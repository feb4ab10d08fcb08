// SPDX-License-Identifier: MIT
#include "viz/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "viz/choose.h"
#include "viz/session.h"
#include "viz/vulkan/renderer.h"

namespace saggio::viz {
namespace {

constexpr float kFontPixels = 15;  // of a picture 720 pixels high

// Letters grow with the picture, so that one for print can be read.
float font_pixels(const RenderRequest& request) {
  return kFontPixels * std::clamp(static_cast<float>(request.height) / 720, 0.8f, 4.f);
}

// Beside its place first, so that a picture is there whole or not at all.
void write_file(const std::string& file, const std::string& bytes) {
  const std::string aside = file + ".part";
  std::ofstream out(aside, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(aside, file, error);
  if (out && !error) return;
  std::error_code ignored;
  std::filesystem::remove(aside, ignored);
  throw std::runtime_error(fmt::format(
      "{}: the picture cannot be written there; give another place, or make room", file));
}

}  // namespace

RenderReport render(const RenderRequest& request) {
  vulkan::Renderer renderer({.device = request.device, .validate = request.validate});
  Font font = Font::standard(font_pixels(request));
  Session session(request.store,
                  {static_cast<float>(request.width), static_cast<float>(request.height)});
  session.set_font(font);
  choose(request, session);
  const RenderPlan plan = session.plan(font);
  const Overlay overlay = overlay_of(plan, font);
  write_file(request.picture, png(renderer.draw(plan, overlay)));

  RenderReport report{.device = renderer.info(),
                      .version = session.view().as_of().version,
                      .head = session.store().head(),
                      .nodes = session.scene().nodes_there(),
                      .nodes_shown = session.marks().nodes_shown,
                      .edges = session.scene().edges_there(),
                      .edges_shown = session.marks().edges_shown,
                      .labels = plan.labels.size(),
                      .labels_left_out = plan.labels_left_out,
                      .boxes = font.boxes(),
                      .notes = session.marks().notes};
  if (report.device.software)
    report.notes.push_back(fmt::format("drawn in software by {}: no GPU with Vulkan 1.3 was {}",
                                       report.device.name,
                                       request.device.empty() ? "found" : "asked for"));
  if (report.boxes > 0)
    report.notes.push_back(
        fmt::format("{} characters that the font cannot set are drawn as boxes", report.boxes));
  return report;
}

}  // namespace saggio::viz

extern "C" void saggio_viz_render(const saggio::viz::RenderRequest& request,
                                  saggio::viz::RenderReport& report) {
  report = saggio::viz::render(request);
}
