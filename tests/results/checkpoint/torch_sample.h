// SPDX-License-Identifier: MIT
#pragma once

#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Checkpoints written byte by byte, as torch.save lays them out: what the reader's tests and the
// fuzzer change.
namespace saggio::results::sample {

inline std::string little(uint64_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value & 0xff);
  return text;
}

struct Record {
  std::string name, content;
};

inline uint32_t crc(const std::string& content) {
  boost::crc_32_type crc;
  crc.process_bytes(content.data(), content.size());
  return crc.checksum();
}

// What the local header and the directory say alike: version, flags, method, time, date, CRC, sizes.
inline std::string common(const Record& record, bool sizes) {
  const uint64_t size = record.content.size();
  return little(0, 2) + little(0x808, 2) + little(0, 6) +
         little(sizes ? crc(record.content) : 0, 4) + little(sizes ? size : 0, 4) +
         little(sizes ? size : 0, 4) + little(record.name.size(), 2);
}

// Local header, padding, record, descriptor.
inline std::string local(const Record& record) {
  const std::string padding = "FB" + little(3, 2) + "ZZZ";
  const uint64_t size = record.content.size();
  return "PK\3\4" + common(record, false) + little(padding.size(), 2) + record.name + padding +
         record.content + "PK\7\10" + little(crc(record.content), 4) + little(size, 4) +
         little(size, 4);
}

inline std::string entry(const Record& record, uint64_t at) {
  return "PK\1\2" + little(0, 2) + common(record, true) + little(0, 12) + little(at, 4) +
         record.name;
}

inline std::string wide_end(uint64_t count, uint64_t size, uint64_t begin) {
  return "PK\6\6" + little(44, 8) + little(0x2d031e, 4) + little(0, 8) + little(count, 8) +
         little(count, 8) + little(size, 8) + little(begin, 8) + "PK\6\7" + little(0, 4) +
         little(begin + size, 8) + little(1, 4);
}

inline std::string plain_end(uint64_t count, uint64_t size, uint64_t begin) {
  return "PK\5\6" + little(0, 4) + little(count, 2) + little(count, 2) + little(size, 4) +
         little(begin, 4) + little(0, 2);
}

inline std::string zip(const std::vector<Record>& records, bool wide = true) {
  std::string locals, directory;
  for (const Record& record : records) {
    directory += entry(record, locals.size());
    locals += local(record);
  }
  const uint64_t count = records.size(), size = directory.size(), begin = locals.size();
  return locals + directory + (wide ? wide_end(count, size, begin) : "") +
         plain_end(count, size, begin);
}

// Pickles.

inline std::string text(const std::string& text) { return "X" + little(text.size(), 4) + text; }
inline std::string integer(int64_t value) { return "J" + little(static_cast<uint64_t>(value), 4); }
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string tuple(const std::vector<int64_t>& values) {
  std::string items = "(";
  for (const int64_t value : values) items += integer(value);
  return items + "t";
}
inline std::string ordered_dict() { return global("collections", "OrderedDict") + ")R"; }
inline std::string pickle(const std::string& body) { return "\x80\2" + body + "."; }

struct Tensor {
  std::string key = "0", type = "FloatStorage";
  int64_t elements = 6, offset = 0;
  std::vector<int64_t> shape = {2, 3}, strides = {3, 1};
};

inline std::string storage(const Tensor& tensor) {
  return "(" + text("storage") + global("torch", tensor.type) + text(tensor.key) + text("cuda:0") +
         integer(tensor.elements) + "tQ";
}
inline std::string rebuilt(const Tensor& tensor) {
  return global("torch._utils", "_rebuild_tensor_v2") + "(" + storage(tensor) +
         integer(tensor.offset) + tuple(tensor.shape) + tuple(tensor.strides) + "\x89" +
         ordered_dict() + "tR";
}

// A storage of 32-bit numbers 0, 1, 2, ... that stand for any 32-bit type.
inline std::string words(uint64_t count) {
  std::string bytes;
  for (uint64_t i = 0; i < count; ++i) bytes += little(i, 4);
  return bytes;
}

// The records of a checkpoint around a pickle.
inline std::vector<Record> records(const std::string& body,
                                   const std::vector<Record>& storages = {{"0", words(6)}}) {
  std::vector<Record> all = {{"m/data.pkl", pickle(body)}, {"m/byteorder", "little"}};
  for (const Record& storage : storages) all.push_back({"m/data/" + storage.name, storage.content});
  all.push_back({"m/version", "3\n"});
  all.push_back({"m/.data/serialization_id", "0639"});
  return all;
}

inline std::string checkpoint(const std::string& body,
                              const std::vector<Record>& storages = {{"0", words(6)}}) {
  return zip(records(body, storages));
}

// A checkpoint as programs save them: a model with the versions of its modules, an optimizer with
// lists, texts and numbers of every kind.
inline std::string whole() {
  const Tensor weight, bias{.key = "1", .elements = 3, .shape = {3}, .strides = {1}},
      step{.key = "2", .type = "LongStorage", .elements = 1, .shape = {}, .strides = {}};
  const std::string model = ordered_dict() + "q\1(" + text("l.weight") + rebuilt(weight) +
                            text("l.bias") + rebuilt(bias) + "u}" + text("_metadata") +
                            ordered_dict() + "(" + text("l") + "}" + text("version") + "K\1su" +
                            "sb";
  const std::string groups = "](}(" + text("lr") + "G\x3f\xe0" + little(0, 6) + text("betas") +
                             "K\1M\2\1\x86" + text("big") + "\x8a\5" + little(1ULL << 32, 5) +
                             text("none") + "N" + text("yes") + "\x88ue";
  const std::string state = "}" + integer(0) + "}" + text("step") + rebuilt(step) + "ss";
  return checkpoint("}(" + text("model") + model + text("optimizer") + "}(" + text("state") +
                        state + text("groups") + groups + "uu",
                    {{"0", words(6)}, {"1", words(3)}, {"2", little(7, 8)}});
}

inline std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

}  // namespace saggio::results::sample
