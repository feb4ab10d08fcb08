// SPDX-License-Identifier: MIT
#include "results/store/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "results/store/files.h"

namespace saggio::results {
namespace {

using nlohmann::json;

constexpr size_t kLengthBytes = 8;
constexpr size_t kMostHeaderBytes = 100'000'000;  // as the reference implementation
constexpr int kMostDepth = 3;                     // header, tensor, shape, extent
constexpr size_t kAlignment = 8;
constexpr const char* kMetadata = "__metadata__";

// Bytes of a tensor; nothing if that overflows, a dimension is negative or the dtype is unknown.
std::optional<size_t> size_of(std::string_view dtype, std::span<const int64_t> shape) {
  const auto known = safetensors_dtypes().find(dtype);
  if (known == safetensors_dtypes().end()) return std::nullopt;
  size_t size = known->second;
  for (const int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(size, static_cast<size_t>(extent), &size))
      return std::nullopt;
  return size;
}

std::string all_dtypes() {
  std::vector<std::string> names;
  for (const auto& [dtype, bytes] : safetensors_dtypes()) names.push_back(dtype);
  return fmt::format("{}", fmt::join(names, ", "));
}

// A JSON parser callback that refuses what the parser would quietly accept: keys that occur twice,
// and depth.
class StrictKeys {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (depth > kMostDepth) throw std::runtime_error("the header is nested too deeply");
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event == json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second)
      throw std::runtime_error(
          fmt::format("the header has the name '{}' twice", parsed.get<std::string>()));
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

json parse_header(std::string_view text) {
  if (text.empty() || text.front() != '{')
    throw std::runtime_error("the header does not begin with {");
  const auto keys = std::make_shared<StrictKeys>();  // the parser copies its callback
  const auto callback = [keys](int depth, json::parse_event_t event, const json& parsed) {
    return (*keys)(depth, event, parsed);
  };
  try {
    return json::parse(text, callback);
  } catch (const json::parse_error& error) {
    throw std::runtime_error(fmt::format("the header is not valid JSON at byte {}", error.byte));
  } catch (const json::exception&) {
    throw std::runtime_error("the header has a number that is out of range");
  }
}

struct Entry {
  std::string name, dtype;
  std::vector<int64_t> shape;
  size_t begin, end;
};

size_t to_size(const json& value, const std::string& where) {
  if (!value.is_number_unsigned() ||
      value.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    throw std::runtime_error(
        fmt::format("{} is {}, allowed a whole number from 0 to 2^63 - 1", where, value.dump()));
  return value.get<size_t>();
}

void require_keys(const json& value, const std::string& name) {
  if (!value.is_object())
    throw std::runtime_error(fmt::format("tensor '{}' is not an object", name));
  for (const char* key : {"dtype", "shape", "data_offsets"})
    if (!value.contains(key))
      throw std::runtime_error(fmt::format("tensor '{}' has no {}", name, key));
  for (const auto& [key, unused] : value.items())
    if (key != "dtype" && key != "shape" && key != "data_offsets")
      throw std::runtime_error(fmt::format(
          "tensor '{}' has an unknown key '{}', allowed dtype, shape, data_offsets", name, key));
}

Entry parse_entry(const std::string& name, const json& value) {
  require_keys(value, name);
  Entry entry{.name = name, .dtype = {}, .shape = {}, .begin = 0, .end = 0};
  if (!value["dtype"].is_string() ||
      !safetensors_dtypes().contains(value["dtype"].get<std::string>()))
    throw std::runtime_error(fmt::format(
        "tensor '{}' has dtype {}, allowed {}", name, value["dtype"].dump(), all_dtypes()));
  entry.dtype = value["dtype"].get<std::string>();
  if (!value["shape"].is_array())
    throw std::runtime_error(fmt::format("tensor '{}' has a shape that is no list", name));
  for (const json& extent : value["shape"])
    entry.shape.push_back(
        static_cast<int64_t>(to_size(extent, fmt::format("an extent of tensor '{}'", name))));
  const json& offsets = value["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2)
    throw std::runtime_error(fmt::format("tensor '{}' has data_offsets that are no pair", name));
  entry.begin = to_size(offsets[0], fmt::format("the first offset of tensor '{}'", name));
  entry.end = to_size(offsets[1], fmt::format("the last offset of tensor '{}'", name));
  return entry;
}

void check_size(const Entry& entry, size_t data_bytes) {
  if (entry.begin > entry.end || entry.end > data_bytes)
    throw std::runtime_error(
        fmt::format("tensor '{}' has data_offsets {} to {}, allowed in order and up to {}",
                    entry.name,
                    entry.begin,
                    entry.end,
                    data_bytes));
  const std::optional<size_t> size = size_of(entry.dtype, entry.shape);
  if (!size || *size != entry.end - entry.begin)
    throw std::runtime_error(
        fmt::format("tensor '{}' of {} [{}] needs {} bytes, its data_offsets have {}",
                    entry.name,
                    entry.dtype,
                    fmt::join(entry.shape, ", "),
                    size ? fmt::format("{}", *size) : "more than 2^64",
                    entry.end - entry.begin));
}

// Together the tensors must be the data: no hole, no overlap, nothing left over.
void check_cover(const std::vector<Entry>& entries, size_t data_bytes) {
  std::vector<const Entry*> order;
  order.reserve(entries.size());
  for (const Entry& entry : entries) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  size_t next = 0;
  for (const Entry* entry : order) {
    if (entry->begin != next)
      throw std::runtime_error(
          fmt::format("tensor '{}' begins at {}, {} the tensor before, which ends at {}",
                      entry->name,
                      entry->begin,
                      entry->begin < next ? "inside" : "after a hole behind",
                      next));
    next = entry->end;
  }
  if (next != data_bytes)
    throw std::runtime_error(
        fmt::format("the tensors end at {}, the data at {}", next, data_bytes));
}

std::map<std::string, std::string> parse_metadata(const json& value) {
  if (!value.is_object()) throw std::runtime_error("__metadata__ is not an object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string())
      throw std::runtime_error(fmt::format("__metadata__ '{}' is not a text", key));
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

size_t header_length(std::span<const std::byte> file) {
  if (file.size() < kLengthBytes)
    throw std::runtime_error(
        fmt::format("it has {} bytes, needs 8 for the header's length", file.size()));
  uint64_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) length |= static_cast<uint64_t>(file[i]) << (8 * i);
  if (length > kMostHeaderBytes)
    throw std::runtime_error(
        fmt::format("it has a header of {} bytes, allowed up to {}", length, kMostHeaderBytes));
  if (length > file.size() - kLengthBytes)
    throw std::runtime_error(
        fmt::format("it has a header of {} bytes but ends after {}: it is truncated",
                    length,
                    file.size() - kLengthBytes));
  return static_cast<size_t>(length);
}

// Writing.

void check_tensor(const TensorBytes& tensor) {
  if (tensor.name == kMetadata)
    throw std::invalid_argument("tensor name '__metadata__', which the format keeps for itself");
  if (!safetensors_dtypes().contains(tensor.dtype))
    throw std::invalid_argument(fmt::format(
        "tensor '{}' has dtype '{}', allowed {}", tensor.name, tensor.dtype, all_dtypes()));
  const std::optional<size_t> size = size_of(tensor.dtype, tensor.shape);
  if (!size || *size != tensor.bytes.size())
    throw std::invalid_argument(fmt::format("tensor '{}' of {} [{}] has {} bytes, needs {}",
                                            tensor.name,
                                            tensor.dtype,
                                            fmt::join(tensor.shape, ", "),
                                            tensor.bytes.size(),
                                            size ? fmt::format("{}", *size) : "a valid shape"));
}

std::vector<const TensorBytes*> in_file_order(std::span<const TensorBytes> tensors) {
  std::vector<const TensorBytes*> order;
  order.reserve(tensors.size());
  for (const TensorBytes& tensor : tensors) check_tensor(tensor), order.push_back(&tensor);
  const auto width = [](const TensorBytes* tensor) {
    return safetensors_dtypes().find(tensor->dtype)->second;
  };
  std::sort(order.begin(), order.end(), [&](const TensorBytes* a, const TensorBytes* b) {
    return width(a) != width(b) ? width(a) > width(b) : a->name < b->name;
  });
  return order;
}

std::string header_of(const std::vector<const TensorBytes*>& order,
                      const std::map<std::string, std::string>& metadata) {
  json header = json::object();
  if (!metadata.empty()) header[kMetadata] = metadata;
  size_t begin = 0;
  for (const TensorBytes* tensor : order) {
    if (header.contains(tensor->name))
      throw std::invalid_argument(
          fmt::format("tensor name '{}' occurs twice, allowed once", tensor->name));
    const size_t end = begin + tensor->bytes.size();
    header[tensor->name] = {
        {"dtype", tensor->dtype}, {"shape", tensor->shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception& error) {
    throw std::invalid_argument(
        fmt::format("a tensor name or metadata is not UTF-8 ({})", error.what()));
  }
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment,
              ' ');  // so that the data begin aligned
  if (text.size() > kMostHeaderBytes)
    throw std::invalid_argument(fmt::format(
        "the header would have {} bytes, allowed up to {}", text.size(), kMostHeaderBytes));
  return text;
}

std::string encode_length(size_t length) {
  std::string text;
  for (size_t i = 0; i < kLengthBytes; ++i)
    text += static_cast<char>(static_cast<uint64_t>(length) >> (8 * i) & 0xff);
  return text;
}

}  // namespace

const std::map<std::string, size_t, std::less<>>& safetensors_dtypes() {
  static const std::map<std::string, size_t, std::less<>> kBytes = {{"BOOL", 1},
                                                                    {"U8", 1},
                                                                    {"I8", 1},
                                                                    {"F8_E4M3", 1},
                                                                    {"F8_E5M2", 1},
                                                                    {"F8_E8M0", 1},
                                                                    {"I16", 2},
                                                                    {"U16", 2},
                                                                    {"F16", 2},
                                                                    {"BF16", 2},
                                                                    {"I32", 4},
                                                                    {"U32", 4},
                                                                    {"F32", 4},
                                                                    {"I64", 8},
                                                                    {"U64", 8},
                                                                    {"F64", 8},
                                                                    {"C64", 8}};
  return kBytes;
}

TensorFile::TensorFile(std::vector<std::byte> file, std::string_view where)
    : file_(std::move(file)), where_(where) {
  try {
    const std::span<const std::byte> all(file_);
    const size_t length = header_length(all);
    const auto data = all.subspan(kLengthBytes + length);
    const json header =
        parse_header({reinterpret_cast<const char*>(all.data()) + kLengthBytes, length});
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == kMetadata) {
        metadata_ = parse_metadata(value);
        continue;
      }
      entries.push_back(parse_entry(name, value));
      check_size(entries.back(), data.size());
    }
    check_cover(entries, data.size());
    for (Entry& entry : entries)
      tensors_.push_back({std::move(entry.name),
                          std::move(entry.dtype),
                          std::move(entry.shape),
                          data.subspan(entry.begin, entry.end - entry.begin)});
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: not a safetensors file: {}", where, error.what()));
  }
}

const TensorBytes& TensorFile::tensor(std::string_view name) const {
  for (const TensorBytes& tensor : tensors_)
    if (tensor.name == name) return tensor;
  throw std::runtime_error(fmt::format("{}: has no tensor '{}'", where_, name));
}

TensorFile read_safetensors(const std::filesystem::path& file) {
  return TensorFile(read_bytes(file), file.string());
}

void write_safetensors(const std::filesystem::path& file,
                       std::span<const TensorBytes> tensors,
                       const std::map<std::string, std::string>& metadata) {
  const auto order = in_file_order(tensors);
  const std::string header = header_of(order, metadata), length = encode_length(header.size());
  std::vector<std::string_view> pieces = {length, header};
  for (const TensorBytes* tensor : order)
    pieces.emplace_back(reinterpret_cast<const char*>(tensor->bytes.data()), tensor->bytes.size());
  write_durably(file, pieces);
}

}  // namespace saggio::results
