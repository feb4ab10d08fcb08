// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

struct CUstream_st;  // cudaStream_t points to one

// kernels/adamw.h on a CUDA device, without LibTorch: raw device pointers in, one launch for all
// tensors. The tensors are cut into chunks on the host; the table of chunks lies in device memory
// and stays valid for as long as the pointers do. Launches return at once; their int is a
// cudaError_t, 0 for success.
namespace saggio::kernels {

// A contiguous tensor in device memory, with the meaning of AdamwTensor's fields.
struct DeviceTensor {
  void* parameter = nullptr;       // f32 or bf16, as AdamwTypes says
  const void* gradient = nullptr;  // likewise
  float* mean = nullptr;
  float* square = nullptr;
  float* master = nullptr;             // bf16 parameters only, may be null
  const uint8_t* trainable = nullptr;  // may be null
  int64_t count = 0;
  double decay = 0;
};

// At most kChunkElements entries of one tensor.
struct AdamwChunk {
  DeviceTensor part;    // pointers to the chunk's first entry, its count
  uint64_t tensor = 0;  // number of the tensor: names its random bits
  uint64_t offset = 0;  // of the first entry in its tensor, a multiple of kChunkElements
  int32_t aligned = 0;  // every pointer is a multiple of 16 bytes: moved 16 bytes at a time
};

inline constexpr int64_t kChunkElements = int64_t{1} << 13;

enum class AdamwTypes { F32, Bf16, Bf16WithF32Gradients };

// Throws std::invalid_argument for a tensor that lacks a pointer or whose count is negative.
std::vector<AdamwChunk> cut_chunks(std::span<const DeviceTensor> tensors, AdamwTypes types);

struct DeviceStep {
  float beta1, one_minus_beta1, beta2, one_minus_beta2;
  float lr;
  float step_size;  // lr / correction1
  float root;       // 1 / sqrt(correction2)
  float epsilon;
  float gradient_scale;
  const float* scale_on_device;  // may be null; multiplies gradient_scale
  uint64_t rounding_key;
};

// table: [count] AdamwChunk in device memory. 28 bytes a parameter in f32.
int adamw_launch(AdamwTypes types,
                 const AdamwChunk* table,
                 int64_t count,
                 const DeviceStep& step,
                 CUstream_st* stream);

// The norm of all gradients of the table without the frozen entries, and what clipping it to
// `limit` multiplies them by (0: no limit): result[0], result[1], on the device, fit for
// scale_on_device. Two launches. sums: [count] f64 of scratch on the device. Summed in double in one
// order, so that the same table gives the same bits.
int gradient_norm_launch(AdamwTypes types,
                         const AdamwChunk* table,
                         int64_t count,
                         float limit,
                         double* sums,
                         float* result,
                         CUstream_st* stream);

}  // namespace saggio::kernels
