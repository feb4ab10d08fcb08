// SPDX-License-Identifier: MIT
#include "results/statistics/resampling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace saggio::results {
namespace {

// All 2^n signed sums of the magnitudes, ascending.
std::vector<double> signed_sums(std::span<const double> magnitudes) {
  std::vector<double> sums = {0}, lower, upper, merged;
  for (const double magnitude : magnitudes) {
    lower = upper = sums;
    for (double& sum : lower) sum -= magnitude;
    for (double& sum : upper) sum += magnitude;
    merged.clear();
    std::merge(lower.begin(), lower.end(), upper.begin(), upper.end(), std::back_inserter(merged));
    sums.swap(merged);
  }
  return sums;
}

// How many of the sums a + b reach the threshold; both ascending.
int64_t count_reaching(std::span<const double> a, std::span<const double> b, double threshold) {
  int64_t count = 0;
  size_t reaching = 0;  // how many of b, from its end, do so with a's current value
  for (const double value : a) {
    while (reaching < b.size() && value + b[b.size() - 1 - reaching] >= threshold) ++reaching;
    count += static_cast<int64_t>(reaching);
  }
  return count;
}

// The sum that a sign pattern must reach, less what rounding may have taken from two sums of n
// terms.
double threshold_of(std::span<const double> tested) {
  double sum = 0, magnitudes = 0;
  for (const double difference : tested) sum += difference, magnitudes += std::abs(difference);
  const auto n = static_cast<double>(tested.size());
  return std::abs(sum) - 2 * n * std::numeric_limits<double>::epsilon() * magnitudes;
}

// Two halves of n/2 signs each are sorted and met in the middle: 2^(n/2) steps instead of 2^n.
double exact_p(std::span<const double> tested) {
  const double threshold = threshold_of(tested);
  if (threshold <= 0) return 1;
  std::vector<double> magnitudes;
  for (const double difference : tested) magnitudes.push_back(std::abs(difference));
  const std::span<const double> all(magnitudes);
  const auto first = signed_sums(all.first(all.size() / 2)),
             second = signed_sums(all.subspan(all.size() / 2));
  // By symmetry as many patterns lie beyond on the other side.
  const auto reached = static_cast<double>(2 * count_reaching(first, second, threshold));
  return std::ldexp(reached, -static_cast<int>(tested.size()));
}

void require_items(ItemsBySeed items) {
  if (items.empty()) throw std::invalid_argument("0 seeds, needs 1 or more");
  for (size_t seed = 0; seed < items.size(); ++seed) {
    if (items[seed].empty())
      throw std::invalid_argument(fmt::format("seed {} has 0 items, needs 1 or more", seed));
    for (const double value : items[seed])
      if (!std::isfinite(value))
        throw std::invalid_argument(
            fmt::format("seed {} has an item {}, must be finite", seed, value));
  }
}

}  // namespace

std::vector<double> tested_differences(std::span<const double> differences) {
  if (differences.empty()) throw std::invalid_argument("0 differences, needs 1 or more");
  double largest = 0;
  bool any_finite = false;
  for (const double difference : differences) {
    if (std::isnan(difference))
      throw std::invalid_argument("a difference is not a number; +-infinity stands for divergence");
    if (!std::isfinite(difference)) continue;
    any_finite = true;
    largest = std::max(largest, std::abs(difference));
  }
  // Among pairs without any difference a divergence still is one.
  if (!any_finite || largest == 0) largest = 1;
  std::vector<double> tested(differences.begin(), differences.end());
  for (double& difference : tested)
    if (std::isinf(difference)) difference = std::copysign(largest, difference);
  return tested;
}

double sign_flip_p(std::span<const double> differences, Stream stream) {
  const std::vector<double> tested = tested_differences(differences);
  if (tested.size() <= kExactPairs) return exact_p(tested);
  return sign_flip_p(tested, draw_signs(tested.size(), kPermutations, stream));
}

std::vector<int8_t> draw_signs(size_t n, size_t draws, Stream stream) {
  std::vector<int8_t> signs(n * draws);
  for (size_t i = 0; i < signs.size();) {
    uint32_t bits = stream.next();
    for (const size_t end = std::min(i + 32, signs.size()); i < end; ++i, bits >>= 1)
      signs[i] = (bits & 1) != 0 ? 1 : -1;
  }
  return signs;
}

double sign_flip_p(std::span<const double> differences, std::span<const int8_t> signs) {
  const std::vector<double> tested = tested_differences(differences);
  if (signs.size() % tested.size() != 0)
    throw std::invalid_argument(
        fmt::format("{} signs for {} pairs, must be whole rows", signs.size(), tested.size()));
  const double threshold = threshold_of(tested);
  int64_t hits = 0;
  for (size_t row = 0; row < signs.size(); row += tested.size()) {
    double sum = 0;
    for (size_t i = 0; i < tested.size(); ++i) sum += tested[i] * signs[row + i];
    if (std::abs(sum) >= threshold) ++hits;
  }
  const size_t draws = signs.size() / tested.size();
  return static_cast<double>(1 + hits) / static_cast<double>(1 + draws);
}

double smallest_sign_flip_p(int n) {
  if (!(n >= 1)) throw std::invalid_argument(fmt::format("n = {}, needs 1 or more", n));
  return n <= kExactPairs ? std::ldexp(1., 1 - n) : 1. / (1 + kPermutations);
}

NestedDraw draw_nested(ItemsBySeed items, Stream& stream) {
  require_items(items);
  NestedDraw draw;
  for (size_t i = 0; i < items.size(); ++i) {
    const auto seed = static_cast<uint32_t>(stream.below(items.size()));
    draw.seeds.push_back(seed);
    std::vector<uint32_t> chosen(items[seed].size());
    for (uint32_t& item : chosen) item = static_cast<uint32_t>(stream.below(items[seed].size()));
    draw.items.push_back(std::move(chosen));
  }
  return draw;
}

double nested_mean(ItemsBySeed items, const NestedDraw& draw) {
  if (draw.seeds.empty() || draw.seeds.size() != draw.items.size())
    throw std::invalid_argument(
        fmt::format("{} drawn seeds with items for {}", draw.seeds.size(), draw.items.size()));
  double sum = 0;
  for (size_t i = 0; i < draw.seeds.size(); ++i) {
    const std::vector<double>& values = items[draw.seeds[i]];
    double inner = 0;
    for (const uint32_t item : draw.items[i]) inner += values[item];
    sum += inner / static_cast<double>(draw.items[i].size());
  }
  return sum / static_cast<double>(draw.seeds.size());
}

Interval nested_bootstrap(ItemsBySeed items, double level, Stream stream, int draws) {
  if (!(draws >= 1)) throw std::invalid_argument(fmt::format("draws = {}, needs 1 or more", draws));
  std::vector<double> means(static_cast<size_t>(draws));
  for (double& drawn : means) drawn = nested_mean(items, draw_nested(items, stream));
  return percentile_interval(std::move(means), level);
}

double quantile(std::vector<double> values, double probability) {
  if (values.empty()) throw std::invalid_argument("0 values, needs 1 or more");
  if (!(probability >= 0 && probability <= 1))
    throw std::invalid_argument(fmt::format("probability = {}, allowed 0 to 1", probability));
  std::sort(values.begin(), values.end());
  const double position = probability * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, values.size() - 1);
  const double share = position - std::floor(position);
  // Between a number and infinity lies infinity; on the number itself, the number.
  if (share == 0 || values[below] == values[above]) return values[below];
  if (std::isinf(values[below])) return values[below];
  if (std::isinf(values[above])) return values[above];
  return std::lerp(values[below], values[above], share);
}

Interval percentile_interval(std::vector<double> values, double level) {
  if (!(level > 0 && level < 1))
    throw std::invalid_argument(fmt::format("level = {}, allowed between 0 and 1", level));
  std::sort(values.begin(), values.end());
  return {quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)};
}

}  // namespace saggio::results
