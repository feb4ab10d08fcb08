// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace saggio::graph {

// Asks the system to back this memory by huge pages, where it has them: filling fresh memory is
// bound by its page faults, and these are one each 2 MiB then, not each 4 KiB. Does nothing to what is
// smaller than one.
void prefer_huge_pages(const void* memory, size_t bytes);

template <typename Value>
struct ColumnMemory {
  using value_type = Value;
  ColumnMemory() = default;
  template <typename Other>
  ColumnMemory(const ColumnMemory<Other>& /*other*/) {}

  Value* allocate(size_t count) {
    Value* const memory = std::allocator<Value>().allocate(count);
    prefer_huge_pages(memory, count * sizeof(Value));
    return memory;
  }
  void deallocate(Value* memory, size_t count) {
    std::allocator<Value>().deallocate(memory, count);
  }

  // What resize(n) makes has no value yet.
  template <typename Made>
  void construct(Made* made) {
    ::new (static_cast<void*>(made)) Made;
  }
  template <typename Made, typename... Arguments>
  void construct(Made* made, Arguments&&... arguments) {
    ::new (static_cast<void*>(made)) Made(std::forward<Arguments>(arguments)...);
  }

  bool operator==(const ColumnMemory&) const = default;
};

// Numbers by the million. resize(n) leaves new ones unset, for what writes over them at once;
// resize(n, value) sets them.
template <typename Value>
using Column = std::vector<Value, ColumnMemory<Value>>;

}  // namespace saggio::graph
