// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

// Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as
// easy as 1, 2, 3"). A Stream is a 64-bit key and a position; it owns nothing else, so it is
// copied, stored in a checkpoint and split by name freely, and what one stream draws never moves
// another. The same key gives the same numbers on every machine.
namespace saggio::results {

class Stream {
 public:
  explicit Stream(uint64_t key, uint64_t position = 0) : key_(key), position_(position) {}

  // An independent stream, named. Depends on the key and the name, not on the position.
  Stream split(std::string_view name) const;
  Stream split(uint64_t number) const;

  uint32_t next();                 // uniform over all 32-bit values
  uint64_t next64();               // two draws
  uint64_t below(uint64_t bound);  // uniform in [0, bound), unbiased; bound >= 1
  double uniform();                // in [0, 1), 53 bits
  double normal();  // mean 0, variance 1 (Box-Muller, two draws of uniform(), one value)
  void fill_uniform(std::span<float> out);  // in [0, 1), 24 bits, one draw each
  void fill_normal(std::span<float> out);   // mean 0, variance 1

  template <typename Value>
  void shuffle(std::span<Value> values) {  // Fisher-Yates
    for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

  uint64_t key() const { return key_; }
  uint64_t position() const { return position_; }  // 32-bit draws so far

 private:
  uint64_t key_, position_;
  std::array<uint32_t, 4> block_{};
  uint64_t block_number_ = UINT64_MAX;  // which block of four draws block_ holds
};

}  // namespace saggio::results
