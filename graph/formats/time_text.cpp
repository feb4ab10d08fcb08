// SPDX-License-Identifier: MIT
#include "graph/formats/time_text.h"

#include <fmt/format.h>

#include <chrono>

namespace saggio::graph {
namespace {

using std::chrono::year_month_day;
using Days = std::chrono::sys_days;

constexpr TimeUs kSecond = 1'000'000, kDay = 86'400 * kSecond;

// Reads from the front of a text; after the first thing that does not fit, everything fails.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int digits(size_t count) {
    int value = 0;
    if (text_.size() < count) return fail();
    for (const char c : text_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!take(c)) fail();
  }
  // Up to six decimals, in millionths.
  int millionths() {
    int value = 0, count = 0;
    for (; count < 6 && !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; ++count)
      value = value * 10 + digits(1);
    if (count == 0) return fail();
    for (; count < 6; ++count) value *= 10;
    return value;
  }
  int fail() {
    good_ = false;
    return 0;
  }
  bool done() const { return text_.empty(); }
  bool good() const { return good_; }

 private:
  std::string_view text_;
  bool good_ = true;
};

TimeUs clock_time(Scanner& in) {
  const int hours = in.digits(2);
  in.need(':');
  const int minutes = in.digits(2);
  const int seconds = in.take(':') ? in.digits(2) : 0;
  const int millionths = in.take('.') ? in.millionths() : 0;
  if (hours > 23 || minutes > 59 || seconds > 59) in.fail();
  return (hours * 3600 + minutes * 60 + seconds) * kSecond + millionths;
}

TimeUs offset(Scanner& in) {
  if (in.done() || in.take('Z')) return 0;
  const int sign = in.take('-') ? -1 : 1;
  if (sign == 1) in.need('+');
  const int hours = in.digits(2);
  in.need(':');
  const int minutes = in.digits(2);
  if (hours > 23 || minutes > 59) in.fail();
  return sign * (hours * 60 + minutes) * 60 * kSecond;
}

TimeUs first_moment(int year, unsigned month, unsigned day) {
  const Days date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return date.time_since_epoch().count() * kDay;
}

// Rounded down, also before 1970.
TimeUs floor_to(TimeUs time, TimeUs unit) {
  const TimeUs rest = time % unit;
  return time - (rest < 0 ? rest + unit : rest);
}

std::string date_text(TimeUs midnight) {
  const year_month_day date{Days(std::chrono::days(midnight / kDay))};
  return fmt::format("{:04}-{:02}-{:02}",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

bool is_writable(TimeUs time) {
  return time >= first_moment(1, 1, 1) && time < first_moment(10'000, 1, 1);
}

std::string clock_text(TimeUs since_midnight) {
  const TimeUs seconds = since_midnight / kSecond;
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

std::optional<TimeUs> parse_time(std::string_view text) {
  Scanner in(text);
  const int year = in.digits(4);
  in.need('-');
  const int month = in.digits(2);
  in.need('-');
  const int day = in.digits(2);
  TimeUs within_day = 0;
  if (in.take('T') || in.take(' ')) {
    within_day = clock_time(in);
    within_day -= offset(in);
  }
  const bool is_date = (std::chrono::year(year) / month / day).ok() && year > 0;
  if (!in.good() || !in.done() || !is_date) return std::nullopt;
  return first_moment(year, static_cast<unsigned>(month), static_cast<unsigned>(day)) + within_day;
}

std::string time_text(TimeUs time) {
  if (!is_writable(time)) return fmt::format("{}", time);
  const TimeUs midnight = floor_to(time, kDay), rest = time - midnight;
  if (rest == 0) return date_text(midnight);
  const TimeUs millionths = rest % kSecond;
  return date_text(midnight) + "T" + clock_text(rest) +
         (millionths == 0 ? "Z" : fmt::format(".{:06}Z", millionths));
}

std::string second_text(TimeUs time) {
  if (!is_writable(time)) return fmt::format("{}", time);
  const TimeUs midnight = floor_to(time, kDay);
  return date_text(midnight) + " " + clock_text(time - midnight);
}

}  // namespace saggio::graph
