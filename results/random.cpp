// SPDX-License-Identifier: MIT
#include "results/random.h"

#include <cmath>
#include <numbers>

namespace saggio::results {
namespace {

std::array<uint32_t, 4> philox(uint64_t key, uint64_t counter) {
  std::array<uint32_t, 4> x{
      static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32), 0, 0};
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53} * x[0], b = uint64_t{0xCD9E8D57} * x[2];
    x = {static_cast<uint32_t>(b >> 32) ^ x[1] ^ k0,
         static_cast<uint32_t>(b),
         static_cast<uint32_t>(a >> 32) ^ x[3] ^ k1,
         static_cast<uint32_t>(a)};
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return x;
}

// The finaliser of SplitMix64 (Steele et al. 2014): a bijection in which every input bit moves
// every output bit.
uint64_t mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace

Stream Stream::split(std::string_view name) const {
  uint64_t hash = mix(key_);
  for (const char c : name) hash = mix(hash ^ static_cast<unsigned char>(c));
  return Stream(mix(hash ^ name.size()));
}

Stream Stream::split(uint64_t number) const { return Stream(mix(mix(key_ + 1) ^ number)); }

uint32_t Stream::next() {
  if (const uint64_t number = position_ / 4; number != block_number_) {
    block_ = philox(key_, number);
    block_number_ = number;
  }
  return block_[position_++ % 4];
}

uint64_t Stream::next64() {
  const uint64_t high = next();
  return high << 32 | next();
}

uint64_t Stream::below(uint64_t bound) {
  const uint64_t limit =
      UINT64_MAX - UINT64_MAX % bound;  // the largest multiple of bound that fits
  while (true) {
    if (const uint64_t draw = next64(); draw < limit) return draw % bound;
  }
}

double Stream::uniform() { return static_cast<double>(next64() >> 11) * 0x1p-53; }

double Stream::normal() {
  const double u = 1 - uniform();  // in (0, 1]: the logarithm is finite
  const double v = uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

void Stream::fill_uniform(std::span<float> out) {
  for (float& x : out) x = static_cast<float>(next() >> 8) * 0x1p-24F;
}

void Stream::fill_normal(std::span<float> out) {
  for (float& x : out) x = static_cast<float>(normal());
}

}  // namespace saggio::results
