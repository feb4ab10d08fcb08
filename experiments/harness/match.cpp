// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "experiments/harness/arms.h"

namespace saggio::harness {

Values matched(const Values& config,
               const Values& reference,
               const std::string& count,
               const ModuleInfo& module,
               const Sources& sources,
               const std::string& where) {
  const auto counted = [&](const Values& values) {
    const auto counts = sources.count(module.name, values);
    const auto found = counts.find(count);
    if (found != counts.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& [name, value] : counts) known.push_back(name);
    throw std::invalid_argument(
        fmt::format("{}: match = \"{}\", but module '{}' counts no such thing{}",
                    where,
                    count,
                    module.name,
                    did_you_mean(count, known)));
  };
  const auto field = std::find_if(module.schema.begin(),
                                  module.schema.end(),
                                  [&](const FieldSpec& one) { return one.key == module.match_by; });
  const double target = counted(reference);
  Values result = config;
  const auto count_at = [&](int64_t width) {
    result[module.match_by] = width;
    return counted(result);
  };
  // Counts grow with the width: bisect for the first that reaches the target, then take it or the
  // one below.
  auto low = static_cast<int64_t>(std::max(field->range.low, 1.)),
       high = static_cast<int64_t>(std::min(field->range.high, 1e6));
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (count_at(middle) < target)
      low = middle + 1;
    else
      high = middle;
  }
  const double above = count_at(low);
  const bool has_below = field->range.holds(static_cast<double>(low - 1)) && low > 1;
  const double below = has_below ? count_at(low - 1) : above;
  const int64_t best =
      has_below && std::abs(below - target) < std::abs(above - target) ? low - 1 : low;
  const double reached = count_at(best);
  if (!(std::abs(reached - target) <= .01 * target))
    throw std::invalid_argument(
        fmt::format("{}: no {} gives {:.0f} {} within 1 %; the nearest, {}, gives {:.0f}",
                    where,
                    module.match_by,
                    target,
                    count,
                    best,
                    reached));
  return result;
}

}  // namespace saggio::harness
