// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// Python's pickle, as far as torch.save uses it for state dicts, read as data: nothing is ever
// called or imported. Protocol 2 (PEP 307) and of its opcodes those of None, booleans, numbers,
// texts, tuples, lists, dicts, the memo, names of functions and classes that the caller allows, a
// call of one, and references to something outside. A call becomes a value that says what would be
// called with what; only collections.OrderedDict() becomes a Dict, and the one state that it may be
// given, '_metadata' (versions of modules), is dropped.
namespace saggio::results {

struct PickleValue {
  enum class Kind { None, Bool, Int, Float, Text, Tuple, List, Dict, Global, Call, Reference };

  Kind kind = Kind::None;
  bool ordered = false;   // Dict: an OrderedDict
  size_t offset = 0;      // of the opcode that made it, in the pickle
  int64_t integer = 0;    // Int; Bool: 0 or 1
  double real = 0;        // Float
  std::string_view text;  // Text: the bytes, borrowed from the pickle; Global: one of those allowed
  // Tuple, List: the elements. Dict: key, value, key, value. Call: the global, the tuple of its
  // arguments. Reference: what it refers by. Numbers of values; several may hold the same value,
  // and a list or a dict may hold itself.
  std::vector<uint32_t> items;
};

struct Pickle {
  std::vector<PickleValue> values;
  uint32_t root = 0;

  const PickleValue& operator[](uint32_t value) const { return values[value]; }
};

std::string_view name(PickleValue::Kind kind);  // "a tuple"

constexpr std::string_view kOrderedDict = "collections.OrderedDict";

// `globals`: the names that may occur, "module.name"; kept by the values. Takes up to 200 bytes of
// memory for each byte. Throws std::runtime_error naming the opcode or the global and its byte.
Pickle read_pickle(std::span<const std::byte> bytes, std::span<const std::string_view> globals);

}  // namespace saggio::results
