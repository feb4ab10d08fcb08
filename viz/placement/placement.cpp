// SPDX-License-Identifier: MIT
#include "viz/placement/placement.h"

#include <chrono>
#include <cmath>
#include <exception>
#include <utility>

#include "graph/interrupt.h"

namespace saggio::viz {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kOften{8};  // no picture needs positions more often

}  // namespace

Placement::Placement(Placing placing, MakeLayout make) : placing_(placing), work_(std::move(make)) {
  if (placing == Placing::Live)
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Placement::~Placement() { stop_.request_stop(); }

// Whether what is at work may take its time before this one.
bool Placement::goes_on(const LayoutOrder& order, const graph::AsOf& as_of) const {
  return as_of_ && key_ == opened_key_of(order) && as_of_->world == as_of.world &&
         as_of_->certain == as_of.certain && as_of_->version <= as_of.version;
}

void Placement::order(Order order) {
  slots_ = order.slots;
  // Something to see until the layout has begun.
  if (placing_ == Placing::Live) {
    if (order.kept.positions.size() > 0)
      shown_ = order.kept.positions;
    else if (shown_.size() == 0)
      shown_ = on_a_sphere(slots_, std::cbrt(static_cast<float>(slots_)));
  }
  shown_.resize(slots_);
  // One core is left to whoever shows the positions.
  if (placing_ == Placing::Live && order.layout.threads == 0)
    order.layout.threads = std::max(2U, std::thread::hardware_concurrency()) - 1;
  const graph::AsOf as_of = order.news ? order.news->as_of : order.layout.view.as_of();
  const bool on = goes_on(order.layout, as_of);
  std::stop_source before = stop_;
  if (!on) stop_ = std::stop_source();
  key_ = opened_key_of(order.layout);
  as_of_ = as_of;
  order.layout.stop = stop_.get_token();
  deliver({.order = std::move(order)});
  if (!on) before.request_stop();  // whoever is interrupted finds this order
}

void Placement::hold(std::vector<Pin> pins) { deliver({.pins = std::move(pins)}); }

void Placement::forget() {
  shown_ = {};
  slots_ = 0;
  as_of_.reset();
  {
    const std::lock_guard guard(mutex_);
    mail_ = {.forget = true};
    fresh_ = false;
  }
  stop_.request_stop();
}

void Placement::deliver(Mail mail) {
  const std::lock_guard guard(mutex_);
  if (mail.order) {
    // Nobody has seen what the order before was given.
    if (mail_.order && mail_.order->kept.positions.size() > 0)
      mail_.kept.insert_or_assign(opened_key_of(mail_.order->layout), std::move(mail_.order->kept));
    if (mail.order->kept.positions.size() > 0) fresh_ = false;  // these are shown
    mail_.order = std::move(mail.order);
  }
  if (mail.pins) mail_.pins = std::move(mail.pins);
  busy_ = true;
  bell_.notify_one();
}

bool Placement::advance() {
  const std::lock_guard guard(mutex_);
  if (!fresh_) return false;
  fresh_ = false;
  std::swap(shown_, published_);
  shown_.resize(slots_);
  return true;
}

std::optional<graph::View> Placement::take_view(uint64_t graph) {
  const std::lock_guard guard(mutex_);
  std::optional<graph::View> view = std::exchange(published_view_, std::nullopt);
  return published_graph_ == graph ? view : std::nullopt;
}

bool Placement::moving() const {
  const std::lock_guard guard(mutex_);
  return busy_ || fresh_;
}

std::string Placement::trouble() const {
  const std::lock_guard guard(mutex_);
  return trouble_;
}

bool Placement::settle() {
  if (placing_ == Placing::Live || !mail_.any()) return false;
  Mail mail = std::exchange(mail_, {});
  busy_ = false;
  if (mail.forget) work_.forget();
  for (auto& [key, places] : mail.kept) work_.keep(key, std::move(places));
  if (mail.order) work_.begin(std::move(*mail.order));
  if (mail.pins) work_.hold(*mail.pins);
  while (!work_.at_rest()) work_.step();
  work_.write(shown_);
  return true;
}

void Placement::publish() {
  work_.write(aside_);
  const std::lock_guard guard(mutex_);
  const bool others = mail_.order && opened_key_of(mail_.order->layout) != work_.key();
  if (mail_.forget || others) return;
  std::swap(aside_, published_);
  published_view_ = work_.view();
  published_graph_ = work_.graph();
  fresh_ = true;
}

void Placement::work(const std::stop_token& stop) {
  Clock::time_point published{};
  while (true) {
    Mail mail;
    {
      std::unique_lock lock(mutex_);
      busy_ = !work_.at_rest() || mail_.any();
      if (!bell_.wait(lock, stop, [this] { return busy_; })) return;
      if (stop.stop_requested()) return;
      mail = std::exchange(mail_, {});
      if (mail.order) trouble_.clear();
    }
    const bool told = mail.any();
    try {
      if (mail.forget) work_.forget();
      if (mail.forget && !mail.order) continue;  // it is about to come
      for (auto& [key, places] : mail.kept) work_.keep(key, std::move(places));
      if (mail.order) work_.begin(std::move(*mail.order));
      if (mail.pins) work_.hold(*mail.pins);
      if (!told) work_.step();
      if (!told && !work_.at_rest() && Clock::now() - published < kOften) continue;
      publish();
      published = Clock::now();
    } catch (const graph::Interrupted&) {  // for the mail that came, or the end
    } catch (const std::exception& error) {
      const std::lock_guard guard(mutex_);
      trouble_ = error.what();
    }
  }
}

}  // namespace saggio::viz
