// SPDX-License-Identifier: MIT
#include "viz/telling.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graph/formats/time_text.h"
#include "viz/placement/layouts.h"
#include "viz/plan/build_plan.h"

namespace saggio::viz {
namespace {

using graph::Condition;
using graph::Query;
using Json = nlohmann::json;

Condition joined(std::vector<Condition> parts, bool all) {
  if (parts.size() == 1) return parts[0];
  return all ? Condition{graph::And{std::move(parts)}} : Condition{graph::Or{std::move(parts)}};
}

Condition has_id(uint64_t id, graph::Operator op = graph::Operator::Equal) {
  return {graph::Comparison{{graph::Attribute::Id, {}}, op, static_cast<int64_t>(id)}};
}

Condition within(const Focus& focus, const graph::View& view) {
  std::vector<Condition> any;
  for (const graph::NodeId id : focus.nodes)
    if (view.find(id))
      any.push_back({graph::Within{focus.hops, {.id = id, .key = {}}, focus.direction, {}}});
  if (any.empty()) return has_id(0, graph::Operator::Less);  // nothing
  return joined(std::move(any), false);
}

Query of_filter_and_focus(const ViewState& state, const graph::View& view) {
  Query query = state.filter.empty() ? Query() : graph::parse(state.filter);
  if (!query.as_of && state.version) query.as_of = fmt::format("{}", view.as_of().version);
  if (!query.valid_at && state.world) query.valid_at = *state.world;
  if (!state.focus) return query;
  std::vector<Condition> all;
  if (query.where) all.push_back(*query.where);
  all.push_back(within(*state.focus, view));
  query.where = joined(std::move(all), true);
  return query;
}

// What must be added and left out by name for the query to select what is shown.
struct Corrections {
  std::vector<Condition> more, fewer;
};
Corrections corrections(const Query& query, const Marks& marks, const Subject& subject) {
  const graph::Selection found =
      graph::evaluate(query, subject.view, subject.history, subject.text_of);
  const bool edges = query.target == graph::Target::Edges;
  const int32_t count = edges ? subject.view.edges() : subject.view.nodes();
  Corrections difference;
  for (int32_t i = 0; i < count; ++i) {
    const uint64_t id = edges ? subject.view.edge_id(i) : subject.view.node_id(i);
    const bool shown = ((edges ? marks.edges : marks.nodes)[id] & kShown) != 0;
    if (shown != found.set.test(i))
      (shown ? difference.more : difference.fewer).push_back(has_id(id));
  }
  return difference;
}

Query corrected(Query query, const Corrections& difference) {
  if (!difference.more.empty() && query.where) {
    std::vector<Condition> any = {*query.where};
    any.insert(any.end(), difference.more.begin(), difference.more.end());
    query.where = joined(std::move(any), false);
  }
  if (difference.fewer.empty()) return query;
  std::vector<Condition> all;
  if (query.where) all.push_back(*query.where);
  all.push_back({graph::Not{{joined(difference.fewer, false)}}});
  query.where = joined(std::move(all), true);
  return query;
}

size_t shown_without_edge(const Marks& marks, const graph::History& history) {
  std::vector<uint8_t> alone(marks.nodes.size());
  for (size_t i = 0; i < alone.size(); ++i) alone[i] = (marks.nodes[i] & kShown) != 0;
  for (size_t e = 0; e < marks.edges.size(); ++e) {
    if (!(marks.edges[e] & kShown)) continue;
    const graph::EdgeEnds ends = history.edge_ends(e);
    alone[ends.source] = alone[ends.target] = 0;
  }
  return static_cast<size_t>(std::count(alone.begin(), alone.end(), 1));
}

// As a person would name it: by its key, if that is plain to read and names nothing else.
std::string name_of(graph::NodeId id, const CommandSources& from) {
  constexpr size_t kLongest = 100;
  const std::string key(from.history.node_key(id));
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<uint8_t>(c) >= 0x80;
  };
  const bool plain = !key.empty() && key.size() <= kLongest && is_plain(key[0]) &&
                     std::none_of(key.begin(), key.end(), [](char c) {
                       return (static_cast<uint8_t>(c) < ' ') || c == 0x7F;
                     });
  return plain && from.history.find_node(key) == id ? key : fmt::format("#{}", id);
}

// The options that have a word of their own, and the state that they lead to.
class Options {
 public:
  Options(const ViewState& state, const CommandSources& from) : state_(state), from_(from) {
    told_.layout = from.layout;
    words_ = {"saggio", "view", from.store, "--render", from.picture};
    if (from.store.starts_with('-')) words_[2] = "./" + from.store;
    const auto size = fmt::format("{:.0f}x{:.0f}", from.viewport.width, from.viewport.height);
    if (from.viewport != Viewport{}) add("--size", size);
    if (from.letters != text_height(from.viewport.height))
      add("--letters", fmt::format("{}", from.letters));
    what_is_shown();
    how_it_looks();
    what_stands_out();
    told_.camera = ViewState().camera;
    if (laid_out_flat(told_.layout)) told_.camera = Camera{.yaw = 0, .pitch = 0, .flat = true};
    ViewState fitted = told_;
    fitted.camera = from.fitted(told_.camera);
    options_say_all_ = fitted == state;
  }

  std::string line() {
    if (!options_say_all_) {
      const Json before = to_json(told_), after = to_json(state_);
      Json patch = {{"camera", after.at("camera")}};  // a fit moves it
      for (const auto& [field, value] : after.items())
        if (before.at(field) != value) patch[field] = value;
      add("--state", patch.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    std::string line;
    for (const std::string& word : words_) line += (line.empty() ? "" : " ") + shell_word(word);
    return line;
  }

 private:
  void add(const char* option, const std::string& value) {
    words_.push_back(option);
    words_.push_back(value);
  }

  void what_is_compared() {
    if (!state_.compare) return;
    const auto& [with, version, only_differences] = *state_.compare;
    if (!with.empty()) add("--compare", with);
    if (version) add("--compare-version", fmt::format("{}", *version));
    if (only_differences) words_.push_back("--only-differences");
    told_.compare = state_.compare;
    told_.style.colour = ColourBy::Difference;
  }

  void what_is_shown() {
    what_is_compared();
    if (state_.version) add("--version", fmt::format("{}", *state_.version));
    told_.version = state_.version;
    if (state_.world) {
      const std::string text = graph::time_text(*state_.world);
      if (graph::parse_time(text) == state_.world) {
        add("--world", text);
        told_.world = state_.world;
      }
    }
    if (state_.filter.empty()) return;
    add("--query", state_.filter);
    told_.filter = state_.filter;
  }

  void how_it_looks() {
    if (state_.layout != told_.layout) add("--layout", state_.layout);
    if (state_.style.colour != told_.style.colour)
      add("--colour", std::string(name(state_.style.colour)));
    if (state_.style.size != told_.style.size)
      add("--size-by", std::string(name(state_.style.size)));
    if (state_.labels != told_.labels) add("--labels", fmt::format("{}", state_.labels));
    if (state_.style.dark) words_.push_back("--dark");
    if (state_.group_by != told_.group_by) add("--group-by", std::string(name(state_.group_by)));
    told_.layout = state_.layout;
    told_.group_by = state_.group_by;
    told_.labels = state_.labels;
    const bool opacity = told_.style.opacity;
    told_.style = state_.style;
    told_.style.opacity = opacity;
  }

  void what_stands_out() {
    constexpr size_t kMostSelected = 20;
    const auto there = [this](graph::NodeId id) {
      return id < from_.history.node_count() && from_.history.has_node(id, from_.as_of);
    };
    const auto& selection = state_.selection;
    if (selection.size() <= kMostSelected &&
        std::all_of(selection.begin(), selection.end(), there)) {
      for (const graph::NodeId id : selection) add("--select", name_of(id, from_));
      told_.selection = selection;
    }
    if (!state_.highlight) return;
    const auto& [what, node, to] = *state_.highlight;
    if (what == "core") {
      words_.push_back("--core");
    } else {
      if (!there(node) || !there(to)) return;
      add(("--" + what).c_str(), name_of(node, from_));
      if (what == "path") words_.push_back(name_of(to, from_));
    }
    told_.highlight = state_.highlight;
  }

  const ViewState& state_;
  const CommandSources& from_;
  ViewState told_;
  bool options_say_all_ = false;
  std::vector<std::string> words_;
};

}  // namespace

Told query_of_picture(const ViewState& state, const Marks& marks, const Subject& subject) {
  const Query query = of_filter_and_focus(state, subject.view);
  const Corrections by_name = corrections(query, marks, subject);
  Told told{graph::print(query), {}};
  const size_t named = by_name.more.size() + by_name.fewer.size();
  const std::string whole = named <= kMostNamed ? graph::print(corrected(query, by_name)) : "";
  if (named <= kMostNamed && whole.size() <= graph::kLongestQuery)
    told.text = whole;
  else
    told.notes.push_back(
        fmt::format("the picture shows {} more and {} fewer than this query, too many to name them",
                    by_name.more.size(),
                    by_name.fewer.size()));
  if (query.target == graph::Target::Edges)
    if (const size_t alone = shown_without_edge(marks, subject.history); alone > 0)
      told.notes.push_back(fmt::format("{} nodes are shown without an edge", alone));
  return told;
}

std::string command_of_picture(const ViewState& state, const CommandSources& sources) {
  return Options(state, sources).line();
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(kSafe) == text.npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace saggio::viz
