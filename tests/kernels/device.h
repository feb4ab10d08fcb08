// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>

// What tests of the CUDA kernels share: a visible skip without a device, and tensors' bytes on it.
namespace saggio::kernels {

class OnDevice : public testing::Test {
 protected:
  void SetUp() override {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)
      GTEST_SKIP() << "no CUDA device here: the kernels were compiled but not run";
  }
};

inline void check(int error) {
  if (error != cudaSuccess)
    throw std::runtime_error(cudaGetErrorString(static_cast<cudaError_t>(error)));
}

// A copy of a tensor's bytes on the device, at an address `shift` entries past an aligned one.
class OnDeviceCopy {
 public:
  explicit OnDeviceCopy(const at::Tensor& x, int64_t shift = 0) : bytes_(x.nbytes()) {
    check(cudaMalloc(&base_, bytes_ + 256));
    data_ = static_cast<char*>(base_) + shift * x.element_size();
    check(cudaMemcpy(data_, x.const_data_ptr(), bytes_, cudaMemcpyHostToDevice));
  }
  OnDeviceCopy(OnDeviceCopy&& other) noexcept
      : bytes_(other.bytes_), base_(other.base_), data_(other.data_) {
    other.base_ = nullptr;
  }
  OnDeviceCopy& operator=(OnDeviceCopy&&) = delete;
  ~OnDeviceCopy() { cudaFree(base_); }
  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }
  void read_into(const at::Tensor& x) const {
    check(cudaMemcpy(x.mutable_data_ptr(), data_, bytes_, cudaMemcpyDeviceToHost));
  }

 private:
  size_t bytes_;
  void* base_ = nullptr;
  void* data_ = nullptr;
};

}  // namespace saggio::kernels
