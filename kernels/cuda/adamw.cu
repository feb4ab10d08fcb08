// SPDX-License-Identifier: MIT
#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include "kernels/cuda/adamw_cuda.h"
#include "kernels/cuda/philox.h"

namespace saggio::kernels {
namespace {

constexpr int kThreads = 256;
constexpr int kBlocksPerProcessor = 6;  // 65,536 registers / (6 x 256): at most 40 each

template <class T, int kWidth>
struct alignas(sizeof(T) * kWidth < 16 ? sizeof(T) * kWidth : 16) Packet {
  T x[kWidth];
};

template <int kWidth, class T>
__device__ Packet<T, kWidth>& packet(T* array, int64_t i) {
  return *reinterpret_cast<Packet<T, kWidth>*>(array + i);
}
template <int kWidth, class T>
__device__ const Packet<T, kWidth>& packet(const T* array, int64_t i) {
  return *reinterpret_cast<const Packet<T, kWidth>*>(array + i);
}

__device__ float load(float x) { return x; }
__device__ float load(__nv_bfloat16 x) { return __bfloat162float(x); }

// Up with the probability that makes x the mean: 16 random bits carry into the last that stays.
__device__ __nv_bfloat16 round_at_random(float x, uint32_t bits16) {
  if (!isfinite(x)) return __float2bfloat16(x);
  return __ushort_as_bfloat16(static_cast<unsigned short>((__float_as_uint(x) + bits16) >> 16));
}

// The entries' random bits: 16 of draw i / 2 of the tensor's stream, the low ones for even i.
template <int kWidth>
struct RandomBits {
  uint32_t draws[(kWidth + 1) / 2];
  int shift;
  __device__ RandomBits(uint64_t key, uint64_t entry) : shift(kWidth == 1 ? (entry % 2) * 16 : 0) {
    const PhiloxBlock block = philox(key, entry / 8);
    const int first = static_cast<int>(entry % 8) / 2;
    if constexpr (kWidth == 8) {
      for (int j = 0; j < 4; ++j) draws[j] = block.draws[j];
    } else if constexpr (kWidth == 4) {
      draws[0] = first == 0 ? block.draws[0] : block.draws[2];
      draws[1] = first == 0 ? block.draws[1] : block.draws[3];
    } else {
      draws[0] = first < 2 ? (first == 0 ? block.draws[0] : block.draws[1])
                           : (first == 2 ? block.draws[2] : block.draws[3]);
    }
  }
  __device__ uint32_t of(int j) const { return draws[j / 2] >> (shift + j % 2 * 16) & 0xFFFFU; }
};

struct ChunkConstants {
  float keep, scale;
  uint64_t key;
};

// kWidth neighbouring entries, from their i-th in the chunk.
template <int kWidth, class P, class G>
__device__ void step_entries(const AdamwChunk& chunk,
                             const DeviceStep& c,
                             const ChunkConstants& constants,
                             int64_t i) {
  const DeviceTensor& part = chunk.part;
  P* parameter = static_cast<P*>(part.parameter);
  Packet<P, kWidth> p = packet<kWidth>(parameter, i);
  Packet<float, kWidth> m = packet<kWidth>(part.mean, i), v = packet<kWidth>(part.square, i), full;
  const Packet<G, kWidth> gradient = packet<kWidth>(static_cast<const G*>(part.gradient), i);
  if (part.master != nullptr) full = packet<kWidth>(part.master, i);
#pragma unroll
  for (int j = 0; j < kWidth; ++j) {
    const float old = part.master != nullptr ? full.x[j] : load(p.x[j]);
    full.x[j] = old;
    if (part.trainable != nullptr && part.trainable[i + j] == 0) continue;
    const float g = load(gradient.x[j]) * constants.scale;
    m.x[j] = c.beta1 * m.x[j] + c.one_minus_beta1 * g;
    v.x[j] = c.beta2 * v.x[j] + c.one_minus_beta2 * g * g;
    full.x[j] = old * constants.keep - c.step_size * m.x[j] / (sqrtf(v.x[j]) * c.root + c.epsilon);
  }
  if constexpr (sizeof(P) == 4) {
    packet<kWidth>(parameter, i) = full;
  } else if (part.master != nullptr) {
    packet<kWidth>(part.master, i) = full;
    for (int j = 0; j < kWidth; ++j) p.x[j] = __float2bfloat16(full.x[j]);
    packet<kWidth>(parameter, i) = p;
  } else {
    const RandomBits<kWidth> bits(constants.key, chunk.offset + i);
    for (int j = 0; j < kWidth; ++j)
      if (part.trainable == nullptr || part.trainable[i + j] != 0)
        p.x[j] = round_at_random(full.x[j], bits.of(j));
    packet<kWidth>(parameter, i) = p;
  }
  packet<kWidth>(part.mean, i) = m;
  packet<kWidth>(part.square, i) = v;
}

template <class P, class G>
__global__ void __launch_bounds__(kThreads, kBlocksPerProcessor)
    adamw_kernel(const AdamwChunk* __restrict__ table, int64_t count, DeviceStep c) {
  constexpr int kWidth = 4;
  const float scale = c.gradient_scale * (c.scale_on_device == nullptr ? 1.0F : *c.scale_on_device);
  for (int64_t number = blockIdx.x; number < count; number += gridDim.x) {
    const AdamwChunk& chunk = table[number];
    const ChunkConstants constants = {static_cast<float>(1 - c.lr * chunk.part.decay),
                                      scale,
                                      split_key(c.rounding_key, chunk.tensor)};
    const int64_t entries = chunk.part.count;
    const int64_t packed = chunk.aligned != 0 ? entries / kWidth * kWidth : 0;
    for (int64_t i = threadIdx.x * kWidth; i < packed; i += kThreads * kWidth)
      step_entries<kWidth, P, G>(chunk, c, constants, i);
    for (int64_t i = packed + threadIdx.x; i < entries; i += kThreads)
      step_entries<1, P, G>(chunk, c, constants, i);
  }
}

int grid_for(int64_t count) {
  int device = 0, processors = 1;
  cudaGetDevice(&device);
  cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
  const int64_t resident = int64_t{processors} * kBlocksPerProcessor;
  return static_cast<int>(count < resident ? count : resident);
}

// The sum over the block's threads in a fixed order; valid in thread 0.
__device__ double block_sum(double sum) {
  __shared__ double warps[kThreads / 32];
  for (int distance = 16; distance > 0; distance /= 2)
    sum += __shfl_down_sync(0xFFFFFFFFU, sum, distance);
  __syncthreads();  // the last use of `warps` is over
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x != 0) return 0;
  for (int warp = 1; warp < kThreads / 32; ++warp) sum += warps[warp];
  return sum;
}

template <class G>
__global__ void __launch_bounds__(kThreads, kBlocksPerProcessor)
    squares_kernel(const AdamwChunk* __restrict__ table, int64_t count, double* sums) {
  constexpr int kWidth = 16 / sizeof(G);
  for (int64_t number = blockIdx.x; number < count; number += gridDim.x) {
    const DeviceTensor& part = table[number].part;
    const G* gradient = static_cast<const G*>(part.gradient);
    const auto square = [&](G value, int64_t i) {
      const double g = load(value);
      return part.trainable == nullptr || part.trainable[i] != 0 ? g * g : 0.;
    };
    const int64_t packed = table[number].aligned != 0 ? part.count / kWidth * kWidth : 0;
    double sum = 0;
    for (int64_t i = threadIdx.x * kWidth; i < packed; i += kThreads * kWidth) {
      const Packet<G, kWidth> g = packet<kWidth>(gradient, i);
#pragma unroll
      for (int j = 0; j < kWidth; ++j) sum += square(g.x[j], i + j);
    }
    for (int64_t i = packed + threadIdx.x; i < part.count; i += kThreads)
      sum += square(gradient[i], i);
    sum = block_sum(sum);
    if (threadIdx.x == 0) sums[number] = sum;
  }
}

__global__ void __launch_bounds__(kThreads)
    norm_kernel(const double* __restrict__ sums, int64_t count, float limit, float* result) {
  double sum = 0;
  for (int64_t i = threadIdx.x; i < count; i += kThreads) sum += sums[i];
  sum = block_sum(sum);
  if (threadIdx.x != 0) return;
  const double norm = sqrt(sum);
  result[0] = static_cast<float>(norm);
  result[1] = limit > 0 && isfinite(norm) && norm > limit ? static_cast<float>(limit / norm) : 1.0F;
}

}  // namespace

int adamw_launch(AdamwTypes types,
                 const AdamwChunk* table,
                 int64_t count,
                 const DeviceStep& step,
                 CUstream_st* stream) {
  if (count == 0) return cudaSuccess;
  const int grid = grid_for(count);
  switch (types) {
    case AdamwTypes::F32:
      adamw_kernel<float, float><<<grid, kThreads, 0, stream>>>(table, count, step);
      break;
    case AdamwTypes::Bf16:
      adamw_kernel<__nv_bfloat16, __nv_bfloat16><<<grid, kThreads, 0, stream>>>(table, count, step);
      break;
    case AdamwTypes::Bf16WithF32Gradients:
      adamw_kernel<__nv_bfloat16, float><<<grid, kThreads, 0, stream>>>(table, count, step);
      break;
  }
  return cudaGetLastError();
}

int gradient_norm_launch(AdamwTypes types,
                         const AdamwChunk* table,
                         int64_t count,
                         float limit,
                         double* sums,
                         float* result,
                         CUstream_st* stream) {
  if (count > 0) {
    if (types == AdamwTypes::Bf16)
      squares_kernel<__nv_bfloat16><<<grid_for(count), kThreads, 0, stream>>>(table, count, sums);
    else
      squares_kernel<float><<<grid_for(count), kThreads, 0, stream>>>(table, count, sums);
  }
  norm_kernel<<<1, kThreads, 0, stream>>>(sums, count, limit, result);
  return cudaGetLastError();
}

}  // namespace saggio::kernels
