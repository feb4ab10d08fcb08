// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace saggio::graph {

// Which node has a key: a hash table with linear probing (Knuth, volume 3, 6.4) of 8 bytes a slot. The
// keys lie elsewhere: `key_of(id)` gives that of a node that is in it, and is asked only where 32
// bits of the hashes are equal.
class KeyIndex {
 public:
  template <typename KeyOf>  // std::string_view(uint64_t)
  std::optional<uint64_t> find(std::string_view key, const KeyOf& key_of) const {
    if (slots_.empty()) return std::nullopt;
    const uint32_t hash = hash_of(key);
    for (size_t at = home(hash); slots_[at].id != kEmpty; at = next(at))
      if (slots_[at].hash == hash && key_of(slots_[at].id) == key) return slots_[at].id;
    return std::nullopt;
  }

  // The key must not be there; ids are below 2^32 - 1.
  void add(std::string_view key, uint64_t id) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    ++count_;
    put({hash_of(key), static_cast<uint32_t>(id)});
  }

  // The key must be that of this node, which must be there.
  void erase(std::string_view key, uint64_t id) {
    size_t at = home(hash_of(key));
    while (slots_[at].id != id) at = next(at);
    --count_;
    // What stands behind moves up, unless that would be before its home.
    for (size_t after = next(at); slots_[after].id != kEmpty; after = next(after)) {
      const size_t from_home = (after - home(slots_[after].hash)) & (slots_.size() - 1);
      if (from_home < ((after - at) & (slots_.size() - 1))) continue;
      slots_[at] = slots_[after];
      at = after;
    }
    slots_[at] = {};
  }

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;
  static constexpr size_t kLeast = 16;
  struct Slot {
    uint32_t hash = 0, id = kEmpty;
  };

  static uint32_t hash_of(std::string_view key) {
    return static_cast<uint32_t>(std::hash<std::string_view>()(key) >> 32);
  }
  size_t home(uint32_t hash) const { return (uint64_t{hash} * slots_.size()) >> 32; }
  size_t next(size_t at) const { return (at + 1) & (slots_.size() - 1); }

  void put(Slot slot) {
    size_t at = home(slot.hash);
    while (slots_[at].id != kEmpty) at = next(at);
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> before(slots_.empty() ? kLeast : 2 * slots_.size());
    before.swap(slots_);
    for (const Slot& slot : before)
      if (slot.id != kEmpty) put(slot);
  }

  std::vector<Slot> slots_;  // a power of two of them, half of them empty at least
  size_t count_ = 0;
};

}  // namespace saggio::graph
