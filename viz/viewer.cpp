// SPDX-License-Identifier: MIT
#include "viz/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "graph/formats/time_text.h"
#include "graph/query/point.h"
#include "viz/layouts.h"
#include "viz/session.h"
#include "viz/vulkan/renderer.h"

namespace saggio::viz {
namespace {

constexpr float kFontPixels = 15;  // of a picture 720 pixels high

// Letters grow with the picture, so that one for print can be read.
float font_pixels(const RenderRequest& request) {
  return kFontPixels * std::clamp(static_cast<float>(request.height) / 720, 0.8f, 4.f);
}

GoTo point_asked(const RenderRequest& request, const Session& session) {
  GoTo point;
  if (!request.version.empty())
    point.version = graph::version_named(session.store(), request.version, "--version");
  if (request.world.empty()) return point;
  point.world = graph::parse_time(request.world);
  if (!point.world)
    throw std::invalid_argument(fmt::format(
        "--world = {}, allowed: a UTC date or time like 2024-02-29T12:30", request.world));
  return point;
}

void run_script(const std::string& file, Session& session) {
  std::ifstream in(file);
  if (!in) throw std::invalid_argument(fmt::format("{}: this script cannot be read", file));
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      session.perform(command_from(line));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("{}:{}: {}", file, number, error.what()));
    }
  }
}

// The request as commands, in the order in which a person would give them.
void choose(const RenderRequest& request, Session& session) {
  const auto perform = [&](const Action& action) { session.perform({action}); };
  perform(point_asked(request, session));
  if (!request.query.empty()) perform(Filter{request.query});
  if (!request.layout.empty()) perform(Layout{request.layout});
  if (!request.colour.empty()) perform(Colour{colour_by_named(request.colour, "--colour")});
  if (!request.size.empty()) perform(Size{size_by_named(request.size, "--size-by")});
  perform(Labels{request.labels});
  perform(Dark{request.dark});
  if (request.path.size() == 2)
    perform(ShowPath{session.node_named(request.path[0]), session.node_named(request.path[1])});
  for (const std::string& node : request.proof) perform(ShowProof{session.node_named(node)});
  for (const std::string& node : request.against) perform(ShowAgainst{session.node_named(node)});
  for (const std::string& node : request.select)
    perform(Select{{session.node_named(node)}, "also"});
  if (laid_out_flat(session.state().layout)) perform(LookFrom{0, 0, true});
  perform(Fit{});
  if (!request.script.empty()) run_script(request.script, session);
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
