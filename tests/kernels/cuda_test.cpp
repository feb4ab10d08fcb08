// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/adamw.h"
#include "kernels/cuda/adamw_cuda.h"
#include "kernels/cuda/philox.h"
#include "kernels/gradient_norm.h"
#include "tests/kernels/device.h"
#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();

TEST(DevicePhilox, DrawsWhatTheStreamDraws) {
  const results::Stream root(123456789012345678);
  for (uint64_t tensor = 0; tensor < 20; ++tensor) {
    results::Stream stream = root.split(tensor);
    const uint64_t key = split_key(root.key(), tensor);
    ASSERT_EQ(key, stream.key());
    for (uint64_t block = 0; block < 20; ++block)
      for (const uint32_t draw : philox(key, block).draws) ASSERT_EQ(draw, stream.next());
  }
}

TEST(CutChunks, CoverEveryEntryOnceAndKnowTheirAlignment) {
  const auto address = [](int64_t offset) {  // never read
    return reinterpret_cast<float*>(uintptr_t{4096} + static_cast<uintptr_t>(offset) * 4);
  };
  const std::vector<DeviceTensor> tensors = {
      {address(0),
       address(0),
       address(0),
       address(0),
       nullptr,
       nullptr,
       2 * kChunkElements + 5,
       .1},
      {address(0), address(0), address(0), address(0)},
      {address(0), address(1), address(0), address(0), nullptr, nullptr, 3}};

  const std::vector<AdamwChunk> chunks = cut_chunks(tensors, AdamwTypes::F32);

  ASSERT_EQ(chunks.size(), 4U);
  EXPECT_EQ(chunks[0].part.count, kChunkElements);
  EXPECT_EQ(chunks[2].part.count, 5);
  EXPECT_EQ(chunks[2].offset, 2U * kChunkElements);
  EXPECT_EQ(chunks[2].part.mean, address(2 * kChunkElements));
  EXPECT_EQ(chunks[3].tensor, 2U);
  EXPECT_EQ(chunks[0].aligned, 1);
  EXPECT_EQ(chunks[3].aligned, 0);
  EXPECT_EQ(cut_chunks(tensors, AdamwTypes::Bf16)[1].part.parameter, address(kChunkElements / 2));
}

TEST(CutChunks, RefuseAMissingPointer) {
  EXPECT_THROW(cut_chunks(std::vector<DeviceTensor>{{.count = 3}}, AdamwTypes::F32),
               std::invalid_argument);
}

template <class T>
at::Tensor bytes_of(const std::vector<T>& values) {
  at::Tensor result = at::empty({static_cast<int64_t>(values.size() * sizeof(T))}, at::kByte);
  std::memcpy(result.mutable_data_ptr(), values.data(), values.size() * sizeof(T));
  return result;
}

struct Setting {
  at::ScalarType parameter, gradient;
  AdamwTypes types;
  bool master = false, masked = false;
  int64_t shift = 0;
};

std::vector<AdamwTensor> tensors_of(const Setting& setting) {
  std::vector<AdamwTensor> result;
  uint64_t key = 1;
  for (const int64_t count : {int64_t{1}, int64_t{517}, 3 * kChunkElements + 13}) {
    const at::Tensor start = noise({count}, key++);
    AdamwTensor tensor{start.to(setting.parameter),
                       noise({count}, key++).to(setting.gradient),
                       .1 * noise({count}, key++),
                       noise({count}, key++).square(),
                       .1};
    if (setting.master) tensor.master = start.clone();
    if (setting.masked) tensor.trainable = noise({count}, key++).gt(0);
    result.push_back(tensor);
  }
  return result;
}

// The tensors on the device and back after `work` on their table.
using Work = std::function<void(const AdamwChunk* table, int64_t count)>;

void with_table(const std::vector<AdamwTensor>& tensors, const Setting& setting, const Work& work) {
  std::vector<OnDeviceCopy> memory;
  std::vector<DeviceTensor> parts;
  const auto copy = [&](const at::Tensor& x) -> const OnDeviceCopy& {
    return memory.emplace_back(x, setting.shift);
  };
  memory.reserve(6 * tensors.size());
  for (const AdamwTensor& t : tensors)
    parts.push_back({copy(t.parameter).as<void>(),
                     copy(t.gradient).as<void>(),
                     copy(t.mean).as<float>(),
                     copy(t.square).as<float>(),
                     t.master.defined() ? copy(t.master).as<float>() : nullptr,
                     t.trainable.defined() ? copy(t.trainable).as<uint8_t>() : nullptr,
                     t.parameter.numel(),
                     t.decay});
  const std::vector<AdamwChunk> chunks = cut_chunks(parts, setting.types);
  const OnDeviceCopy table(bytes_of(chunks));
  work(table.as<AdamwChunk>(), static_cast<int64_t>(chunks.size()));
  check(cudaDeviceSynchronize());
  size_t next = 0;
  for (const AdamwTensor& t : tensors)
    for (const at::Tensor& x : {t.parameter, t.gradient, t.mean, t.square, t.master, t.trainable})
      if (x.defined()) memory[next++].read_into(x);
}

DeviceStep device_step(const AdamwStep& step, const float* scale) {
  return {static_cast<float>(step.beta1),
          static_cast<float>(1 - step.beta1),
          static_cast<float>(step.beta2),
          static_cast<float>(1 - step.beta2),
          static_cast<float>(step.lr),
          static_cast<float>(step.lr / step.correction1),
          static_cast<float>(1 / std::sqrt(step.correction2)),
          static_cast<float>(step.epsilon),
          1,
          scale,
          step.rounding_key};
}

double distance(const at::Tensor& x, const at::Tensor& y) {
  return (x.to(at::kDouble) - y.to(at::kDouble)).abs().max().item<double>();
}

// One step from the same state: a few roundings of values below 6. In bf16 the two f32 results may
// fall on both sides of the random threshold, one time in thousands; then they are neighbours.
void expect_parity(const Setting& setting) {
  const AdamwStep step{
      .lr = .01, .correction1 = .1, .correction2 = .01, .gradient_scale = .5, .rounding_key = 99};
  const std::vector<AdamwTensor> ours = tensors_of(setting), reference = tensors_of(setting);
  const OnDeviceCopy scale(at::tensor({.5F}));

  with_table(ours, setting, [&](const AdamwChunk* table, int64_t count) {
    check(adamw_launch(setting.types, table, count, device_step(step, scale.as<float>()), nullptr));
  });
  adamw_step_reference(reference, step);

  for (size_t i = 0; i < ours.size(); ++i) {
    EXPECT_LE(distance(ours[i].mean, reference[i].mean), 4 * kEps * 6);
    EXPECT_LE(distance(ours[i].square, reference[i].square), 4 * kEps * 36);
    const at::Tensor& exact = setting.master ? ours[i].master : ours[i].parameter;
    if (exact.scalar_type() == at::kFloat) {
      EXPECT_LE(distance(exact, setting.master ? reference[i].master : reference[i].parameter),
                8 * kEps * 6);
    } else {
      EXPECT_LE(distance(exact, reference[i].parameter), 0x1p-8 * 6);
    }
    const double differ =
        ours[i].parameter.ne(reference[i].parameter).to(at::kDouble).mean().item<double>();
    EXPECT_LE(differ, setting.parameter == at::kBFloat16 ? .01 : 1);
  }
}

TEST_F(OnDevice, AStepIsThatOfTheReference) {
  expect_parity({at::kFloat, at::kFloat, AdamwTypes::F32});
  expect_parity({at::kFloat, at::kFloat, AdamwTypes::F32, false, true});
  expect_parity({at::kFloat, at::kFloat, AdamwTypes::F32, false, false, 1});
}

TEST_F(OnDevice, AStepInBf16IsThatOfTheReferenceDownToItsRandomBits) {
  for (const auto& [gradient, types] : {std::pair{at::kBFloat16, AdamwTypes::Bf16},
                                        std::pair{at::kFloat, AdamwTypes::Bf16WithF32Gradients}})
    for (const bool master : {false, true})
      for (const int64_t shift : {0, 1})
        expect_parity({at::kBFloat16, gradient, types, master, shift == 0, shift});
}

TEST_F(OnDevice, TheNormAndItsFactorAreTheReferences) {
  const Setting setting = {at::kFloat, at::kFloat, AdamwTypes::F32, false, true};
  const std::vector<AdamwTensor> tensors = tensors_of(setting);
  std::vector<at::Tensor> gradients, masks;
  for (const AdamwTensor& tensor : tensors) {
    gradients.push_back(tensor.gradient);
    masks.push_back(tensor.trainable);
  }
  const OnDeviceCopy sums(at::zeros({100}, at::kDouble)), result(at::zeros({2}));
  const at::Tensor got = at::zeros({2});

  with_table(tensors, setting, [&](const AdamwChunk* table, int64_t count) {
    check(gradient_norm_launch(
        setting.types, table, count, 2, sums.as<double>(), result.as<float>(), nullptr));
  });
  result.read_into(got);

  const double norm = gradient_norm_reference(gradients, masks);
  EXPECT_NEAR(got[0].item<double>(), norm, kEps * norm);
  EXPECT_NEAR(got[1].item<double>(), clip_factor(norm, 2), kEps);
}

}  // namespace
}  // namespace saggio::kernels
