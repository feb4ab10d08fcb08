// SPDX-License-Identifier: MIT
#include "experiments/harness/tuning.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/harness/arms.h"

namespace saggio::harness {
namespace {

constexpr int kExtensions = 3;  // how often a grid may grow at either end

struct Contender {
  std::string arm;
  Values config;  // without the values to be tuned
};

// Radical inverse: the k-th point of the Halton sequence in this base, in (0, 1).
double halton(size_t index, int base) {
  double fraction = 1, point = 0;
  for (size_t i = index + 1; i > 0; i /= static_cast<size_t>(base)) {
    fraction /= base;
    point += fraction * static_cast<double>(i % static_cast<size_t>(base));
  }
  return point;
}

// The value at a share of the axis: 0 is low, 1 is high; beyond them the grid is extended.
double at_share(const Axis& axis, double share) {
  if (axis.logarithmic) return axis.low * std::pow(axis.high / axis.low, share);
  return axis.low + (axis.high - axis.low) * share;
}

const FieldSpec& field_of(const std::string& key, const Schema& schema) {
  return *std::find_if(
      schema.begin(), schema.end(), [&](const FieldSpec& field) { return field.key == key; });
}

// As the field's type, at three significant digits: a rate of 0.00215 is one that a person can type
// again.
Value tidy(const FieldSpec& field, double number) {
  if (field.type == FieldSpec::Type::kInteger) return static_cast<int64_t>(std::llround(number));
  return std::stod(fmt::format("{:.3g}", number));
}

std::vector<Contender> contenders_of(const Component& component,
                                     const Values& base,
                                     const ModuleInfo& module,
                                     const Sources& sources) {
  std::vector<Contender> contenders = {{"full", base}};
  const auto add = [&](const std::string& arm, const Values& overrides) {
    Values config = with_overrides(base, overrides);
    if (!component.match.empty())
      config = matched(config, base, component.match, module, sources, component.where);
    contenders.push_back({arm, std::move(config)});
  };
  if (!component.off.empty()) add("minus_" + component.name, component.off);
  for (const auto& [name, values] : component.alternatives) add(name, values);
  return contenders;
}

class Search {
 public:
  Search(const Component& component,
         const Values& base,
         results::Goal goal,
         const ModuleInfo& module,
         const Sources& sources,
         const AddTrial& add_trial)
      : component_(component),
        tune_(*component.tune),
        goal_(goal),
        schema_(module.schema),
        sources_(sources),
        add_trial_(add_trial),
        contenders_(contenders_of(component, base, module, sources)) {
    result_.component = component.name;
    result_.metric = tune_.metric;
  }

  Tuning run() {
    make_points();
    for (int extension = 0;; ++extension) {
      try_all();
      if (!all_recorded()) return std::move(result_);
      if (!grown(extension)) break;
    }
    choose();
    return std::move(result_);
  }

 private:
  bool is_grid() const { return tune_.space.size() == 1 && tune_.space.front().values.empty(); }

  void make_points() {
    const Axis& axis = tune_.space.front();
    if (tune_.space.size() == 1 && !axis.values.empty()) {
      for (const Value& value : axis.values) points_.push_back({{axis.key, value}});
      return;
    }
    for (int64_t i = 0; i < tune_.trials; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(tune_.trials - 1);
      points_.push_back(is_grid() ? grid_point(share) : halton_point(static_cast<size_t>(i)));
    }
  }

  Values grid_point(double share) const {
    const Axis& axis = tune_.space.front();
    return {{axis.key, tidy(field_of(axis.key, schema_), at_share(axis, share))}};
  }

  Values halton_point(size_t index) const {
    constexpr int kPrimes[] = {2, 3, 5, 7, 11, 13, 17, 19};
    Values point;
    for (size_t i = 0; i < tune_.space.size(); ++i) {
      const Axis& axis = tune_.space[i];
      const double share = halton(index, kPrimes[i % std::size(kPrimes)]);
      if (axis.values.empty())
        point[axis.key] = tidy(field_of(axis.key, schema_), at_share(axis, share));
      else
        point[axis.key] =
            axis.values[static_cast<size_t>(share * static_cast<double>(axis.values.size()))];
    }
    return point;
  }

  void try_all() {
    result_.trials.clear();
    for (const Contender& contender : contenders_) {
      for (const Values& point : points_) {
        Tuning::Trial trial{.contender = contender.arm, .values = point};
        for (int64_t i = 0; i < tune_.seeds; ++i)
          trial.run_ids.push_back(
              add_trial_(with_overrides(contender.config, point),
                         kFirstTuningSeed + static_cast<uint64_t>(i),
                         fmt::format("tune {} {}", contender.arm, described(point))));
        trial.mean = mean_of(trial.run_ids);
        result_.trials.push_back(std::move(trial));
      }
    }
  }

  static std::string described(const Values& point) {
    std::string text;
    for (const auto& [key, value] : point)
      text += (text.empty() ? "" : ",") + key + "=" + harness::text(value);
    return text;
  }

  // The mean as a loss: lower is better; infinite if a run did not finish well; nullopt if one is
  // missing.
  std::optional<double> mean_of(const std::vector<std::string>& ids) const {
    double sum = 0;
    for (const std::string& id : ids) {
      const results::Record* record = sources_.record(id);
      if (record == nullptr) return std::nullopt;
      const auto metric = record->metrics.find(tune_.metric);
      const bool good = record->outcome == results::Outcome::kFinished &&
                        metric != record->metrics.end() && std::isfinite(metric->second);
      sum += good ? (goal_ == results::Goal::kMin ? metric->second : -metric->second)
                  : std::numeric_limits<double>::infinity();
    }
    return sum / static_cast<double>(ids.size());
  }

  bool all_recorded() const {
    return std::all_of(result_.trials.begin(), result_.trials.end(), [](const auto& trial) {
      return trial.mean.has_value();
    });
  }

  size_t best_point(const std::string& contender) const {
    size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (size_t i = 0, at = 0; i < result_.trials.size(); ++i) {
      if (result_.trials[i].contender != contender) continue;
      if (*result_.trials[i].mean < least) least = *result_.trials[i].mean, best = at;
      ++at;
    }
    return best;
  }

  // Adds a point beyond every edge on which a contender has its best value; false if there is none,
  // or no room.
  bool grown(int extension) {
    bool low = false, high = false;
    for (const Contender& contender : contenders_) {
      low |= best_point(contender.arm) == 0;
      high |= best_point(contender.arm) == points_.size() - 1;
    }
    if (!low && !high) return false;
    if (!is_grid() || extension == kExtensions) return note_edge(), false;
    const double step = 1 / static_cast<double>(tune_.trials - 1);
    bool added = false;
    if (low) added |= add_point(-step * ++below_, true);
    if (high) added |= add_point(1 + step * ++above_, false);
    if (!added) note_edge();
    return added;
  }

  bool add_point(double share, bool front) {
    const Axis& axis = tune_.space.front();
    const Values point = grid_point(share);
    const Value& value = point.at(axis.key);
    const double number = std::holds_alternative<int64_t>(value)
                              ? static_cast<double>(std::get<int64_t>(value))
                              : std::get<double>(value);
    if (!field_of(axis.key, schema_).range.holds(number)) return false;
    points_.insert(front ? points_.begin() : points_.end(), point);
    added_.push_back(text(value));
    return true;
  }

  void note_edge() {
    if (tune_.space.size() > 1) return;  // Halton points have no edge
    for (const Contender& contender : contenders_) {
      const size_t best = best_point(contender.arm);
      if (best == 0 || best == points_.size() - 1) on_edge_.push_back(contender.arm);
    }
  }

  void choose() {
    for (const Contender& contender : contenders_)
      result_.chosen[contender.arm] = points_[best_point(contender.arm)];
    result_.note = fmt::format("{} is tuned on {}: {} trials x {} seeds for each contender",
                               component_.name,
                               tune_.metric,
                               points_.size(),
                               tune_.seeds);
    const std::string& key = tune_.space.front().key;
    if (!added_.empty())
      result_.note += fmt::format("; the best lay on the grid's edge, so {} = {} was tried too",
                                  key,
                                  fmt::join(added_, ", "));
    if (!on_edge_.empty())
      result_.note += fmt::format("; the best of {} still lies on the edge: give {} a wider space",
                                  fmt::join(on_edge_, ", "),
                                  key);
  }

  const Component& component_;
  const Tune& tune_;
  results::Goal goal_;
  const Schema& schema_;
  const Sources& sources_;
  const AddTrial& add_trial_;
  std::vector<Contender> contenders_;
  std::vector<Values> points_;
  std::vector<std::string> added_, on_edge_;  // values beyond the first grid; contenders
  int below_ = 0, above_ = 0;
  Tuning result_;
};

}  // namespace

Tuning tune(const Component& component,
            const Values& base,
            results::Goal goal,
            const ModuleInfo& module,
            const Sources& sources,
            const AddTrial& add_trial) {
  return Search(component, base, goal, module, sources, add_trial).run();
}

}  // namespace saggio::harness
