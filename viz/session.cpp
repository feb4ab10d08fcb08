// SPDX-License-Identifier: MIT
#include "viz/session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "graph/formats/time_text.h"
#include "graph/query/point.h"
#include "viz/saved_picture.h"

namespace saggio::viz {
namespace {

constexpr size_t kLongKey = 40;  // bytes; a default key has more

constexpr size_t kThreadsMoving = 100'000;  // edges of a crowd

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kReading{4};  // at least, of a log that grew
constexpr uint64_t kAtOnce = uint64_t{16} << 20;  // bytes of one version that nobody waits for
constexpr std::chrono::milliseconds kLooking{8};  // through texts, a frame
constexpr std::chrono::milliseconds kCasting{5};  // of a large graph, a frame

double seconds_now() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

// Which parts of a picture another state changes; what is not known to be harmless changes marks.
struct Differences {
  bool marks = true, selection = true, layout = true, pins = true, looks = true;
  bool any() const { return marks || selection || layout || pins || looks; }
};

Differences differences(ViewState a, const ViewState& b) {
  Differences differ;
  differ.selection = a.selection != b.selection;
  differ.layout = a.layout != b.layout || a.group_by != b.group_by || a.opened != b.opened;
  differ.pins = a.pins != b.pins;
  const bool style = !(a.style == b.style);
  a.camera = b.camera;
  a.style = b.style;
  a.layout = b.layout;
  a.group_by = b.group_by;
  a.opened = b.opened;
  a.pins = b.pins;
  a.selection = b.selection;
  a.labels = b.labels;
  differ.marks = !(a == b);
  differ.looks = differ.marks || style;
  return differ;
}

// Whether a camera that was fitted, or not, is so after this; to turn is not to leave.
bool still_fits(const Action& action, bool fitted) {
  if (std::holds_alternative<Fit>(action)) return true;
  return fitted &&
         (std::holds_alternative<Orbit>(action) || std::holds_alternative<LookFrom>(action));
}

// What a node says of an attribute that is_name().
std::string name_in(const graph::AttributesView& node, ColourBy by) {
  switch (by) {
    case ColourBy::Run:
      return std::string(node.run);
    case ColourBy::Experiment:
      return std::string(node.experiment);
    case ColourBy::Model:
      return std::string(node.model);
    case ColourBy::Rule:
      return std::string(node.rule);
    default: {
      std::string all;
      node.labels.for_each([&](std::string_view label) {
        if (!all.empty() && !label.empty()) all += '\n';
        all += label;
      });
      return all;
    }
  }
}

// What a store's log lacks of what was read of it; empty: nothing.
std::string cut_short(const graph::Reader& reader) {
  const graph::LogEnd& end = reader.log_end();
  const std::string file = graph::log_file(reader.folder(), end.file);
  const uint64_t size = reader.files().size(file).value_or(0), read = end.end - end.start;
  return size >= read
             ? std::string()
             : fmt::format(
                   "{}: {} bytes, {} were read of it; it was cut or removed", file, size, read);
}

// Rough widths until a font is there.
TextSizes no_font() {
  return {.width = [](std::string_view text) { return 7.f * static_cast<float>(text.size()); },
          .shortened = [](std::string_view text, float) { return std::string(text); }};
}

}  // namespace

Session::Session(const std::string& folder,
                 const Viewport& viewport,
                 Placing placing,
                 MakeLayout make,
                 const Watch& watch)
    : reader_(graph::Reader::open(folder, nullptr, watch)),
      name_(std::filesystem::path(folder).lexically_normal().string()),
      viewport_(viewport),
      training_(folder),
      placing_(placing),
      placement_(placing, std::move(make)),
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
  const auto* restore = std::get_if<Restore>(&command.action);
  if (!restore || restore->places.empty()) return change(command);
  saved_view(restore->places);  // or it is refused, before anything changes
  Restore opened = *restore;
  opened.state.opened = ++opened_;
  change({std::move(opened), command.gesture});
  fitted_ = false;
  placed();
  return true;
}

bool Session::change(const Command& command) {
  if (const auto* go = std::get_if<GoTo>(&command.action)) {
    asked_for_.clear();
    if (go->version && *go->version > head()) {
      GoTo there = *go;
      there.version = head();
      const bool changed = change({there, command.gesture});
      asked_for_ = fmt::format(
          "version {} is not there: the newest is {}, and is shown", *go->version, head());
      return changed;
    }
  }
  if (asks_for_places(command.action)) settle();
  if (moves_camera(command.action)) {
    const bool changed = history_.perform(command, surroundings());
    fitted_ = still_fits(command.action, fitted_);
    return changed;
  }
  ViewHistory before = history_;
  if (!history_.perform(command, surroundings())) return false;
  if (const auto* restore = std::get_if<Restore>(&command.action)) opening_ = restore->places;
  fitted_ = fitted_ && state().camera == before.state().camera;
  try {
    refresh();
  } catch (...) {  // a query can be read, and yet not be answered
    history_ = std::move(before);
    opening_.clear();
    refresh();
    throw;
  }
  return true;
}

Session::Followed Session::follow() {
  const bool logged = training_.follow(seconds_now());
  const Clock::time_point until = Clock::now() + std::max<Clock::duration>(kReading, showing_);
  graph::Reader::News news;
  try {
    if (reads_elsewhere()) {
      if (!reading_->done()) return {.any = true};
      return take_read();
    }
    bool stopped = false;
    news = reader_.poll([&] { return stopped = Clock::now() >= until; });
    if (news.reset) reader_.poll();  // all of it: what is asked for may be of any version
    behind_ = stopped && !news.reset ? reader_.tail_bytes() : 0;
  } catch (const std::runtime_error& error) {  // deleted or damaged: what was read stays
    behind_ = 0;
    const bool told = !std::exchange(follow_trouble_, error.what()).empty();
    return {.any = logged || !told};
  }
  const std::string before = std::exchange(follow_trouble_, news.reset ? "" : cut_short(reader_));
  if (!news.reset && news.commits.empty()) return {.any = logged || before != follow_trouble_};
  if (news.reset) {
    forget_store();
    timeline_ = Timeline();
    scene_ = Scene();
    view_.reset();
  }
  timeline_.follow(reader_.history());
  // An old version stays as it is.
  if (state().version && !news.reset) return {.any = true};
  const Clock::time_point begin = Clock::now();
  if (!comparison()) scene_.follow(store());
  refresh();
  showing_ = Clock::now() - begin;
  return {.any = true, .picture = true};
}

// What is known of a store that its writer began again.
void Session::forget_store() {
  begun_again_ = true;
  stays_since_.reset();
  comparing_.forget();
  finder_.forget();
  placement_.forget();
}

Session::Read Session::read(const std::string& folder, const Watch& watch) {
  Read read{graph::Reader::open(folder, nullptr, watch), {}, {}, graph::View::build({})};
  const graph::History& history = read.reader.history();
  read.timeline.follow(history);
  if (history.head() == 0) return read;
  read.scene.follow(history);
  read.scene.show({.version = history.head()});
  read.view = graph::View::build(history);
  return read;
}

// Whether another thread reads the store anew, which it is told to do where that takes long.
bool Session::reads_elsewhere() {
  if (placing_ != Placing::Live) return false;
  if (!reading_ && reader_.takes_long(kAtOnce))
    reading_ = std::make_unique<Background<Read>>(
        [folder = reader_.folder()](const Watch& watch) { return read(folder, watch); });
  if (reading_) behind_ = std::max<uint64_t>(1, reading_->all() - reading_->bytes());
  return reading_ != nullptr;
}

Session::Followed Session::take_read() {
  const auto reading = std::exchange(reading_, nullptr);
  behind_ = 0;
  Read read = reading->take();
  const bool begun_again = read.reader.identity() != reader_.identity();
  if (begun_again && read.reader.history().head() == 0) return {};  // it is about to be written
  reader_ = std::move(read.reader);
  timeline_ = std::move(read.timeline);
  follow_trouble_.clear();
  if (begun_again) forget_store();
  if (state().version && !begun_again) return {.any = true};
  cast_.reset();  // before what it is of
  next_.reset();
  scene_ = std::move(read.scene);
  as_of_ = read.view.as_of();
  view_ = std::move(read.view);
  ++graph_;
  shown_.reset();
  refresh();
  return {.any = true, .picture = true};
}

bool Session::advance() {
  // Others wait until these are seen.
  if (!next_ && placement_.advance()) {
    placed();
    if (!next_) {
      if (fitted_ && !state().version) fit_again();
      return true;
    }
  }
  if (!next_ || !next_->step(Clock::now() + kCasting)) return false;
  cast_ = std::move(next_);
  if (fitted_ && !state().version) fit_again();
  return true;
}

// What follows from the positions.
void Session::placed() {
  if (auto view = placement_.take_view(graph_);
      view && view->as_of().version > view_->as_of().version)
    view_ = std::move(view);
  radius_.reset();
  recast();
  placed_ = true;
}

std::unique_ptr<Casting> Session::casting() {
  const Sources sources{scene_, placement_.positions(), marks_, looking_.looks()};
  return std::make_unique<Casting>(state().style, sources, radius());
}

// Of all of it, while the picture stays what it is.
void Session::recast() {
  if (placing_ == Placing::Live && cast_) {
    next_ = casting();
  } else {
    cast_.reset();
    next_.reset();
  }
}

const graph::View& Session::view() const {
  if (view_->as_of() != as_of_) view_ = view_->refreshed(store(), as_of_.version);
  return *view_;
}

void Session::fit_again() try {
  history_.look(applied(state(), Fit{}, surroundings()).camera);
} catch (const std::invalid_argument&) {  // a window without room for it
}

void Session::resize(const Viewport& viewport) {
  if (viewport.width == viewport_.width && viewport.height == viewport_.height) return;
  viewport_ = viewport;
  if (fitted_) fit_again();
}

// What follows from the state, and only what another state than the last one asks for.
void Session::refresh() {
  const ViewState& state = history_.state();
  if (!state.version)
    stays_since_.reset();
  else if (!stays_since_)
    stays_since_ = head();
  const bool another = comparing_.follow(state, reader_, name_);
  if (another) start_scene();
  const graph::AsOf as_of =
      comparison() ? graph::AsOf{.version = store().head()} : point_of(state, store());
  told_head_ = head();
  const bool moved = another || !shown_ || !view_ || as_of_ != as_of;
  if (moved && !another && follow_picture(as_of)) return;
  if (moved) {
    const bool goes_on = !another && view_ && as_of_.world == as_of.world &&
                         as_of_.certain == as_of.certain && as_of_.version <= as_of.version;
    if (!goes_on) {
      view_ = graph::View::build(store(), as_of);
      ++graph_;
    }
    as_of_ = as_of;
    attributes_.reset();
    if (!comparison() && scene_.head() < as_of.version) scene_.follow(store());
    scene_.show(as_of);
  }
  const Differences differ = moved ? Differences() : differences(*shown_, state);
  if (differ.marks) {
    marks_ = marks_of(state, scene_, {view(), store(), text_of()});
    if (state.compare && state.compare->only_differences) show_only_differences(marks_, scene_);
    radius_.reset();
  } else if (differ.selection) {
    select_in(marks_, state.selection, scene_);
  }
  if (differ.looks || differ.selection) {
    cast_.reset();
    next_.reset();
  }
  if (differ.layout) order_layout();
  if (differ.layout || differ.pins) placement_.hold(state.pins);
  if (differ.looks) look();
  shown_ = state;
}

// What came to a picture of all that is there, at the price of what came. False if it is not such a
// picture, or if it takes more.
bool Session::follow_picture(const graph::AsOf& as_of) {
  const ViewState& state = history_.state();
  const bool is_later = view_ && shown_ && !differences(*shown_, state).any() && shows_all(state) &&
                        !as_of.world && !as_of_.world && as_of_.version < as_of.version;
  if (!is_later) return false;
  scene_.follow(store());
  scene_.show(as_of);
  const Touched& touched = scene_.touched();
  if (touched.all) return false;
  as_of_ = as_of;
  attributes_.reset();
  follow_in(marks_, state.selection, scene_);
  const bool same_looks = looking_.follow(scene_, name_of());
  if (!same_looks) look();
  order_layout();
  placement_.hold(state.pins);
  if (next_ && !(same_looks && next_->follow(touched))) next_.reset();
  if (cast_ && !(same_looks && cast_->follow(touched)) && !next_) recast();
  return true;
}

// Of another graph than before: two that are compared, or, after that, the store alone.
void Session::start_scene() {
  const Slot slots_before = scene_.node_slots();
  scene_ = Scene();
  finder_.forget();
  scene_.follow(store());
  if (comparison()) scene_.set_differences(comparison()->differences());
  if (scene_.node_slots() < slots_before) placement_.forget();  // others will have these slots
}

LayoutOrder Session::layout_order(const graph::View& view) const {
  const GroupBy by = state().group_by;
  const auto run_of = [this](graph::NodeId id) {
    const auto node = store().view_node(id, as_of_);
    return node ? std::string(node->run) : std::string();
  };
  return {.view = view,
          .name = state().layout,
          .group_by = by,
          .opened = state().opened,
          .groups = group_labels(by, view, run_of)};
}

void Session::order_layout() {
  // A group for each node is of the View as it is now; else whoever lays out brings it up to date.
  const bool late = view_->as_of() != as_of_ &&
                    (state().group_by == GroupBy::None || state().group_by == GroupBy::Community);
  LayoutOrder order = layout_order(late ? *view_ : view());
  std::optional<graph::View::News> came;
  if (late) came = view_->news(store(), as_of_.version);
  Kept kept;  // of this store alone
  if (const std::string opening = std::exchange(opening_, {}); !opening.empty())
    kept.places = places_in(saved_view(opening));
  else if (!comparison())
    kept = kept_.take(reader_, order, scene_.node_slots());
  if (!kept.pins.empty() && !history_.can_undo() && !history_.can_redo()) {  // it is just opened
    ViewState initial = state();
    initial.pins = std::move(kept.pins);
    history_ = ViewHistory(std::move(initial));
  }
  // Which edges another store alone has at a version says nothing of what came.
  const graph::EdgeId edges = two_stores() ? store().edge_count() : 0;
  placement_.order({std::move(order),
                    std::move(came),
                    graph_,
                    scene_.node_slots(),
                    std::move(kept.places),
                    edges});
}

void Session::keep_places() {
  if (!placed_ || comparison()) return;
  LayoutOrder order = layout_order(view());
  if (laid_out_by_force(order.name))
    order.view = graph::View::build(store());  // those away as well
  kept_.keep(reader_, order, placement_.positions(), state().pins, moving());
  placed_ = false;
}

void Session::settle() {
  if (next_ || !placement_.settle()) return;
  placed();
}

const Positions& Session::positions() {
  settle();
  return placement_.positions();
}

float Session::radius() {
  if (!radius_) radius_ = node_radius(placement_.positions(), marks_);
  return *radius_;
}

std::vector<std::string> Session::notes() const {
  std::vector<std::string> notes = marks_.notes;
  notes.insert(notes.end(), kept_.notes().begin(), kept_.notes().end());
  if (behind_ > 0)
    notes.push_back(fmt::format("behind the store: {:.1f} MB of its log are still to be read",
                                1e-6 * static_cast<double>(behind_)));
  if (!asked_for_.empty()) notes.push_back(asked_for_);
  if (begun_again_) notes.push_back("the store was begun again by its writer, and read anew");
  if (!follow_trouble_.empty())
    notes.push_back(fmt::format("what was read of it stays; no more comes: {}", follow_trouble_));
  if (const std::string trouble = placement_.trouble(); !trouble.empty())
    notes.push_back(fmt::format("nodes stay where they are: {}", trouble));
  return notes;
}

graph::TextOf Session::text_of() {
  return [this](const graph::Attributes& a) { return reader_.text(a); };
}

NameOf Session::name_of() const {
  return [this](Slot slot) {
    const auto node = store().view_node(slot, as_of_);
    return node ? name_in(*node, state().style.colour) : std::string();
  };
}

void Session::look() {
  Counted counted{marks_.nodes, marks_.edges};
  for (auto* bits : {&counted.nodes, &counted.edges})
    for (uint8_t& one : *bits) one &= kShown;
  looking_.look(scene_, state().style, name_of(), counted);
}

Surroundings Session::surroundings() {
  return {.viewport = viewport_,
          .margins = margins_for(viewport_, looking_.looks().legend, text_),
          .node_radius = radius(),
          .shown = [this] { return shown_points(placement_.positions(), marks_); },
          .shown_nodes =
              [this] {
                std::vector<std::pair<graph::NodeId, Vec3>> nodes;
                for (Slot slot = 0; slot < marks_.nodes.size(); ++slot)
                  if (marks_.nodes[slot] & kShown)
                    nodes.emplace_back(slot, placement_.positions().at(slot));
                return nodes;
              },
          .position = [this](graph::NodeId id) -> std::optional<Vec3> {
            if (id >= scene_.node_slots() || !scene_.nodes().there[id]) return std::nullopt;
            return placement_.positions().at(static_cast<Slot>(id));
          },
          .layouts = layout_names()};
}

graph::NodeId Session::node_named(const std::string& name) const {
  return graph::node_named(store(), name, as_of_);
}

std::string Session::label_of(Slot slot) {
  const auto node = store().view_node(slot, as_of_);
  const std::string_view key = store().node_key(slot);
  if (key.size() <= kLongKey && !key.empty()) return std::string(key);
  if (node && !node->text.empty()) return std::string(node->text);
  if (node && node->packed) try {
      if (const auto whole = store().node(slot, as_of_)) return reader_.text(whole->attributes);
    } catch (const std::runtime_error&) {  // gone or damaged, as the inspector says; a name will do
    }
  return key.empty() ? fmt::format("#{}", slot) : std::string(key);
}

void Session::look_on() { finder_.look({store(), text_of(), scene_}, Clock::now() + kLooking); }

const std::vector<AttributeThere>& Session::attributes() {
  if (!attributes_) attributes_ = attributes_there(store(), as_of_);
  return *attributes_;
}

Facts Session::facts(PickId picked, size_t most_ties) {
  const std::function<std::string(Slot)> label = [this](Slot slot) { return label_of(slot); };
  return facts_of(
      picked, {view(), store(), text_of(), label, reader_.folder(), comparison()}, most_ties);
}

std::string Session::save_view(const std::string& name) {
  if (name.starts_with(kKeptPrefix))
    throw std::invalid_argument(
        fmt::format("view {}: names that begin with {} are those of kept places; choose another",
                    name,
                    kKeptPrefix));
  return graph::save_view(
      reader_, view(), name, saved_picture(state(), view(), positions()), graph::user_cache());
}

std::vector<std::string> Session::saved_views() const {
  std::vector<std::string> names = graph::saved_views(reader_, graph::user_cache());
  std::erase_if(names, [](const std::string& name) { return name.starts_with(kKeptPrefix); });
  return names;
}

graph::SavedView Session::saved_view(const std::string& name) const {
  if (auto saved = graph::load_view(reader_, view(), name, graph::user_cache())) return *saved;
  const std::vector<std::string> names = saved_views();
  throw std::invalid_argument(
      fmt::format("view {}: there is none of that name; {}",
                  name,
                  names.empty() ? std::string("none was saved of this store")
                                : fmt::format("there are: {}", fmt::join(names, ", "))));
}

Restore Session::view_named(const std::string& name) const {
  return {state_in(saved_view(name), name), name};
}

// Of the nodes that are shown by now.
Places Session::places_in(const graph::SavedView& saved) {
  Places places{.as_of = {.version = saved.version}};
  if (places.as_of.version == as_of_.version) places.as_of = as_of_;
  places.positions.resize(scene_.node_slots());
  place(saved, view(), places.positions);
  return places;
}

Told Session::query_of_picture() {
  return viz::query_of_picture(state(), marks_, {view(), store(), text_of()});
}

std::string Session::command_of_picture(const std::string& picture) {
  settle();
  const Surroundings around = surroundings();
  const std::function<Camera(Camera)> fitted = [&](Camera camera) {
    ViewState state = this->state();
    state.camera = camera;
    try {
      return applied(std::move(state), Fit{}, around).camera;
    } catch (const std::invalid_argument&) {  // a picture without room for it
      return camera;
    }
  };
  return viz::command_of_picture(state(),
                                 {name_,
                                  picture,
                                  viewport_,
                                  has_font_ ? text_.height : text_height(viewport_.height),
                                  store(),
                                  as_of_,
                                  layout_names().front(),
                                  fitted});
}

std::string Session::caption() const {
  const graph::AsOf as_of = point();
  // The caption of two stores names them both.
  const std::string point = comparison()
                                ? comparison()->caption()
                                : fmt::format("version {} of {}", as_of.version, told_head_);
  std::string text = fmt::format("{}{}   {} of {} nodes, {} of {} edges",
                                 two_stores() ? std::string() : name_ + "   ",
                                 point,
                                 marks_.nodes_shown,
                                 scene_.nodes_there(),
                                 marks_.edges_shown,
                                 scene_.edges_there());
  if (as_of.world) text += fmt::format("   at {}", graph::time_text(*as_of.world));
  if (!state().filter.empty()) text += fmt::format("   {}", state().filter);
  return text;
}

void Session::set_font(Font& font) {
  text_ = text_sizes(font);
  has_font_ = true;
}

std::optional<Box> Session::box_of(Slot node) {
  if (node >= marks_.nodes.size() || !(marks_.nodes[node] & kShown)) return std::nullopt;
  const auto at = project(state().camera, viewport_, placement_.positions().at(node));
  if (!at) return std::nullopt;
  const float r = radius() * looking_.looks().sizes[node] * at->pixels_a_unit;
  return Box{at->x - r, at->y - r, 2 * r, 2 * r};
}

std::optional<std::array<Point, 4>> Session::course_of(Slot edge) const {
  if (!cast_) return std::nullopt;
  const std::vector<Line>& lines = cast_->cast().lines;
  const auto line = std::find_if(
      lines.begin(), lines.end(), [&](const Line& one) { return one.id == pick_of_edge(edge); });
  if (line == lines.end()) return std::nullopt;
  RenderPlan plan;
  plan.viewport = viewport_;
  plan.camera = state().camera;
  plan.unit = text_.height / kTextHeight;
  return curve_of(plan, *line);
}

RenderPlan Session::plan(Font& font, bool still) {
  settle();
  if (!cast_) {
    cast_ = casting();
    cast_->step();
    next_.reset();
  }
  const TextSizes text = text_sizes(font);
  const std::function<std::string(Slot)> label = [this](Slot slot) { return label_of(slot); };
  const std::string words = caption();
  return build_plan(
      cast_->cast(),
      state().style,
      state().camera,
      viewport_,
      {text, label, looking_.looks().legend, words, static_cast<size_t>(state().labels)},
      still ? SIZE_MAX : kThreadsMoving);
}

}  // namespace saggio::viz
