// SPDX-License-Identifier: MIT
#include <algorithm>
#include <stdexcept>
#include <string>

#include "kernels/cuda/adamw_cuda.h"

namespace saggio::kernels {
namespace {

void check(const DeviceTensor& tensor, size_t index, AdamwTypes types) {
  const auto refuse = [&](const std::string& what) {
    throw std::invalid_argument("cut_chunks: tensor " + std::to_string(index) + " has " + what);
  };
  if (tensor.count < 0) refuse(std::to_string(tensor.count) + " entries, allowed 0 and above");
  if (tensor.count > 0 && (tensor.parameter == nullptr || tensor.gradient == nullptr ||
                           tensor.mean == nullptr || tensor.square == nullptr))
    refuse("a null parameter, gradient, mean or square, expected device memory");
  if (tensor.master != nullptr && types == AdamwTypes::F32)
    refuse("a master, allowed none beside a parameter of f32");
}

const void* advance(const void* pointer, int64_t bytes) {
  return pointer == nullptr ? nullptr : static_cast<const char*>(pointer) + bytes;
}

template <class T>
T* advance(T* pointer, int64_t entries) {
  return pointer == nullptr ? nullptr : pointer + entries;
}

DeviceTensor part_of(const DeviceTensor& whole, int64_t offset, AdamwTypes types) {
  const int64_t parameter_bytes = types == AdamwTypes::F32 ? 4 : 2;
  const int64_t gradient_bytes = types == AdamwTypes::Bf16 ? 2 : 4;
  return {const_cast<void*>(
              advance(static_cast<const void*>(whole.parameter), offset * parameter_bytes)),
          advance(whole.gradient, offset * gradient_bytes),
          advance(whole.mean, offset),
          advance(whole.square, offset),
          advance(whole.master, offset),
          advance(whole.trainable, offset),
          std::min(kChunkElements, whole.count - offset),
          whole.decay};
}

bool aligned(const DeviceTensor& part) {
  const auto address = [](const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); };
  return (address(part.parameter) | address(part.gradient) | address(part.mean) |
          address(part.square) | address(part.master) | address(part.trainable)) %
             16 ==
         0;
}

}  // namespace

std::vector<AdamwChunk> cut_chunks(std::span<const DeviceTensor> tensors, AdamwTypes types) {
  std::vector<AdamwChunk> chunks;
  for (size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i], i, types);
    for (int64_t offset = 0; offset < tensors[i].count; offset += kChunkElements) {
      const DeviceTensor part = part_of(tensors[i], offset, types);
      chunks.push_back({part, i, static_cast<uint64_t>(offset), aligned(part) ? 1 : 0});
    }
  }
  return chunks;
}

}  // namespace saggio::kernels
