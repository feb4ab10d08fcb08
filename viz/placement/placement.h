// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "viz/placement/arrangement.h"

// Where the nodes lie, found beside whoever shows them. It is told what to lay out, and has the
// newest positions at any time:
//
//   placement.order({...});                       // returns at once
//   if (placement.advance()) show(placement.positions());
//
// Live, a thread of its own steps the layout and publishes what came of it; nothing here waits for
// that thread but the destructor. Who closes it, forgets, or orders another layout or an earlier
// point interrupts the step that has begun; a later version of the same graph lets it end, so that
// a layout gets on however fast versions come. AtRest, there is no thread: settle() lays out until
// nothing moves, and the positions are the same every time.
namespace saggio::viz {

enum class Placing { AtRest, Live };

class Placement {
 public:
  explicit Placement(Placing placing, MakeLayout make = standard_layout);
  ~Placement();
  Placement(const Placement&) = delete;
  Placement& operator=(const Placement&) = delete;

  // The last one counts; positions stay as they are until there are others.
  void order(Order order);
  void hold(std::vector<Pin> pins);
  // Slots belong to other nodes from now on: nothing is known any more.
  void forget();

  // Takes the newest positions there are; true if they are others. Without a thread: nothing.
  bool advance();
  // Without a thread: does what was asked for until nothing moves; true if positions are others.
  // Throws what the layout throws. With one: nothing, since advance() alone takes positions, so
  // that what follows from them, such as a camera that keeps all in sight, follows from all.
  bool settle();
  // The View that the thread made for the newest positions, once, if it is of this graph.
  std::optional<graph::View> take_view(uint64_t graph);
  const Positions& positions() const { return shown_; }  // of so many slots as were ordered
  // Whether others may come by themselves.
  bool moving() const;
  // Why the last order was not done; empty: it was, or is being done.
  std::string trouble() const;

 private:
  struct Mail {
    std::optional<Order> order;
    std::map<std::string, Places> kept;  // that orders before it were given, by opened_key_of
    std::optional<std::vector<Pin>> pins;
    bool forget = false;
    bool any() const { return order || pins || forget; }
  };
  void deliver(Mail mail);
  bool goes_on(const LayoutOrder& order, const graph::AsOf& as_of) const;
  void work(const std::stop_token& stop);
  void publish();

  Placing placing_;
  Positions shown_;
  size_t slots_ = 0;
  std::string key_;                   // of the last order
  std::optional<graph::AsOf> as_of_;  // and its point; nullopt: there was none
  std::stop_source stop_;             // of what is at work and what was ordered

  mutable std::mutex mutex_;  // of all below, but for work_ and aside_; held for moments
  std::condition_variable_any bell_;
  Mail mail_;
  bool busy_ = false;   // the thread has something to do
  bool fresh_ = false;  // published_ was not taken yet
  Positions published_;
  std::optional<graph::View> published_view_;
  uint64_t published_graph_ = 0;
  std::string trouble_;

  Arrangement work_;  // these two are the thread's, where there is one
  Positions aside_;
  std::jthread thread_;  // the last member: it ends first
};

}  // namespace saggio::viz
