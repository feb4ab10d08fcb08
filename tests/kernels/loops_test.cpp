// SPDX-License-Identifier: MIT
#include "kernels/loops/loops.h"

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/loops/half.h"
#include "results/random.h"

namespace saggio::kernels {
namespace {

using Floats = std::vector<float>;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

class EveryIsa : public testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor lacks the instruction set";
  }
};
std::string name_of(const testing::TestParamInfo<Isa>& info) {
  static const char* const names[] = {"Plain", "Avx2", "Avx512"};
  return names[info.index];
}
INSTANTIATE_TEST_SUITE_P(Loops,
                         EveryIsa,
                         testing::Values(Isa::Plain, Isa::Avx2, Isa::Avx512),
                         name_of);

// Noise with what is special strewn in: infinities, NaN, zeros, denormals, the ends of the range.
Floats samples(size_t count, uint64_t key, bool special) {
  const Floats strange = {kInfinity, -kInfinity, kNan, 0, -0.F, 1e-45F, -1e-40F, 88, -88, 3e38F};
  Floats result(count);
  results::Stream stream(key);
  for (float& x : result) {
    x = static_cast<float>(10 * stream.normal());
    if (special && stream.below(8) == 0) x = strange[stream.below(strange.size())];
  }
  return result;
}

std::vector<uint8_t> mask(size_t count) {
  std::vector<uint8_t> result(count);
  results::Stream stream(77);
  for (uint8_t& x : result) x = static_cast<uint8_t>(stream.below(3));
  return result;
}

// Bits, but one NaN is as good as another: which operand's payload survives is not defined.
void expect_same(const Floats& x, const Floats& y) {
  ASSERT_EQ(x.size(), y.size());
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) && std::isnan(y[i])) continue;
    ASSERT_EQ(std::bit_cast<uint32_t>(x[i]), std::bit_cast<uint32_t>(y[i]))
        << "entry " << i << ": " << x[i] << ", " << y[i];
  }
}

constexpr AdamwConstants kStep = {.9F, .1F, .99F, .01F, 1e-3F, 1.5F, 1e-8F, .7F};

TEST_P(EveryIsa, StepsAdamwToTheBitsOfThePlainLoopAtEveryLength) {
  for (size_t count = 0; count < 70; ++count)
    for (const bool masked : {false, true}) {
      const Floats gradient = samples(count + 1, 2, true);
      const std::vector<uint8_t> trainable = mask(count + 1);
      std::vector<Floats> plain, fast;
      for (auto* state : {&plain, &fast}) {
        *state = {
            samples(count + 1, 1, true), samples(count + 1, 3, false), Floats(count + 1, .5F)};
        const AdamwArrays arrays = {(*state)[0].data() + 1,
                                    gradient.data() + 1,
                                    (*state)[1].data() + 1,
                                    (*state)[2].data() + 1,
                                    masked ? trainable.data() + 1 : nullptr,
                                    .99F};
        loops(state == &plain ? Isa::Plain : GetParam())
            .adamw(arrays, kStep, static_cast<int64_t>(count));
      }

      for (size_t i = 0; i < plain.size(); ++i) expect_same(plain[i], fast[i]);
    }
}

TEST_P(EveryIsa, SumsSquaresToTheBitsOfThePlainLoop) {
  for (size_t count = 0; count < 300; ++count) {
    const Floats x = samples(count, 5, false);
    const std::vector<uint8_t> trainable = mask(count);
    const auto n = static_cast<int64_t>(count);
    const Loops &plain = loops(Isa::Plain), &fast = loops(GetParam());

    EXPECT_EQ(plain.sum_of_squares(x.data(), nullptr, n),
              fast.sum_of_squares(x.data(), nullptr, n));
    EXPECT_EQ(plain.sum_of_squares(x.data(), trainable.data(), n),
              fast.sum_of_squares(x.data(), trainable.data(), n));
  }
}

TEST_P(EveryIsa, ComputesActivationsToTheBitsOfThePlainLoop) {
  for (const Curve curve : {Curve::Swish, Curve::EmSwish, Curve::ReluSquared})
    for (size_t count = 0; count < 70; ++count) {
      const Floats a = samples(count, 6, true), b = samples(count, 7, false),
                   dy = samples(count, 8, false);
      const ActivationConstants constants = {curve, Element::F32, .7F, 1 / .7F, .3F};
      std::vector<Floats> plain(3, Floats(count)), fast(3, Floats(count));
      for (auto* out : {&plain, &fast}) {
        const Loops& table = loops(out == &plain ? Isa::Plain : GetParam());
        const auto n = static_cast<int64_t>(count);
        table.activation(
            {nullptr, a.data(), b.data(), (*out)[0].data(), nullptr, nullptr}, constants, n);
        table.activation(
            {dy.data(), a.data(), b.data(), nullptr, (*out)[1].data(), (*out)[2].data()},
            constants,
            n);
      }

      for (size_t i = 0; i < plain.size(); ++i) expect_same(plain[i], fast[i]);
    }
}

// In units of the last place of the true value, whose spacing stops shrinking at 2^-149.
double ulps(float got, long double truth) {
  const int exponent = std::max(std::ilogb(truth), -126);
  return static_cast<double>(std::abs(got - truth) /
                             std::exp2(static_cast<long double>(exponent - 23)));
}

TEST_P(EveryIsa, ExponentialIsWithinOneUlpDownToTheLastDenormal) {
  double worst = 0;
  const auto last = std::bit_cast<uint32_t>(104.F);
  for (uint32_t bits = 0; bits <= last; bits += 997) {
    const auto t = std::bit_cast<float>(bits);
    worst = std::max(worst,
                     ulps(loops(GetParam()).exp_minus(t), std::exp(-static_cast<long double>(t))));
  }

  EXPECT_LE(worst, 1);
  EXPECT_EQ(loops(GetParam()).exp_minus(0), 1);
  EXPECT_EQ(loops(GetParam()).exp_minus(104), 0);
}

TEST(Loops, AnIsaThatIsNotSupportedIsRefused) {
  if (supported(Isa::Avx512)) GTEST_SKIP() << "this processor has every instruction set";
  EXPECT_THROW(loops(Isa::Avx512), std::invalid_argument);
  EXPECT_TRUE(supported(Isa::Plain));
}

// All 65,536 numbers of each type are read as c10 reads them.
TEST(HalfFloats, EveryNumberIsReadExactly) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto pattern = static_cast<uint16_t>(bits);
    const Floats got = {load(Bf16{pattern}), load(F16{pattern})};
    expect_same(got,
                {c10::BFloat16(pattern, c10::BFloat16::from_bits()),
                 c10::Half(pattern, c10::Half::from_bits())});
  }
}

// Each number, the midpoint to its neighbour, and the floats beside that: where roundings decide.
TEST(HalfFloats, EveryNumberIsWrittenToTheNearestTiesToEven) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto pattern = static_cast<uint16_t>(bits);
    const float bf16 = load(Bf16{pattern}), f16 = load(F16{pattern});
    const float wide = std::bit_cast<float>(std::bit_cast<uint32_t>(bf16) + 0x8000U);
    const float half = (f16 + load(F16{static_cast<uint16_t>(bits + 1)})) / 2;
    for (const float x :
         {bf16, f16, wide, half, std::nextafter(wide, 0.F), std::nextafter(half, 0.F)}) {
      if (std::isnan(x)) {
        EXPECT_TRUE(std::isnan(load(store<Bf16>(x))) && std::isnan(load(store<F16>(x))));
        continue;
      }
      ASSERT_EQ(store<Bf16>(x).bits, c10::BFloat16(x).x) << x;
      ASSERT_EQ(store<F16>(x).bits, c10::Half(x).x) << x;
    }
  }
}

}  // namespace
}  // namespace saggio::kernels
