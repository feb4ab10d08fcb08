// SPDX-License-Identifier: MIT
#include "viz/film/film.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace saggio::viz {
namespace {

size_t frames_of(const FilmOptions& options) {
  if (!(options.seconds >= 0.1 && options.seconds <= 3600))
    throw std::invalid_argument(
        fmt::format("a film of {} seconds, allowed: 0.1 to 3600", options.seconds));
  if (!(options.frames_a_second >= 1 && options.frames_a_second <= 120))
    throw std::invalid_argument(
        fmt::format("{} frames a second, allowed: 1 to 120", options.frames_a_second));
  const double frames = std::round(options.seconds * options.frames_a_second);
  return static_cast<size_t>(std::max(1., frames));
}

std::vector<Command> orbit(const Camera& camera, size_t frames) {
  std::vector<Command> commands;
  for (size_t i = 0; i < frames; ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(frames);
    commands.push_back(
        {LookFrom{camera.yaw + static_cast<float>(turn), camera.pitch, camera.flat}, 1});
  }
  return commands;
}

std::vector<Command> through_time(const Session& session, size_t frames) {
  const auto last = session.point().version;
  std::vector<Command> commands;
  for (size_t i = 0; i < frames; ++i) {
    const double share = frames == 1 ? 1 : static_cast<double>(i) / static_cast<double>(frames - 1);
    const auto version =
        1 + static_cast<graph::Version>(std::llround(share * static_cast<double>(last - 1)));
    commands.push_back({GoTo{std::min(version, last), session.state().world}, 1});
  }
  return commands;
}

}  // namespace

std::vector<Command> film_commands(const Session& session, const FilmOptions& options) {
  const size_t frames = frames_of(options);
  if (options.path == "orbit") return orbit(session.state().camera, frames);
  if (options.path == "time") return through_time(session, frames);
  throw std::invalid_argument(
      fmt::format("the path of a film = {}, allowed: orbit, time", options.path));
}

void film(Session& session,
          Font& font,
          Backend& backend,
          const std::vector<Command>& commands,
          const std::function<void(const Frame&)>& use) {
  for (const Command& command : commands) {
    session.perform(command);
    const RenderPlan plan = session.plan(font);
    use(backend.draw(plan, overlay_of(plan, font)));
  }
}

}  // namespace saggio::viz
