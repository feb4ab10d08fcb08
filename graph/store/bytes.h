// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

// Numbers and texts to bytes and back, little-endian, and the two checksums of the format
// (graph/FORMAT.md).
namespace saggio::graph {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

// What is on disk is not what was written, or not what this program can read. One line: file,
// offset, what.
struct Damage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// CRC32C (Castagnoli, reflected; RFC 3720, B.4) of what `before` covers followed by `bytes`.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);

// SHA-256 (FIPS 180-4).
using Sha256 = std::array<uint8_t, 32>;
Sha256 sha256(std::string_view bytes);
std::string hex(std::span<const uint8_t> bytes);

template <typename Value>
concept Fixed = std::integral<Value> || std::floating_point<Value>;

template <Fixed Value>
std::string_view bytes_of(std::span<const Value> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}

  template <Fixed Value>
  void fixed(Value value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  template <Fixed Value>
  void column(std::span<const Value> values) {
    out_.append(bytes_of(values));
  }
  void raw(std::string_view bytes) { out_.append(bytes); }
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  void text(std::string_view text) {
    varint(text.size());
    raw(text);
  }

 private:
  std::string& out_;
};

// Borrows the bytes. Reading past their end throws Damage.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  template <Fixed Value>
  Value fixed() {
    Value value;
    std::memcpy(&value, raw(sizeof(value)).data(), sizeof(value));
    return value;
  }
  std::string_view raw(uint64_t count) {
    if (count > bytes_.size()) throw Damage("ends within a value");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      const auto byte = fixed<uint8_t>();
      if (shift == 63 && byte > 1) break;
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw Damage("holds a number of more than 64 bits");
  }
  std::string_view text() { return raw(varint()); }
  // A count of things that take at least one byte each: never more than there are bytes, so that
  // nobody reserves what a damaged count asks for.
  uint64_t count() {
    const uint64_t value = varint();
    if (value > bytes_.size()) throw Damage("counts more things than it has bytes");
    return value;
  }
  bool done() const { return bytes_.empty(); }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace saggio::graph
