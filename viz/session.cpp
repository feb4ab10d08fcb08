// SPDX-License-Identifier: MIT
#include "viz/session.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "graph/formats/time_text.h"
#include "graph/query/point.h"
#include "viz/layouts.h"

namespace saggio::viz {
namespace {

constexpr size_t kLongKey = 40;  // bytes; a default key has more

constexpr size_t kThreadsMoving = 100'000;  // edges of a crowd

bool same_point(const graph::AsOf& a, const graph::AsOf& b) {
  return a.version == b.version && a.world == b.world && a.certain == b.certain;
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Rough widths until a font is there.
TextSizes no_font() {
  return {.width = [](std::string_view text) { return 7.f * static_cast<float>(text.size()); },
          .shortened = [](std::string_view text, float) { return std::string(text); }};
}

}  // namespace

Session::Session(const std::string& folder, const Viewport& viewport)
    : reader_(graph::Reader::open(folder)),
      name_(std::filesystem::path(folder).lexically_normal().string()),
      viewport_(viewport),
      training_(folder),
      text_(no_font()) {
  if (store().head() == 0)
    throw std::invalid_argument(
        fmt::format("{}: nothing has been committed to this store yet", folder));
  history_ = ViewHistory({.layout = layout_names().front()});
  timeline_.follow(store());
  training_.follow(seconds_now());
  scene_.follow(store());
  refresh();
}

bool Session::perform(const Command& command) {
  if (moves_camera(command.action)) return history_.perform(command, surroundings());
  ViewHistory before = history_;
  if (!history_.perform(command, surroundings())) return false;
  try {
    refresh();
  } catch (...) {  // a query can be read, and yet not be answered
    history_ = std::move(before);
    refresh();
    throw;
  }
  return true;
}

bool Session::follow() {
  const bool logged = training_.follow(seconds_now());
  const graph::Reader::News news = reader_.poll();
  if (!news.reset && news.commits.empty()) return logged;
  if (news.reset) {
    timeline_ = Timeline();
    scene_ = Scene();
    finder_ = Finder();
    view_.reset();
    positions_ = {};
  }
  timeline_.follow(store());
  scene_.follow(store());
  shown_.reset();
  refresh();
  return true;
}

// What follows from the state, and only what another state than the last one asks for.
void Session::refresh() {
  const ViewState& state = history_.state();
  if (shown_) {
    ViewState looked_at = *shown_;
    looked_at.camera = state.camera;
    if (looked_at == state) return;
  }
  const graph::AsOf as_of = point_of(state, store());
  const bool moved = !view_ || !same_point(view_->as_of(), as_of);
  if (moved) {
    view_ = graph::View::build(store(), as_of);
    scene_.show(as_of);
  }
  const graph::TextOf text_of = [this](const graph::Attributes& a) { return reader_.text(a); };
  marks_ = marks_of(state, scene_, {*view_, store(), text_of});
  if (moved || !shown_ || shown_->layout != state.layout) lay_out();
  radius_ = node_radius(shown_points(positions_, marks_));
  looks_ = looks();
  cast_.reset();
  shown_ = state;
}

void Session::lay_out() {
  const std::vector<Vec3> found = laid_out(history_.state().layout, *view_);
  positions_.resize(scene_.node_slots());
  for (graph::NodeIndex x = 0; x < view_->nodes(); ++x) {
    const auto slot = static_cast<size_t>(view_->node_id(x));
    const Vec3 at = found[static_cast<size_t>(x)];
    positions_.x[slot] = at.x;
    positions_.y[slot] = at.y;
    positions_.z[slot] = at.z;
  }
}

Looks Session::looks() const {
  Counted counted{marks_.nodes, marks_.edges};
  for (auto* bits : {&counted.nodes, &counted.edges})
    for (uint8_t& one : *bits) one &= kShown;
  const RunOf run_of = [this](Slot slot) {
    const auto node = store().view_node(slot, view_->as_of());
    return node ? std::string(node->run) : std::string();
  };
  return looks_of(scene_, history_.state().style, run_of, counted);
}

Surroundings Session::surroundings() {
  return {.viewport = viewport_,
          .margins = margins_for(viewport_, looks_.legend, text_),
          .node_radius = radius_,
          .shown = [this] { return shown_points(positions_, marks_); },
          .position = [this](graph::NodeId id) -> std::optional<Vec3> {
            if (id >= scene_.node_slots() || !scene_.nodes().there[id]) return std::nullopt;
            return positions_.at(static_cast<Slot>(id));
          },
          .layouts = layout_names()};
}

graph::NodeId Session::node_named(const std::string& name) const {
  return graph::node_named(store(), name, view_->as_of());
}

std::string Session::label_of(Slot slot) {
  const auto node = store().view_node(slot, view_->as_of());
  const std::string_view key = store().node_key(slot);
  if (key.size() <= kLongKey && !key.empty()) return std::string(key);
  if (node && !node->text.empty()) return std::string(node->text);
  if (node && node->packed)
    if (const auto whole = store().node(slot, view_->as_of()))
      return reader_.text(whole->attributes);
  return key.empty() ? fmt::format("#{}", slot) : std::string(key);
}

Found Session::find(std::string_view typed, size_t most) {
  const graph::TextOf text_of = [this](const graph::Attributes& a) { return reader_.text(a); };
  return finder_.find(typed, most, {store(), text_of, scene_});
}

Facts Session::facts(PickId picked, size_t most_ties) {
  const graph::TextOf text_of = [this](const graph::Attributes& a) { return reader_.text(a); };
  const std::function<std::string(Slot)> label = [this](Slot slot) { return label_of(slot); };
  return facts_of(picked, {*view_, store(), text_of, label, reader_.folder()}, most_ties);
}

std::string Session::caption() const {
  const graph::AsOf& as_of = view_->as_of();
  std::string text = fmt::format("{}   version {} of {}   {} of {} nodes, {} of {} edges",
                                 name_,
                                 as_of.version,
                                 store().head(),
                                 marks_.nodes_shown,
                                 scene_.nodes_there(),
                                 marks_.edges_shown,
                                 scene_.edges_there());
  if (as_of.world) text += fmt::format("   at {}", graph::time_text(*as_of.world));
  if (!state().filter.empty()) text += fmt::format("   {}", state().filter);
  return text;
}

void Session::set_font(Font& font) { text_ = text_sizes(font); }

RenderPlan Session::plan(Font& font, bool still) {
  if (!cast_) cast_ = cast_of(state().style, {scene_, positions_, marks_, looks_}, radius_);
  const TextSizes text = text_sizes(font);
  const std::function<std::string(Slot)> label = [this](Slot slot) { return label_of(slot); };
  const std::string words = caption();
  return build_plan(*cast_,
                    state().style,
                    state().camera,
                    viewport_,
                    {text, label, looks_.legend, words, static_cast<size_t>(state().labels)},
                    still ? SIZE_MAX : kThreadsMoving);
}

}  // namespace saggio::viz
