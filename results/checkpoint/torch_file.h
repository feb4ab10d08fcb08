// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/zip_records.h"

// A published PyTorch checkpoint (`.pth`, `.pt`) as data: what torch.save writes since PyTorch 1.6
// of dicts, lists and tuples of tensors, numbers and texts. A zip file of
//
//   NAME/data.pkl           the containers, as a pickle (pickle.h); nothing in it is ever run
//   NAME/data/KEY           a storage's elements, little-endian
//   NAME/byteorder          "little", where it is there
//   NAME/version            "3\n"
//   NAME/.data/serialization_id, .format_version, .storage_alignment    not looked at
//
// Strict: any other record, global, opcode or argument is an error that names it, and its byte in
// the pickle; so is a storage that is missing, of another size, never used or used as two types,
// and a tensor that leaves its storage, has a negative stride or lies on itself. Tensors may share a
// storage, as tied weights do. Devices are ignored: the bytes are the same.
namespace saggio::results {

struct TorchTensor {
  // The keys that lead to it, joined by dots; places of lists and tuples from 0:
  // "model.mlp.0.weight", "optimizer.state.0.exp_avg".
  std::string name;
  std::string dtype;  // "F32": safetensors' names (results/store/safetensors.h)
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;      // in elements, >= 0; as long as the shape
  std::span<const std::byte> bytes;  // from its first element to its last; borrowed

  // The elements one behind the other, the last index the fastest.
  std::vector<std::byte> row_major() const;
};

// The records of a file in memory. Moves but does not copy, so that the views into them stay valid.
class TorchFile {
 public:
  // Parses; `where` is for errors.
  TorchFile(std::span<const std::byte> file, std::string_view where);
  TorchFile(TorchFile&&) = default;
  TorchFile& operator=(TorchFile&&) = default;

  const std::vector<TorchTensor>& tensors() const { return tensors_; }  // in the file's order
  // Throws naming the file if there is none.
  const TorchTensor& tensor(std::string_view name) const;

 private:
  std::vector<ZipRecord> records_;
  std::string where_;
  std::vector<TorchTensor> tensors_;
};

// Throws std::runtime_error naming the file and what is wrong in it, and where.
TorchFile read_torch_file(const std::filesystem::path& file);

}  // namespace saggio::results
