// SPDX-License-Identifier: MIT
#include "graph/store/key_index.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "results/random.h"

namespace saggio::graph {
namespace {

TEST(KeyIndex, IsAMapFromKeysToIdsThroughAddsAndErasures) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    results::Stream stream(seed);
    std::vector<std::string> keys;  // by id
    std::map<std::string, uint64_t> expected;
    KeyIndex index;
    const auto key_of = [&](uint64_t id) -> std::string_view { return keys[id]; };
    for (int step = 0; step < 5'000; ++step) {
      const std::string key = "k" + std::to_string(stream.below(1 + seed * 50));
      const auto known = expected.find(key);
      const auto found = index.find(key, key_of);
      ASSERT_EQ(found.has_value(), known != expected.end()) << key;
      if (!found) {
        keys.push_back(key);
        index.add(key, expected[key] = keys.size() - 1);
      } else {
        ASSERT_EQ(*found, known->second);
        if (stream.below(2) == 0) continue;
        index.erase(key, *found);
        expected.erase(known);
      }
    }
    for (const auto& [key, id] : expected) ASSERT_EQ(index.find(key, key_of), id);
  }
}

TEST(KeyIndex, KeysWhoseHashesAreEqualAreToldApart) {
  // A hash of 32 bits: among 400,000 keys some 18 pairs share theirs (n^2 / 2^33).
  constexpr uint64_t kKeys = 400'000;
  KeyIndex index;
  const auto name = [](uint64_t id) { return "key " + std::to_string(id); };
  std::vector<std::string> keys;
  for (uint64_t id = 0; id < kKeys; ++id) keys.push_back(name(id));
  const auto key_of = [&](uint64_t id) -> std::string_view { return keys[id]; };
  for (uint64_t id = 0; id < kKeys; ++id) index.add(keys[id], id);
  for (uint64_t id = 0; id < kKeys; ++id) ASSERT_EQ(index.find(keys[id], key_of), id);
  for (uint64_t id = 0; id < kKeys; id += 2) index.erase(keys[id], id);
  for (uint64_t id = 0; id < kKeys; ++id)
    ASSERT_EQ(index.find(keys[id], key_of).has_value(), id % 2 == 1) << id;
}

}  // namespace
}  // namespace saggio::graph
