// SPDX-License-Identifier: MIT
#include "viz/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "viz/choose.h"
#include "viz/film/film.h"
#include "viz/paper/picture_file.h"
#include "viz/session.h"
#include "viz/vulkan/renderer.h"

namespace saggio::viz {
namespace {

constexpr double kLongest = 16'384;  // pixels a side

// Before they are scaled.
float letters_of(const RenderRequest& request) {
  return request.letters > 0 ? static_cast<float>(request.letters)
                             : text_height(static_cast<float>(request.height));
}

Viewport viewport_of(const RenderRequest& request) {
  const double width = std::round(request.width * request.scale);
  const double height = std::round(request.height * request.scale);
  if (!(width >= 1 && height >= 1 && width <= kLongest && height <= kLongest))
    throw std::invalid_argument(
        fmt::format("a picture of {} x {} pixels, allowed: up to {} a side; give a smaller --scale",
                    width,
                    height,
                    kLongest));
  return {static_cast<float>(width), static_cast<float>(height)};
}

// Of the picture in the pixels that it was asked for, before it is scaled.
std::string command_of(const RenderRequest& request, Session& session, Font& font) {
  const Viewport planned = session.viewport();
  Font unscaled = Font::standard(letters_of(request));
  session.resize({static_cast<float>(request.width), static_cast<float>(request.height)});
  session.set_font(unscaled);
  std::string line = session.command_of_picture(request.picture);
  session.set_font(font);
  session.resize(planned);
  if (request.scale != 1) line += fmt::format(" --scale {}", request.scale);
  if (request.transparent) line += " --transparent";
  return line;
}

// Where it was written, and how many frames it has.
void make_film(const RenderRequest& request,
               Session& session,
               Font& font,
               Backend& backend,
               RenderReport& report) {
  FilmOptions options{.seconds = request.film_seconds,
                      .frames_a_second = request.film_frames_a_second};
  if (!request.film_path.empty()) options.path = request.film_path;
  const std::vector<Command> commands = film_commands(session, options);
  std::string note;
  const auto writer = film_writer(request.film, options.frames_a_second, note);
  film(session, font, backend, commands, [&](const Frame& frame) { writer->write(frame); });
  writer->finish();
  report.film = writer->place();
  report.film_frames = commands.size();
  if (!note.empty()) report.notes.push_back(note);
}

}  // namespace

RenderReport render(const RenderRequest& request) {
  const bool paper = !request.picture.empty() && paper_asked(request.picture);
  std::optional<vulkan::Renderer> renderer;  // first, since a machine may have no device
  if (!paper || !request.film.empty())
    renderer.emplace(vulkan::DeviceOptions{request.device, request.validate, {}});
  const Viewport viewport = viewport_of(request);
  Font font = Font::standard(letters_of(request) * static_cast<float>(request.scale));
  Session session(request.store, viewport);
  session.set_font(font);
  choose(request, session);
  RenderPlan plan = session.plan(font);
  if (request.transparent) plan.theme.background.a = 0;
  if (!request.picture.empty())
    write_picture(request.picture, plan, font, renderer ? &*renderer : nullptr);

  RenderReport report{
      .device = renderer ? renderer->info() : DeviceInfo{"cairo", "", false},
      .version = session.point().version,
      .head = session.head(),
      .nodes = session.scene().nodes_there(),
      .nodes_shown = session.marks().nodes_shown,
      .edges = session.scene().edges_there(),
      .edges_shown = session.marks().edges_shown,
      .labels = plan.labels.size(),
      .labels_left_out = plan.labels_left_out,
      .boxes = font.boxes(),
      .saved = request.save_view.empty() ? "" : session.save_view(request.save_view),
      .query = request.tell ? session.query_of_picture().text : "",
      .command = request.tell && !request.picture.empty() ? command_of(request, session, font) : "",
      .notes = session.notes()};
  if (const Comparison* comparison = session.comparison()) {
    report.comparison = comparison->caption();
    report.compared_nodes = comparison->nodes();
    report.compared_edges = comparison->edges();
  }
  if (!request.film.empty()) make_film(request, session, font, *renderer, report);
  if (report.device.software)
    report.notes.push_back(fmt::format("drawn in software by {}: no GPU with Vulkan 1.3 was {}",
                                       report.device.name,
                                       request.device.empty() ? "found" : "asked for"));
  namespace fs = std::filesystem;
  const fs::path beside = (fs::path(request.store) / "views").lexically_normal();
  if (!report.saved.empty() && fs::path(report.saved).lexically_normal().parent_path() != beside)
    report.notes.push_back(
        fmt::format("{} cannot be written: the view lies in the user's cache, {}",
                    beside.string(),
                    report.saved));
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
