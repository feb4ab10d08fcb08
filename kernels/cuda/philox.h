// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#define SAGGIO_HOST_DEVICE __host__ __device__
#else
#define SAGGIO_HOST_DEVICE
#endif

namespace saggio::kernels {

struct PhiloxBlock {
  uint32_t draws[4];
};

// Draws 4 block to 4 block + 3 of results::Stream(key), for device code.
SAGGIO_HOST_DEVICE inline PhiloxBlock philox(uint64_t key, uint64_t block) {
  uint32_t x0 = static_cast<uint32_t>(block), x1 = static_cast<uint32_t>(block >> 32), x2 = 0,
           x3 = 0;
  uint32_t k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53} * x0, b = uint64_t{0xCD9E8D57} * x2;
    x0 = static_cast<uint32_t>(b >> 32) ^ x1 ^ k0;
    x1 = static_cast<uint32_t>(b);
    x2 = static_cast<uint32_t>(a >> 32) ^ x3 ^ k1;
    x3 = static_cast<uint32_t>(a);
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return {{x0, x1, x2, x3}};
}

// The key of results::Stream(key).split(number).
SAGGIO_HOST_DEVICE inline uint64_t split_key(uint64_t key, uint64_t number) {
  const auto mix = [](uint64_t x) {
    x += 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
  };
  return mix(mix(key + 1) ^ number);
}

}  // namespace saggio::kernels
