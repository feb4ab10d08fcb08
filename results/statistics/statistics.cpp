// SPDX-License-Identifier: MIT
#include "results/statistics/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace saggio::results {
namespace {

namespace bm = boost::math;
using InDouble = bm::policies::policy<
    bm::policies::promote_double<false>>;  // three times as fast as in long double

void require_values(std::span<const double> values, size_t least) {
  if (values.size() < least)
    throw std::invalid_argument(fmt::format("{} values, needs {} or more", values.size(), least));
  for (size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      throw std::invalid_argument(fmt::format("value {} is {}, must be finite", i, values[i]));
}

void require_probability(double value, const char* what) {
  if (!(value > 0 && value < 1))
    throw std::invalid_argument(fmt::format("{} = {}, allowed between 0 and 1", what, value));
}

void require_pairs(int n) {
  if (!(n >= 2)) throw std::invalid_argument(fmt::format("n = {}, needs 2 or more", n));
}

double t_quantile(int freedom, double level) {
  return bm::quantile(
      bm::complement(bm::students_t_distribution<double, InDouble>(freedom), (1 - level) / 2));
}

constexpr double kLargestEffect = 1000;

// Probability that the two-sided t-test with this critical value rejects.
double power_of(double effect, int n, double critical) {
  const bm::non_central_t t(n - 1, effect * std::sqrt(n));
  return bm::cdf(bm::complement(t, critical)) + bm::cdf(t, -critical);
}

}  // namespace

double mean(std::span<const double> values) {
  require_values(values, 1);
  double sum = 0;  // of what differs from the first: equal values then leave no rounding behind
  for (const double value : values) sum += value - values[0];
  return values[0] + sum / static_cast<double>(values.size());
}

double deviation(std::span<const double> values) {
  require_values(values, 2);
  const double centre = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double half_width(double deviation, int n, double level) {
  require_pairs(n);
  require_probability(level, "level");
  if (!(deviation >= 0))
    throw std::invalid_argument(fmt::format("deviation = {}, allowed 0 or more", deviation));
  return t_quantile(n - 1, level) * deviation / std::sqrt(n);
}

Interval t_interval(std::span<const double> values, double level) {
  const double centre = mean(values);
  const double half = half_width(deviation(values), static_cast<int>(values.size()), level);
  return {centre - half, centre + half};
}

double effect_size(std::span<const double> differences) {
  const double spread = deviation(differences), centre = mean(differences);
  if (spread > 0) return centre / spread;
  return centre == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), centre);
}

double correlation(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size())
    throw std::invalid_argument(fmt::format("{} and {} values, must be pairs", a.size(), b.size()));
  const double spread = deviation(a) * deviation(b);
  if (spread == 0) return 0;
  const double mean_a = mean(a), mean_b = mean(b);
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return std::clamp(sum / static_cast<double>(a.size() - 1) / spread, -1., 1.);
}

double smallest_equivalence(const Interval& interval90) {
  if (!(interval90.low <= interval90.high))
    throw std::invalid_argument(fmt::format(
        "interval {} to {}, its ends must be in order", interval90.low, interval90.high));
  return std::max(std::abs(interval90.low), std::abs(interval90.high));
}

std::vector<double> holm(std::span<const double> p_values) {
  for (const double p : p_values)
    if (!(p >= 0 && p <= 1)) throw std::invalid_argument(fmt::format("p = {}, allowed 0 to 1", p));
  std::vector<size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](size_t i, size_t j) { return p_values[i] < p_values[j]; });
  std::vector<double> corrected(p_values.size());
  double largest = 0;  // a larger p never gets a smaller correction
  for (size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, p_values[order[rank]] * static_cast<double>(order.size() - rank));
    corrected[order[rank]] = std::min(largest, 1.);
  }
  return corrected;
}

double mcnemar_p(int64_t only_first, int64_t only_second) {
  if (!(only_first >= 0 && only_second >= 0))
    throw std::invalid_argument(
        fmt::format("counts {} and {}, allowed 0 or more", only_first, only_second));
  if (only_first == only_second) return 1;
  const auto trials = static_cast<double>(only_first) + static_cast<double>(only_second);
  const auto fewer = static_cast<double>(std::min(only_first, only_second));
  return std::min(1., 2 * bm::cdf(bm::binomial(trials, .5), fewer));
}

Interval wilson_interval(int64_t successes, int64_t trials, double level) {
  require_probability(level, "level");
  if (!(trials >= 1 && successes >= 0 && successes <= trials))
    throw std::invalid_argument(
        fmt::format("{} successes of {} trials, allowed 0 to all of 1 or more", successes, trials));
  const auto n = static_cast<double>(trials), p = static_cast<double>(successes) / n;
  const double z = bm::quantile(bm::complement(bm::normal(), (1 - level) / 2));
  const double centre = p + z * z / (2 * n), scale = 1 + z * z / n;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  // At none and at all the ends are exactly 0 and 1; rounding must not move them.
  return {successes == 0 ? 0 : (centre - half) / scale,
          successes == trials ? 1 : (centre + half) / scale};
}

double detectable_effect(int n, double alpha, double power) {
  require_pairs(n);
  require_probability(alpha, "alpha");
  if (!(power > alpha && power < 1))
    throw std::invalid_argument(
        fmt::format("power = {}, allowed between alpha = {} and 1", power, alpha));
  const double critical = t_quantile(n - 1, 1 - alpha);
  const auto missing = [&](double effect) { return power_of(effect, n, critical) - power; };
  double high = 1;
  for (; missing(high) < 0; high *= 2)
    if (high >= kLargestEffect) return std::numeric_limits<double>::infinity();
  std::uintmax_t steps = 200;
  const auto root =
      bm::tools::toms748_solve(missing, 0., high, bm::tools::eps_tolerance<double>(48), steps);
  const double effect = (root.first + root.second) / 2;
  return effect <= kLargestEffect ? effect : std::numeric_limits<double>::infinity();
}

}  // namespace saggio::results
