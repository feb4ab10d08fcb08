// SPDX-License-Identifier: MIT
#include "viz/training/training.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace saggio::viz {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Numbers that JSON has no word for are texts there.
std::optional<double> number(const Json& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (value.is_number()) return value.get<double>();
  if (value == "nan") return std::nan("");
  if (value == "inf") return kInfinity;
  if (value == "-inf") return -kInfinity;
  return std::nullopt;
}

}  // namespace

Training::Training(const std::string& graph_folder) {
  std::error_code unknown;
  fs::path folder = fs::absolute(graph_folder, unknown).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  const fs::path run = folder.parent_path();
  if (folder.filename() != "graph" || !fs::exists(run / "spec.json", unknown)) return;
  events_.file = run / "events.jsonl";
  timing_.file = run / "timing.jsonl";
}

// Calls use(line) for whole lines of the file from where the last call ended; restarted() first if
// the file is shorter than that, since its run goes on from a checkpoint. True if it called any.
bool Training::read_lines(Tail& tail,
                          const std::function<void()>& restarted,
                          const std::function<void(std::string_view)>& use) {
  std::error_code absent;
  const uint64_t size = fs::file_size(tail.file, absent);
  if (absent) return false;
  const bool cut = size < tail.offset;
  if (cut) {
    tail.offset = 0;
    restarted();
  }
  if (size == tail.offset) return cut;
  std::ifstream in(tail.file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(tail.offset));
  std::string text(std::min(size - tail.offset, kBudgetBytes), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    use(std::string_view(text).substr(begin, end - begin));
  if (begin == 0 && text.size() == kBudgetBytes) {  // no line is so long
    use({});
    begin = text.size();
  }
  tail.offset += begin;
  return cut || begin > 0;
}

void Training::forget() {
  curves_.clear();
  last_step_ = 0;
  bad_lines_ = 0;
  first_seen_.reset();
  last_seen_.reset();
}

void Training::take_event(std::string_view line) {
  const Json event = Json::parse(line, nullptr, false);
  const auto field = [&](const char* name) {
    return event.is_object() && event.contains(name) ? event[name] : Json();
  };
  const Json name = field("name"), step = field("step");
  const auto value = number(field("value"));
  if (!name.is_string() || !step.is_number() || !value) {
    ++bad_lines_;
    return;
  }
  const auto called = name.get<std::string>();
  auto found = std::find_if(
      curves_.begin(), curves_.end(), [&](const Curve& curve) { return curve.name == called; });
  if (found == curves_.end()) found = curves_.insert(found, Curve{called, {}, {}});
  found->steps.push_back(step.get<double>());
  found->values.push_back(*value);
  last_step_ = std::max(last_step_, found->steps.back());
}

void Training::take_timing(std::string_view line) {
  const Json entry = Json::parse(line, nullptr, false);
  if (entry.is_object() && entry.contains("seconds") && entry["seconds"].is_number())
    seconds_ = entry["seconds"].get<double>();
}

bool Training::follow(double now) {
  if (!has_run()) return false;
  const double step_before = last_step_;
  bool news = read_lines(
      events_, [this] { forget(); }, [this](std::string_view line) { take_event(line); });
  news |= read_lines(
      timing_, [this] { seconds_.reset(); }, [this](std::string_view line) { take_timing(line); });
  std::error_code absent;
  const uint64_t size = fs::file_size(events_.file, absent);
  const bool behind = !absent && size > events_.offset + kBudgetBytes / 4;
  if (!behind && last_step_ != step_before) {  // while it catches up it sees the past, not a rate
    last_seen_ = {last_step_, now};
    if (!first_seen_) first_seen_ = last_seen_;
  }
  return news;
}

const Curve* Training::curve(std::string_view name) const {
  const auto found = std::find_if(
      curves_.begin(), curves_.end(), [&](const Curve& curve) { return curve.name == name; });
  return found == curves_.end() ? nullptr : &*found;
}

std::optional<double> Training::steps_a_second() const {
  if (seconds_ && *seconds_ > 0 && last_step_ > 0) return last_step_ / *seconds_;
  if (!first_seen_ || !(last_seen_->now > first_seen_->now)) return std::nullopt;
  return (last_seen_->step - first_seen_->step) / (last_seen_->now - first_seen_->now);
}

}  // namespace saggio::viz
