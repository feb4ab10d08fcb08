// SPDX-License-Identifier: MIT
#include "viz/choose.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "graph/formats/time_text.h"
#include "graph/query/point.h"
#include "viz/placement/layouts.h"

namespace saggio::viz {
namespace {

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

Layout layout_asked(const RenderRequest& request, const Session& session) {
  Layout layout{request.layout.empty() ? session.state().layout : request.layout};
  if (!request.group_by.empty()) layout.group_by = group_by_named(request.group_by, "--group-by");
  return layout;
}

ViewState patched(const ViewState& state, const std::string& patch) {
  const auto json = nlohmann::json::parse(patch, nullptr, false);
  if (!json.is_object())
    throw std::invalid_argument(
        fmt::format("--state = {}, allowed: a JSON object of fields of a view state, such as "
                    "{{\"labels\":20}}; the command that a picture tells of itself has it",
                    patch.substr(0, 80)));
  nlohmann::json all = to_json(state);
  all.merge_patch(json);
  return view_state_from(all);
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

// A version is one of the other store, where there is one.
Compare comparison_asked(const RenderRequest& request, const Session& session) {
  Compare compare{request.compare, {}, request.only_differences};
  if (request.compare_version.empty()) return compare;
  constexpr std::string_view kOption = "--compare-version";
  compare.version =
      request.compare.empty()
          ? graph::version_named(session.store(), request.compare_version, kOption)
          : graph::version_named(
                graph::Reader::open(request.compare).history(), request.compare_version, kOption);
  return compare;
}

}  // namespace

void choose(const RenderRequest& request, Session& session) {
  const auto perform = [&](const Action& action) { session.perform({action}); };
  const bool anew = request.view.empty();
  if (!anew) perform(session.view_named(request.view));
  if (anew || !request.version.empty() || !request.world.empty())
    perform(point_asked(request, session));
  if (!request.compare.empty() || !request.compare_version.empty())
    perform(comparison_asked(request, session));
  else if (request.only_differences)
    throw std::invalid_argument("--only-differences: of what? give --compare or --compare-version");
  if (!request.query.empty()) perform(Filter{request.query});
  if (!request.layout.empty() || !request.group_by.empty()) perform(layout_asked(request, session));
  if (!request.colour.empty()) perform(Colour{colour_by_named(request.colour, "--colour")});
  if (!request.size.empty()) perform(Size{size_by_named(request.size, "--size-by")});
  if (request.labels) perform(Labels{*request.labels});
  if (request.dark) perform(Dark{});
  if (request.path.size() == 2)
    perform(ShowPath{session.node_named(request.path[0]), session.node_named(request.path[1])});
  for (const std::string& node : request.proof) perform(ShowProof{session.node_named(node)});
  for (const std::string& node : request.against) perform(ShowAgainst{session.node_named(node)});
  if (request.core) perform(ShowCore{});
  for (const std::string& node : request.select)
    perform(Select{{session.node_named(node)}, "also"});
  if (anew && laid_out_flat(session.state().layout)) perform(LookFrom{0, 0, true});
  if (anew) perform(Fit{});
  if (!request.state.empty()) perform(Restore{patched(session.state(), request.state)});
  session.forget_past();
  if (!request.script.empty()) run_script(request.script, session);
}

}  // namespace saggio::viz
