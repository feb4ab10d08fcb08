// SPDX-License-Identifier: MIT
#include "models/checkpoint.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "results/store/files.h"
#include "results/store/safetensors.h"

namespace saggio::models {
namespace {

constexpr const char* kTensors = "tensors.safetensors";
constexpr const char* kState = "state.json";

std::string dtype_name(const at::Tensor& tensor, const std::string& name) {
  switch (tensor.scalar_type()) {
    case at::kFloat:
      return "F32";
    case at::kDouble:
      return "F64";
    case at::kLong:
      return "I64";
    default:
      throw std::invalid_argument(
          fmt::format("checkpoint: tensor {} is {}, allowed float, double, int64",
                      name,
                      at::toString(tensor.scalar_type())));
  }
}

// What stands in the file where `stored` should fit `tensor`; empty if it does.
std::string misfit(const results::TensorBytes& stored, const NamedTensor& tensor) {
  const std::string dtype = dtype_name(tensor.value, tensor.name);
  const std::vector<int64_t> shape = tensor.value.sizes().vec();
  if (stored.dtype == dtype && stored.shape == shape) return {};
  return fmt::format(
      "tensor {} is {} {}, expected {} {}", tensor.name, stored.dtype, stored.shape, dtype, shape);
}

}  // namespace

void save_checkpoint(const std::filesystem::path& folder,
                     const NamedTensors& tensors,
                     const nlohmann::json& state) {
  std::vector<at::Tensor> kept;  // contiguous, on the CPU; their bytes are borrowed below
  std::vector<results::TensorBytes> all;
  kept.reserve(tensors.size());
  for (const NamedTensor& tensor : tensors) {
    kept.push_back(tensor.value.detach().cpu().contiguous());
    const at::Tensor& value = kept.back();
    all.push_back(
        {.name = tensor.name,
         .dtype = dtype_name(value, tensor.name),
         .shape = value.sizes().vec(),
         .bytes = {static_cast<const std::byte*>(value.const_data_ptr()), value.nbytes()}});
  }
  results::write_safetensors(folder / kTensors, all);
  results::write_durably(folder / kState, state.dump(1));
}

nlohmann::json load_checkpoint(const std::filesystem::path& folder, const NamedTensors& tensors) {
  const std::filesystem::path file = folder / kTensors;
  const results::TensorFile stored = results::read_safetensors(file);
  if (stored.tensors().size() != tensors.size())
    throw std::runtime_error(fmt::format("{}: {} tensors, expected {}: it belongs to another model",
                                         file.string(),
                                         stored.tensors().size(),
                                         tensors.size()));
  for (const NamedTensor& tensor : tensors)
    if (const std::string what = misfit(stored.tensor(tensor.name), tensor); !what.empty())
      throw std::runtime_error(
          fmt::format("{}: {}: it belongs to another model", file.string(), what));
  const at::NoGradGuard no_gradients;
  for (const NamedTensor& tensor : tensors) {
    at::Tensor value = at::empty(tensor.value.sizes(),
                                 tensor.value.options().device(at::kCPU).requires_grad(false));
    const results::TensorBytes& bytes = stored.tensor(tensor.name);
    std::memcpy(value.mutable_data_ptr(), bytes.bytes.data(), bytes.bytes.size());
    tensor.value.copy_(value);
  }
  return nlohmann::json::parse(results::read_file(folder / kState));
}

nlohmann::json to_json(const results::Stream& stream) {
  return {{"key", stream.key()}, {"position", stream.position()}};
}

results::Stream stream_from_json(const nlohmann::json& json) {
  return results::Stream(json.at("key").get<uint64_t>(), json.at("position").get<uint64_t>());
}

}  // namespace saggio::models
