// SPDX-License-Identifier: MIT
#include "results/statistics/factorial.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "results/statistics/reading.h"
#include "results/statistics/resampling.h"

namespace saggio::results {
namespace {

using Off = std::set<std::string>;
using Runs = std::map<uint64_t, const RunResult*>;  // by seed

// A run's share in a contrast: + where it stands for the component being on.
struct Term {
  const Runs* runs;
  int sign;
};
using Contrast = std::vector<Term>;

class Design {
 public:
  explicit Design(const StudyData& study) : study_(study) {
    for (const Arm& arm : study.arms) {
      if (!arm.off) continue;
      arms_.emplace(Off(arm.off->begin(), arm.off->end()), by_seed(arm));
      for (const std::string& component : *arm.off)
        if (std::find(components_.begin(), components_.end(), component) == components_.end())
          components_.push_back(component);
    }
  }

  std::vector<Effect> effects() const {
    std::vector<Effect> effects;
    for (const std::string& component : components_) effects.push_back(effect({component}));
    for (size_t i = 0; i < components_.size(); ++i)
      for (size_t j = i + 1; j < components_.size(); ++j)
        effects.push_back(effect({components_[i], components_[j]}));
    // No setting of the others leaves them free of each other: one needs the other.
    std::erase_if(effects, [](const Effect& each) { return each.contexts == 0; });
    correct(effects);
    return effects;
  }

 private:
  // The arms of one setting `off` of the others, or nothing if one of them is ruled out.
  Contrast contrast_at(const Off& off, const std::vector<std::string>& components) const {
    Contrast contrast;
    for (unsigned bits = 0; bits < 1U << components.size(); ++bits) {
      Off here = off;
      int sign = 1;
      for (size_t i = 0; i < components.size(); ++i)
        if ((bits >> i & 1) != 0) here.insert(components[i]), sign = -sign;
      const auto found = arms_.find(here);
      if (found == arms_.end()) return {};
      contrast.push_back({&found->second, sign});
    }
    return contrast;
  }

  Effect effect(std::vector<std::string> components) const {
    Effect effect{.components = std::move(components)};
    Contrast contrast;
    for (const auto& [off, runs] : arms_) {
      const bool all_on = std::none_of(
          effect.components.begin(), effect.components.end(), [&here = off](const auto& one) {
            return here.contains(one);
          });
      if (!all_on) continue;
      const Contrast here = contrast_at(off, effect.components);
      effect.contexts += here.empty() ? 0 : 1;
      contrast.insert(contrast.end(), here.begin(), here.end());
    }
    if (study_.mixed_code && !study_.allow_mixed_code)
      effect.refused = "runs of more than one build";
    else
      describe(effect, contrast);
    return effect;
  }

  void describe(Effect& effect, const Contrast& contrast) const {
    std::vector<double> finite, tested;
    for (const auto& [seed, run] : *contrast_front(contrast)) {
      const int diverged = effect.diverged;
      const std::optional<double> sum = at_seed(contrast, seed, effect);
      if (!sum) continue;
      tested.push_back(*sum / effect.contexts);
      if (effect.diverged == diverged) finite.push_back(tested.back());
    }
    effect.seeds = static_cast<int>(tested.size());
    if (!effect.refused.empty()) return;
    if (tested.empty()) {
      effect.refused = "no seed that all its arms ran";
      return;
    }
    if (!finite.empty()) effect.difference = mean(finite);
    if (finite.size() >= 2) effect.interval = t_interval(finite, 1 - study_.alpha);
    effect.p = effect.p_holm = sign_flip_p(tested);
  }

  static const Runs* contrast_front(const Contrast& contrast) {
    static const Runs kNone;
    return contrast.empty() ? &kNone : contrast.front().runs;
  }

  // The sum over the contrast's arms; infinite, on the bad side of those that diverged, if some
  // did; nothing if an arm did not run this seed.
  std::optional<double> at_seed(const Contrast& contrast, uint64_t seed, Effect& effect) const {
    double sum = 0;
    int lost = 0;  // diverged on the side that stands for on, less those on the other
    bool any = false;
    for (const auto& [runs, sign] : contrast) {
      const auto run = runs->find(seed);
      if (run == runs->end()) return std::nullopt;
      const Reading reading = read(*run->second, study_.metric.name);
      if (!ran(reading)) return std::nullopt;
      effect.run_ids.push_back(run->second->id);
      if (reading.state == State::kDiverged) {
        lost += sign, any = true;
        continue;
      }
      if (study_.metric.scale == Scale::kLogRatio && reading.value <= 0)
        effect.refused = "a log ratio needs positive values";
      sum += sign *
             (study_.metric.scale == Scale::kLogRatio ? std::log(reading.value) : reading.value);
    }
    if (!any) return sum;
    ++effect.diverged;
    if (lost == 0) return 0;
    const double bad = study_.metric.goal == Goal::kMin ? 1 : -1;
    return std::copysign(std::numeric_limits<double>::infinity(), bad * lost);
  }

  static void correct(std::vector<Effect>& effects) {
    std::vector<double> p_values;
    for (const Effect& effect : effects)
      if (effect.refused.empty()) p_values.push_back(effect.p);
    const std::vector<double> corrected = holm(p_values);
    size_t next = 0;
    for (Effect& effect : effects)
      if (effect.refused.empty()) effect.p_holm = corrected[next++];
  }

  const StudyData& study_;
  std::map<Off, Runs> arms_;
  std::vector<std::string> components_;
};

}  // namespace

std::vector<Effect> factorial_effects(const StudyData& study) {
  return study.factorial ? Design(study).effects() : std::vector<Effect>();
}

}  // namespace saggio::results
