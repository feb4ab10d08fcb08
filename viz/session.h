// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "graph/store/store.h"
#include "graph/view/view.h"
#include "viz/asking.h"
#include "viz/background.h"
#include "viz/compare/comparing.h"
#include "viz/facts.h"
#include "viz/find/finder.h"
#include "viz/placement/kept.h"
#include "viz/placement/placement.h"
#include "viz/plan/build_plan.h"
#include "viz/plan/curve.h"
#include "viz/plan/overlay.h"
#include "viz/state/view_history.h"
#include "viz/telling.h"
#include "viz/time/timeline.h"
#include "viz/training/training.h"

// A person looking at a store: what was read of it, where its nodes lie, what the person chose, and
// the plan of the picture that follows from these. A window feeds it commands and draws its plans;
// so does `--render`, and so do tests. It never writes into the store and takes no lock.
namespace saggio::viz {

class Session {
 public:
  // A window lays out Live; a file that is to be the same every time, AtRest. Throws what
  // Reader::open and `watch` throw, and std::invalid_argument for a store without a version.
  Session(const std::string& folder,
          const Viewport& viewport,
          Placing placing = Placing::AtRest,
          MakeLayout make = standard_layout,
          const Watch& watch = {});

  // Throws what ViewHistory::perform throws, std::invalid_argument for a query that cannot be
  // answered, and what view_named throws; then nothing has changed.
  bool perform(const Command& command);
  struct Followed {
    bool any = false;      // there is something to say
    bool picture = false;  // and the picture is another one
    explicit operator bool() const { return any; }
  };
  // Takes in what the store committed and its run logged since. Of much, it takes a piece: it reads no
  // longer than it took the last time to show what was read, and leaves the rest to the next calls.
  // Live, another thread reads one version of very much, and a store that was begun again, while the
  // picture stays. O(what came), unless the state asks for more than all that is there (shows_all()).
  Followed follow();
  // Bytes of the store's log that follow() left; 0: it has read all that was there.
  uint64_t behind() const { return behind_; }
  // Takes the newest positions; true if the picture changed. A camera that was fitted, and at most
  // turned since, keeps all of the newest version in sight. To be called once a frame: Live, it goes
  // on for some milliseconds with the cast of a large graph, whose picture is the one before until
  // that is done.
  bool advance();
  bool moving() const { return placement_.moving() || next_; }
  // Writes where nodes are, if that changed, so that the store looks the same when it is opened
  // again. Throws graph::FileError if there is no place for it.
  void keep_places();

  const std::string& name() const { return name_; }  // the store's folder
  const ViewState& state() const { return history_.state(); }
  bool can_undo() const { return history_.can_undo(); }
  bool can_redo() const { return history_.can_redo(); }
  const Scene& scene() const { return scene_; }
  const Marks& marks() const { return marks_; }
  const Positions& positions();
  // What a person should know about the picture.
  std::vector<std::string> notes() const;
  // O(1), or O(N + M) if it was not asked for since the store grew.
  const graph::View& view() const;
  // The graph that is shown: the store's history, or, while two are compared, their union.
  const graph::History& store() const {
    return comparison() ? comparison()->history() : reader_.history();
  }
  const Comparison* comparison() const { return comparing_.get(); }  // nullptr: there is none
  // The point of the store that is looked at, and its newest version, whatever it is compared with.
  graph::AsOf point() const { return point_of(state(), reader_.history()); }
  graph::Version head() const { return reader_.history().head(); }
  // How many versions came since the picture stays at one; 0 while it follows the newest.
  graph::Version came_since() const { return stays_since_ ? head() - *stays_since_ : 0; }
  const Timeline& timeline() const { return timeline_; }
  const Training& training() const { return training_; }
  // The node that a person calls so, as of what is shown. Throws std::invalid_argument.
  graph::NodeId node_named(const std::string& name) const;

  // What was done so far is where undo ends: a person did not choose it in this window.
  void forget_past() { history_ = ViewHistory(state()); }

  // Of the next plans; a camera stays unless it was fitted, which keeps all in sight.
  void resize(const Viewport& viewport);
  const Viewport& viewport() const { return viewport_; }
  // `still`: nothing moves, so that all is drawn; else of many edges a sample. While only the camera
  // moves, what a plan is made of is kept.
  RenderPlan plan(Font& font, bool still = true);
  // Where things are in the picture, pixels: a box around a node; what an edge follows. nullopt: not
  // drawn, or an edge of a crowd.
  std::optional<Box> box_of(Slot node);
  std::optional<std::array<Point, 4>> course_of(Slot edge) const;
  // Makes room for the legend in what a fit leaves free; of the font that plans are drawn with.
  void set_font(Font& font);  // borrowed
  std::string caption() const;
  std::string label_of(Slot node);
  // Looks, from now on, for the nodes that match what was typed: viz/find/finder.h. Throws
  // std::invalid_argument.
  void find(std::string_view typed, size_t most) { finder_.ask(typed, most); }
  // Goes on looking for some milliseconds, if not all was looked at; while nothing was typed, reads
  // ahead. To be called once a frame while someone waits for it. Throws what Reader::text throws.
  void look_on();
  bool looking() const { return !finder_.done(); }
  const Found& found() const { return finder_.found(); }
  // What the nodes of what is shown can be asked for: viz/asking.h. O(N) after another version.
  const std::vector<AttributeThere>& attributes();
  // All that is known of what was picked: viz/facts.h. Throws what facts_of() throws.
  Facts facts(PickId picked, size_t most_ties = kMostTies);
  // Keeps this picture under a name, with all that was chosen and the places of its nodes: in the
  // store's folder, or in the user's cache where that cannot be written. Returns the file. Throws
  // what graph::save_view throws.
  std::string save_view(const std::string& name);
  std::vector<std::string> saved_views() const;  // names, sorted
  // What shows one again when it is performed. Throws std::invalid_argument if there is none of that
  // name or it holds no picture, graph::Damage.
  Restore view_named(const std::string& name) const;
  // What selects and what draws this picture: viz/telling.h.
  Told query_of_picture();
  std::string command_of_picture(const std::string& picture = "picture.png");

 private:
  Surroundings surroundings();
  bool change(const Command& command);
  graph::SavedView saved_view(const std::string& name) const;
  Places places_in(const graph::SavedView& saved);
  void refresh();
  bool follow_picture(const graph::AsOf& as_of);
  bool reads_elsewhere();
  Followed take_read();
  void forget_store();
  void order_layout();
  LayoutOrder layout_order(const graph::View& view) const;
  void recast();
  std::unique_ptr<Casting> casting();
  void placed();
  void fit_again();
  void settle();
  float radius();
  graph::TextOf text_of();
  NameOf name_of() const;
  void look();
  void start_scene();
  bool two_stores() const { return comparison() && !state().compare->with.empty(); }

  struct Read {  // of a store
    graph::Reader reader;
    Timeline timeline;
    Scene scene;
    graph::View view;
  };
  static Read read(const std::string& folder, const Watch& watch);

  graph::Reader reader_;
  std::unique_ptr<Background<Read>> reading_;
  std::string name_;
  Viewport viewport_;
  Timeline timeline_;
  Training training_;
  Comparing comparing_;
  Scene scene_;
  Finder finder_;
  ViewHistory history_;
  graph::AsOf as_of_;                                      // what is shown
  mutable std::optional<graph::View> view_;                // of it, or of an earlier version
  uint64_t graph_ = 0;                                     // the number of Views that were built
  std::optional<std::vector<AttributeThere>> attributes_;  // nullopt: nobody asked
  Placing placing_;
  Placement placement_;
  uint64_t opened_ = 0;          // saved views
  std::string opening_;          // the one whose places are to be taken; empty: none
  std::optional<float> radius_;  // of nodes; nullopt: to be measured
  bool fitted_ = false;          // the camera stands where a fit put it
  bool placed_ = false;          // positions came that were not kept yet
  KeptPlaces kept_;
  uint64_t behind_ = 0;
  std::chrono::steady_clock::duration showing_{};  // what it took to show the last piece
  std::string follow_trouble_;                     // why the store cannot be followed any more
  bool begun_again_ = false;
  std::optional<graph::Version> stays_since_;  // the newest when the picture ceased to follow
  graph::Version told_head_ = 0;               // the newest when the caption was last another one
  std::string asked_for_;                      // a version that is not there, in a sentence
  Marks marks_;
  Looking looking_;
  std::unique_ptr<Casting> cast_;  // of these; null when all of it is another one
  std::unique_ptr<Casting> next_;  // which takes its place when it is done
  TextSizes text_;
  bool has_font_ = false;           // text_ is of one
  std::optional<ViewState> shown_;  // what marks_ and looks_ are of
};

}  // namespace saggio::viz
