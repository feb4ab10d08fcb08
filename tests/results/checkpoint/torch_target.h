// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "results/checkpoint/torch_file.h"

// The reader of checkpoints as libFuzzer calls it: whatever the bytes, it takes them or throws
// std::runtime_error; what it takes lies inside the file, and every tensor can be copied out.
namespace saggio::results {

// True if the bytes were taken.
inline bool read_hostile(const uint8_t* bytes, size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(bytes);
  try {
    const TorchFile file({begin, size}, "f");
    for (const TorchTensor& tensor : file.tensors())
      if (tensor.row_major().size() > size) std::abort();
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace saggio::results
