// SPDX-License-Identifier: MIT
#pragma once

#include "viz/ui/actor.h"
#include "viz/ui/arrangement.h"
#include "viz/ui/compare_panel.h"
#include "viz/ui/context.h"
#include "viz/ui/inspector.h"
#include "viz/ui/look_panel.h"
#include "viz/ui/opened.h"
#include "viz/ui/pointer.h"
#include "viz/ui/start_page.h"
#include "viz/ui/table_panel.h"
#include "viz/ui/time_bar.h"
#include "viz/ui/top_bar.h"
#include "viz/ui/training_panel.h"
#include "viz/ui/views_panel.h"
#include "viz/ui/widgets.h"

namespace saggio::viz::ui {

// All panels around a picture, and the hand that works them. It knows the session and Dear ImGui,
// but neither a window nor how pictures are drawn: its owner fills ImGuiIO, calls frame() once for
// each state of it, and draws the picture of the session at `picture()` and drawing() over all.
class Desk {
 public:
  // `recent`: graphs to compare with; may be empty.
  explicit Desk(float scale, Offers recent = {}) : context_(scale), compare_(std::move(recent)) {}

  // `seen`: grows when another picture is drawn; `pick`: what lies at a pixel of it.
  void frame(Actor& actor, uint64_t seen, const Pick& pick);

  // Instead, of a window that shows nothing yet; what was chosen.
  std::optional<size_t> start_frame(StartPage& page,
                                    const std::vector<Offer>& offers,
                                    const std::string& note);

  // Instead, while something is opened: what, and how far that is.
  void waiting_frame(const std::string& name, const std::string& how_far);

  Box picture() const { return picture_; }
  PanelDrawing drawing() const { return context_.drawing(); }
  Context& context() { return context_; }
  const Widgets& widgets() const { return widgets_; }
  Opened& opened() { return opened_; }
  // Something moves by itself, and the next frame will be another one.
  bool moves() const { return time_.plays() || top_.looks(); }

 private:
  void follow_hand(const Actor& actor);
  void side(Panel& panel, const Box& where);
  void bottom(Panel& panel, const Box& where);
  void above_picture(Panel& panel);
  void mark_inspected(Session& session);
  void tell_under(Panel& panel);

  Context context_;
  Widgets widgets_;
  Opened opened_;
  Pointer pointer_;
  TopBar top_;
  Inspector inspector_;
  LookPanel look_;
  TablePanel table_;
  ComparePanel compare_;
  ViewsPanel views_;
  TrainingPanel training_;
  TimeBar time_;
  Box picture_;
  std::vector<graph::NodeId> selection_;  // that was seen last
  uint64_t held_ = 0;                     // gesture of the key that is held
};

}  // namespace saggio::viz::ui
