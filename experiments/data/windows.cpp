// SPDX-License-Identifier: MIT
#include "experiments/data/windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace saggio::data {
namespace {

void check_part(const Text& text, Range part) {
  if (!(part.begin <= part.end && part.end <= text.size())) {
    throw std::invalid_argument(fmt::format(
        "{}: tokens {}..{}, allowed 0..{}", text.name(), part.begin, part.end, text.size()));
  }
}

}  // namespace

RandomWindows::RandomWindows(
    const Text& text, Range part, size_t batch_size, size_t length, const results::Stream& stream)
    : text_(text), part_(part), batch_size_(batch_size), length_(length), stream_(stream) {
  check_part(text, part);
  if (!(batch_size >= 1 && length >= 1)) {
    throw std::invalid_argument(fmt::format(
        "batches of {} windows that predict {} tokens, allowed >= 1 each", batch_size, length));
  }
  if (!(part.size() > length)) {
    throw std::invalid_argument(fmt::format(
        "{}: {} tokens are too few for one window of {}: take a longer text or a shorter window",
        text.name(),
        part.size(),
        length + 1));
  }
}

void RandomWindows::batch(uint64_t number, std::span<int32_t> out) const {
  const size_t width = length_ + 1;
  if (out.size() != batch_size_ * width) {
    throw std::invalid_argument(
        fmt::format("room for {} tokens, a batch has {} x {}", out.size(), batch_size_, width));
  }
  const std::vector<size_t> starts = offsets(number);
  for (size_t row = 0; row < batch_size_; ++row)
    text_.read(starts[row], out.subspan(row * width, width));
}

Coverage RandomWindows::coverage(uint64_t count) const {
  std::vector<size_t> starts;
  for (uint64_t number = 0; number < count; ++number) {
    const std::vector<size_t> more = offsets(number);
    starts.insert(starts.end(), more.begin(), more.end());
  }
  std::sort(starts.begin(), starts.end());
  Coverage coverage;
  size_t seen_to = 0;  // all windows so far end here
  for (const size_t start : starts) {
    const Range fresh{std::max(start, seen_to), start + length_ + 1};
    if (fresh.begin >= fresh.end) continue;
    coverage.unique_tokens += fresh.size();
    coverage.unique_bytes += text_.bytes_in(fresh);
    seen_to = fresh.end;
  }
  coverage.tokens = count * batch_size_ * length_;
  coverage.epochs = static_cast<double>(coverage.tokens) / static_cast<double>(part_.size());
  return coverage;
}

std::vector<size_t> RandomWindows::offsets(uint64_t number) const {
  results::Stream stream = stream_.split(number);
  std::vector<size_t> starts(batch_size_);
  for (size_t& start : starts) start = part_.begin + stream.below(part_.size() - length_);
  return starts;
}

Sweep::Sweep(const Text& text, Range part, size_t length)
    : first_(part.begin > 0 ? part.begin - 1 : 0), end_(part.end), length_(length) {
  check_part(text, part);
  if (!(length >= 1)) throw std::invalid_argument("windows that predict 0 tokens, allowed >= 1");
  if (!(part.size() > 0 && end_ - first_ >= 2)) {
    throw std::invalid_argument(fmt::format(
        "{}: {} tokens leave nothing to predict: take a longer text or a larger share of it",
        text.name(),
        part.size()));
  }
}

Window Sweep::operator[](size_t index) const {
  if (!(index < size()))
    throw std::out_of_range(fmt::format("window {}, allowed 0..{}", index, size() - 1));
  const size_t offset = first_ + index * length_;
  return {offset, std::min(length_, end_ - 1 - offset)};
}

}  // namespace saggio::data
