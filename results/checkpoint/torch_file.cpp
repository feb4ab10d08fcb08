// SPDX-License-Identifier: MIT
#include "results/checkpoint/torch_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>

#include "results/checkpoint/pickle.h"
#include "results/store/files.h"
#include "results/store/safetensors.h"

namespace saggio::results {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view kRebuild = "torch._utils._rebuild_tensor_v2";

struct StorageType {
  std::string_view global, dtype;
};
constexpr std::array kStorageTypes = {StorageType{"torch.FloatStorage", "F32"},
                                      StorageType{"torch.DoubleStorage", "F64"},
                                      StorageType{"torch.HalfStorage", "F16"},
                                      StorageType{"torch.BFloat16Storage", "BF16"},
                                      StorageType{"torch.LongStorage", "I64"},
                                      StorageType{"torch.IntStorage", "I32"},
                                      StorageType{"torch.ShortStorage", "I16"},
                                      StorageType{"torch.CharStorage", "I8"},
                                      StorageType{"torch.ByteStorage", "U8"},
                                      StorageType{"torch.BoolStorage", "BOOL"},
                                      StorageType{"torch.ComplexFloatStorage", "C64"}};

// Deeper than any state dict, and far from the end of the stack.
constexpr size_t kMostDepth = 64;

std::vector<std::string_view> allowed_globals() {
  std::vector<std::string_view> globals = {kOrderedDict, kRebuild};
  for (const StorageType& type : kStorageTypes) globals.push_back(type.global);
  return globals;
}

size_t width_of(std::string_view dtype) { return safetensors_dtypes().find(dtype)->second; }

// The records of a checkpoint, without the folder that they all lie in.
struct Archive {
  const ZipRecord* pickle = nullptr;
  std::map<std::string_view, const ZipRecord*> storages;  // by key
};

std::string_view text(const ZipRecord& record) {
  return {reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size()};
}

void expect_text(const ZipRecord& record, std::string_view wanted) {
  if (text(record) != wanted)
    throw std::runtime_error(fmt::format("record '{}' has {} bytes that do not say '{}'",
                                         record.name,
                                         record.bytes.size(),
                                         wanted.substr(0, wanted.find('\n'))));
}

// Puts a record where it belongs; `name` is what follows the folder.
void sort_in(const ZipRecord& record, std::string_view name, Archive& archive) {
  constexpr std::string_view kData = "data/";
  static constexpr std::array<std::string_view, 3> kNotLookedAt = {
      ".data/serialization_id", ".format_version", ".storage_alignment"};
  if (name == "data.pkl") {
    archive.pickle = &record;
  } else if (name == "version") {
    expect_text(record, "3\n");
  } else if (name == "byteorder") {
    expect_text(record, "little");
  } else if (name.starts_with(kData)) {
    archive.storages.emplace(name.substr(kData.size()), &record);
  } else if (std::find(kNotLookedAt.begin(), kNotLookedAt.end(), name) == kNotLookedAt.end()) {
    throw std::runtime_error(
        fmt::format("record '{}' is not read, allowed data.pkl, data/KEY, byteorder, "
                    "version, {}",
                    record.name,
                    fmt::join(kNotLookedAt, ", ")));
  }
}

Archive archive_of(const std::vector<ZipRecord>& records) {
  if (records.empty()) throw std::runtime_error("it has no records");
  const std::string folder = records[0].name.substr(0, records[0].name.find('/') + 1);
  Archive archive;
  bool version = false;
  for (const ZipRecord& record : records) {
    if (folder.empty() || !record.name.starts_with(folder))
      throw std::runtime_error(
          fmt::format("record '{}' does not lie in the folder '{}'", record.name, folder));
    const std::string_view name = std::string_view(record.name).substr(folder.size());
    sort_in(record, name, archive);
    version |= name == "version";
  }
  for (const auto& [name, there] :
       {std::pair("data.pkl", archive.pickle != nullptr), std::pair("version", version)})
    if (!there) throw std::runtime_error(fmt::format("it has no record '{}{}'", folder, name));
  return archive;
}

// Turns the pickle's values into tensors.
class Builder {
 public:
  explicit Builder(const Archive& archive)
      : archive_(archive), pickle_(read_pickle(archive.pickle->bytes, allowed_globals())) {}

  std::vector<TorchTensor> build() {
    walk(pickle_.root, "", 0);
    for (const auto& [key, record] : archive_.storages)
      if (!used_.contains(key))
        throw std::runtime_error(fmt::format("record '{}' belongs to no tensor", record->name));
    return std::move(tensors_);
  }

 private:
  struct Storage {
    std::string_view dtype;
    size_t elements = 0;
    std::span<const std::byte> bytes;
  };

  [[noreturn]] static void fail(const PickleValue& value, const std::string& why) {
    throw std::runtime_error(fmt::format("{}, at byte {}", why, value.offset));
  }

  const PickleValue& expect(uint32_t at, Kind kind, std::string_view what) const {
    const PickleValue& value = pickle_[at];
    if (value.kind != kind)
      fail(value, fmt::format("{} is {}, needs {}", what, name(value.kind), name(kind)));
    return value;
  }
  int64_t count(uint32_t at, std::string_view what) const {
    const PickleValue& value = expect(at, Kind::Int, what);
    if (value.integer < 0) fail(value, fmt::format("{} is {}, allowed >= 0", what, value.integer));
    return value.integer;
  }
  std::vector<int64_t> counts(uint32_t at, std::string_view what) const {
    std::vector<int64_t> numbers;
    for (const uint32_t item : expect(at, Kind::Tuple, what).items)
      numbers.push_back(count(item, what));
    return numbers;
  }

  void walk(uint32_t at, const std::string& path, size_t depth) {
    const PickleValue& value = pickle_[at];
    switch (value.kind) {
      case Kind::None:
      case Kind::Bool:
      case Kind::Int:
      case Kind::Float:
      case Kind::Text:
        return;
      case Kind::Dict:
      case Kind::List:
      case Kind::Tuple:
        return walk_container(at, path, depth);
      case Kind::Call:
        return add_tensor(value, path);
      case Kind::Global:
      case Kind::Reference:
        fail(value, fmt::format("'{}' is {}", path, name(value.kind)));
    }
  }

  // A container that is met twice may hold itself, or stand for more tensors than there are bytes.
  void walk_container(uint32_t at, const std::string& path, size_t depth) {
    const PickleValue& value = pickle_[at];
    if (depth >= kMostDepth)
      fail(value, fmt::format("containers are nested deeper than {}", kMostDepth));
    if (!value.items.empty() && !walked_.insert(at).second)
      fail(value, fmt::format("'{}' is {} that is met twice", path, name(value.kind)));
    const bool dict = value.kind == Kind::Dict;
    std::set<std::string> keys;
    for (size_t i = 0; i < value.items.size(); i += dict ? 2 : 1) {
      const std::string key = dict ? key_of(value.items[i]) : fmt::format("{}", i);
      if (!keys.insert(key).second)
        fail(value, fmt::format("'{}' has the key '{}' twice", path, key));
      walk(value.items[dict ? i + 1 : i], path.empty() ? key : path + "." + key, depth + 1);
    }
  }

  std::string key_of(uint32_t at) const {
    const PickleValue& key = pickle_[at];
    if (key.kind == Kind::Int) return fmt::format("{}", key.integer);
    return std::string(expect(at, Kind::Text, "a key").text);
  }

  // _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks)
  void add_tensor(const PickleValue& call, const std::string& path) {
    const PickleValue& function = pickle_[call.items[0]];
    if (function.text != kRebuild)
      fail(call, fmt::format("'{}' is a call of {}, allowed {}", path, function.text, kRebuild));
    const std::vector<uint32_t>& arguments = pickle_[call.items[1]].items;
    if (arguments.size() != 6)
      fail(call, fmt::format("tensor '{}' has {} arguments, needs 6", path, arguments.size()));
    const Storage storage = storage_of(arguments[0]);
    const int64_t offset = count(arguments[1], "an offset of a storage");
    TorchTensor tensor{.name = path,
                       .dtype = std::string(storage.dtype),
                       .shape = counts(arguments[2], "an extent"),
                       .strides = counts(arguments[3], "a stride"),
                       .bytes = {}};
    expect(arguments[4], Kind::Bool, "requires_grad");
    if (!expect(arguments[5], Kind::Dict, "backward_hooks").items.empty())
      fail(call, fmt::format("tensor '{}' has backward hooks, allowed none", path));
    if (!names_.insert(path).second) fail(call, fmt::format("the name '{}' occurs twice", path));
    tensor.bytes = bytes_of(call, tensor, storage, static_cast<size_t>(offset));
    tensors_.push_back(std::move(tensor));
  }

  // ('storage', type, key, device, number of elements)
  Storage storage_of(uint32_t at) {
    const PickleValue& reference = expect(at, Kind::Reference, "a storage");
    const std::vector<uint32_t>& id =
        expect(reference.items[0], Kind::Tuple, "a storage's id").items;
    if (id.size() != 5)
      fail(reference, fmt::format("a storage's id has {} parts, needs 5", id.size()));
    if (expect(id[0], Kind::Text, "the first part of a storage's id").text != "storage")
      fail(reference, "a storage's id does not begin with 'storage'");
    const PickleValue& global = expect(id[1], Kind::Global, "a storage's type");
    const auto type = std::find_if(kStorageTypes.begin(), kStorageTypes.end(), [&](auto& known) {
      return known.global == global.text;
    });
    if (type == kStorageTypes.end())
      fail(global, fmt::format("a storage has the type {}", global.text));
    const std::string_view key = expect(id[2], Kind::Text, "a storage's key").text;
    expect(id[3], Kind::Text, "a storage's device");
    const auto elements = static_cast<size_t>(count(id[4], "a storage's number of elements"));
    const auto record = archive_.storages.find(key);
    if (record == archive_.storages.end())
      fail(reference, fmt::format("there is no record 'data/{}'", key));
    return checked(reference, {type->dtype, elements, record->second->bytes}, key);
  }

  Storage checked(const PickleValue& reference, const Storage& storage, std::string_view key) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(storage.elements, width_of(storage.dtype), &bytes) ||
        bytes != storage.bytes.size())
      fail(reference,
           fmt::format("storage '{}' of {} {} does not fit its record of {} bytes",
                       key,
                       storage.elements,
                       storage.dtype,
                       storage.bytes.size()));
    const auto [before, fresh] = used_.emplace(key, storage.dtype);
    if (!fresh && before->second != storage.dtype)
      fail(
          reference,
          fmt::format("storage '{}' is {} here and {} before", key, storage.dtype, before->second));
    return storage;
  }

  // The part of the storage between the tensor's first element and its last.
  static std::span<const std::byte> bytes_of(const PickleValue& call,
                                             const TorchTensor& tensor,
                                             const Storage& storage,
                                             size_t offset) {
    const auto wrong = [&](std::string_view why) {
      fail(call,
           fmt::format("tensor '{}' of shape [{}], strides [{}] from element {} {} of {} elements",
                       tensor.name,
                       fmt::join(tensor.shape, ", "),
                       fmt::join(tensor.strides, ", "),
                       offset,
                       why,
                       storage.elements));
    };
    if (tensor.shape.size() != tensor.strides.size())
      wrong("has not a stride for each extent, in a storage");
    std::vector<std::pair<size_t, size_t>> steps;  // stride, extent
    bool empty = false;
    for (size_t i = 0; i < tensor.shape.size(); ++i) {
      empty |= tensor.shape[i] == 0;
      if (tensor.shape[i] > 1)
        steps.emplace_back(static_cast<size_t>(tensor.strides[i]),
                           static_cast<size_t>(tensor.shape[i]));
    }
    std::sort(steps.begin(), steps.end());
    size_t last = 0;  // the element, from the tensor's first
    for (const auto& [stride, extent] : steps) {
      if (empty) break;
      if (stride <= last) wrong("lies on itself in its storage");
      size_t reach = 0;
      if (__builtin_mul_overflow(stride, extent - 1, &reach) ||
          __builtin_add_overflow(last, reach, &last))
        wrong("leaves its storage");
    }
    if (offset > storage.elements || (!empty && last >= storage.elements - offset))
      wrong("leaves its storage");
    const size_t width = width_of(storage.dtype);
    return storage.bytes.subspan(offset * width, empty ? 0 : (last + 1) * width);
  }

  const Archive& archive_;
  Pickle pickle_;
  std::vector<TorchTensor> tensors_;
  std::set<std::string> names_;
  std::set<uint32_t> walked_;
  std::map<std::string_view, std::string_view> used_;  // keys of storages, their dtype
};

}  // namespace

std::vector<std::byte> TorchTensor::row_major() const {
  const size_t width = width_of(dtype);
  size_t count = 1;
  for (const int64_t extent : shape) count *= static_cast<size_t>(extent);
  if (bytes.empty()) return {};
  std::vector<std::byte> out(count * width);
  std::vector<int64_t> index(shape.size(), 0);
  size_t from = 0;
  for (size_t to = 0; to < count; ++to) {
    std::memcpy(out.data() + to * width, bytes.data() + from * width, width);
    for (size_t i = shape.size(); i-- > 0;) {  // the next index, as a counter turns
      from += static_cast<size_t>(strides[i]);
      if (++index[i] < shape[i]) break;
      from -= static_cast<size_t>(strides[i] * shape[i]);
      index[i] = 0;
    }
  }
  return out;
}

TorchFile::TorchFile(std::span<const std::byte> file, std::string_view where) : where_(where) {
  try {
    // Stored records that hold more than the file lie on each other.
    records_ = zip_records(file, ZipMethods::Stored, file.size());
    const Archive archive = archive_of(records_);
    tensors_ = Builder(archive).build();
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(
        fmt::format("{}: not a PyTorch checkpoint that is read: {}", where, error.what()));
  }
}

const TorchTensor& TorchFile::tensor(std::string_view name) const {
  for (const TorchTensor& tensor : tensors_)
    if (tensor.name == name) return tensor;
  throw std::runtime_error(fmt::format("{}: has no tensor '{}'", where_, name));
}

TorchFile read_torch_file(const std::filesystem::path& file) {
  return TorchFile(read_bytes(file), file.string());
}

}  // namespace saggio::results
