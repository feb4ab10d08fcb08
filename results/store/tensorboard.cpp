// SPDX-License-Identifier: MIT
#include "results/store/tensorboard.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::array<uint32_t, 256> kCrcTable = [] {
  constexpr uint32_t kPolynomial = 0x82F63B78;  // 0x1EDC6F41, bits reversed
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[byte] = crc;
  }
  return table;
}();

// --- protobuf: a key is field << 3 | wire type (0 varint, 1 eight bytes, 2 length, 5 four bytes)
constexpr uint64_t kWallTime = 1 << 3 | 1, kStep = 2 << 3 | 0, kFileVersion = 3 << 3 | 2,
                   kSummary = 5 << 3 | 2;                         // of Event
constexpr uint64_t kValue = 1 << 3 | 2;                           // of Summary
constexpr uint64_t kTag = 1 << 3 | 2, kSimpleValue = 2 << 3 | 5;  // of Summary.Value

void append_varint(std::string& out, uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
  out += static_cast<char>(number);
}

template <typename Number>
void append_bytes(std::string& out, Number number) {
  std::array<char, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  out.append(bytes.data(), bytes.size());
}

void append_text(std::string& out, uint64_t key, std::string_view text) {
  append_varint(out, key);
  append_varint(out, text.size());
  out += text;
}

std::string event_head(double wall_time) {
  std::string out;
  append_varint(out, kWallTime);
  append_bytes(out, wall_time);
  return out;
}

template <typename Number>
bool take_bytes(std::string_view& in, Number& number) {
  if (in.size() < sizeof number) return false;
  std::memcpy(&number, in.data(), sizeof number);
  in.remove_prefix(sizeof number);
  return true;
}

bool take_varint(std::string_view& in, uint64_t& number) {
  number = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    number |= uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

// One field of a message: its key, and its bytes or number.
struct Field {
  uint64_t key = 0, varint = 0;
  std::string_view bytes;
};

bool take_field(std::string_view& in, Field& field) {
  uint64_t size = 0;
  if (!take_varint(in, field.key)) return false;
  switch (field.key & 7) {
    case 0:
      return take_varint(in, field.varint);
    case 1:
      size = 8;
      break;
    case 2:
      if (!take_varint(in, size)) return false;
      break;
    case 5:
      size = 4;
      break;
    default:
      return false;
  }
  if (size > in.size()) return false;
  field.bytes = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

// The scalar in an Event; false if it holds none.
bool decode(std::string_view message, Scalar& scalar) {
  Field event, summary, value;
  std::string_view summaries, values;
  while (take_field(message, event)) {
    if (event.key == kWallTime) take_bytes(event.bytes, scalar.wall_time);
    if (event.key == kStep) scalar.step = static_cast<int64_t>(event.varint);
    if (event.key == kSummary) summaries = event.bytes;
  }
  while (take_field(summaries, summary))
    if (summary.key == kValue) values = summary.bytes;
  bool found = false;
  while (take_field(values, value)) {
    if (value.key == kTag) scalar.tag = value.bytes;
    if (value.key == kSimpleValue) found = take_bytes(value.bytes, scalar.value);
  }
  return found;
}

// Takes one framed record; false at the end, or where it is torn or damaged.
bool take_record(std::string_view& in, std::string_view& message) {
  std::string_view rest = in;
  uint64_t length = 0;
  uint32_t crc = 0;
  if (!take_bytes(rest, length) || !take_bytes(rest, crc)) return false;
  if (crc != masked_crc32c(in.substr(0, sizeof length)) || length > rest.size()) return false;
  message = rest.substr(0, length);
  rest.remove_prefix(length);
  if (!take_bytes(rest, crc) || crc != masked_crc32c(message)) return false;
  in = rest;
  return true;
}

constexpr std::string_view kPrefix = "events.out.tfevents.", kSuffix = ".saggio";

// Our event file in a folder; empty if there is none.
fs::path file_in(const fs::path& folder) {
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(kPrefix) && name.ends_with(kSuffix)) return entry.path();
  }
  return {};
}

bool same_bits(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes)
    crc = crc >> 8 ^ kCrcTable[(crc ^ static_cast<uint8_t>(byte)) & 0xFF];
  return ~crc;
}

// Rotated and shifted, so that the sum of bytes that hold their own sum is not degenerate.
uint32_t masked_crc32c(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xA282EAD8; }

void append_record(std::string& out, std::string_view message) {
  std::string length;
  append_bytes(length, static_cast<uint64_t>(message.size()));
  out += length;
  append_bytes(out, masked_crc32c(length));
  out += message;
  append_bytes(out, masked_crc32c(message));
}

std::string encoded_version(double wall_time) {
  std::string out = event_head(wall_time);
  append_text(out, kFileVersion, "brain.Event:2");
  return out;
}

std::string encoded(const Scalar& scalar) {
  std::string value, summary, out = event_head(scalar.wall_time);
  append_text(value, kTag, scalar.tag);
  append_varint(value, kSimpleValue);
  append_bytes(value, scalar.value);
  append_text(summary, kValue, value);
  append_varint(out, kStep);
  append_varint(out, static_cast<uint64_t>(scalar.step));
  append_text(out, kSummary, summary);
  return out;
}

size_t for_each_scalar(std::string_view bytes, const std::function<void(const Scalar&)>& use) {
  std::string_view rest = bytes, message;
  while (take_record(rest, message)) {
    Scalar scalar;
    if (decode(message, scalar)) use(scalar);
  }
  return bytes.size() - rest.size();
}

TensorBoardFile::TensorBoardFile(fs::path events, fs::path folder)
    : folder_(std::move(folder)), tail_(events), events_(std::move(events)) {}

void TensorBoardFile::open(double wall_time) {
  file_ = file_in(folder_);
  if (file_.empty()) return begin_anew(wall_time);
  known_.clear();
  const std::string bytes = read_file(file_);
  const size_t whole = for_each_scalar(bytes, [this](const Scalar& scalar) {
    if (scalar.tag != kSpeedTag) known_.push_back(scalar);
  });
  if (whole == 0) return begin_anew(wall_time);
  out_.emplace(open_file(file_, OpenFor::kAppending));
  if (whole < bytes.size() && ::ftruncate(out_->number(), static_cast<off_t>(whole)) != 0)
    throw_errno(file_, "cut back");
}

void TensorBoardFile::begin_anew(double wall_time) {
  out_.reset();
  if (!file_.empty()) fs::remove(file_);
  known_.clear();
  fs::create_directories(folder_);
  file_ = folder_ / fmt::format("{}{:010}{}", kPrefix, static_cast<int64_t>(wall_time), kSuffix);
  out_.emplace(open_file(file_, OpenFor::kAppending));
  append_record(buffer_, encoded_version(wall_time));
}

void TensorBoardFile::copy(const Event& event, double wall_time) {
  step_ = std::max(step_, event.step);
  if (changed_ || event.name == kSpeedTag) return;
  const auto value = static_cast<float>(event.value);
  const size_t index = seen_++;
  if (index < known_.size()) {
    const Scalar& known = known_[index];
    changed_ =
        known.step != event.step || known.tag != event.name || !same_bits(known.value, value);
    return;
  }
  append_record(
      buffer_,
      encoded({.wall_time = wall_time, .step = event.step, .tag = event.name, .value = value}));
}

void TensorBoardFile::add_speed(double wall_time) {
  constexpr double kLeastSeconds = 1;
  const double seconds = wall_time - speed_time_;
  if (speed_time_ > 0 && seconds < kLeastSeconds) return;
  if (speed_time_ > 0 && step_ > speed_step_)
    append_record(
        buffer_,
        encoded({.wall_time = wall_time,
                 .step = step_,
                 .tag = std::string(kSpeedTag),
                 .value = static_cast<float>(static_cast<double>(step_ - speed_step_) / seconds)}));
  speed_time_ = wall_time;
  speed_step_ = step_;
}

void TensorBoardFile::flush() {
  if (buffer_.empty()) return;
  write_all(*out_, buffer_, file_);
  buffer_.clear();
}

void TensorBoardFile::update(double wall_time, bool live) {
  std::error_code absent;
  if (fs::file_size(events_, absent) == 0 || absent) return;
  if (!out_) open(wall_time);
  const auto use = [&](const Event& event) { copy(event, wall_time); };
  // Its run continues from a checkpoint: what is copied stays, and is recognised again.
  const auto restarted = [&] {
    flush();
    open(wall_time);
    seen_ = 0, step_ = 0, speed_time_ = 0;
  };
  tail_.look(use, restarted);
  if (!is_still_at(*out_, file_)) changed_ = true;  // somebody removed it
  if (changed_) {
    buffer_.clear();
    begin_anew(wall_time);
    changed_ = false;
    seen_ = 0;
    tail_ = EventTail(events_);
    tail_.look(use);
  }
  if (live) add_speed(wall_time);
  flush();
}

}  // namespace saggio::results
