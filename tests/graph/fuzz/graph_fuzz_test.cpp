// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "graph/store/log_format.h"
#include "tests/graph/fuzz/targets.h"
#include "tests/graph/store/random_history.h"

namespace saggio::graph {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// Some bytes changed, cut out, doubled or cut off.
Bytes mutated(Bytes bytes, results::Stream& stream) {
  for (uint64_t times = 1 + stream.below(4); times > 0 && !bytes.empty(); --times) {
    const auto at = static_cast<std::ptrdiff_t>(stream.below(bytes.size()));
    const auto end = at + static_cast<std::ptrdiff_t>(stream.below(bytes.size() - size_t(at)));
    switch (stream.below(5)) {
      case 0:
        bytes[size_t(at)] = static_cast<uint8_t>(1u << stream.below(8)) ^ bytes[size_t(at)];
        break;
      case 1:
        bytes[size_t(at)] = stream.below(2) ? 0xff : 0;
        break;
      case 2:
        bytes.erase(bytes.begin() + at, bytes.begin() + end);
        break;
      case 3: {
        const Bytes part(bytes.begin() + at, bytes.begin() + end);
        bytes.insert(bytes.begin() + at, part.begin(), part.end());
        break;
      }
      default:
        bytes.resize(size_t(end));
    }
    bytes.resize(std::min<size_t>(bytes.size(), 1 << 16));
  }
  return bytes;
}

// A store with everything in it.
struct Sample {
  SimulatedFiles files;
  Store store;
  Sample(uint64_t seed, int changes) : store(Store::open("s", options(files))) {
    RandomHistory history(seed);
    for (int i = 0; i < changes; ++i) {
      history.change(store);
      if (i % 5 == 4) history.commit(store);
    }
    store.commit();
  }
  static StoreOptions options(SimulatedFiles& files) {
    StoreOptions options = small_options(files);
    options.log_file_bytes = 1 << 20;
    return options;
  }
  Bytes log() { return bytes_of(files.disk["s/log/000000.log"].substr(kHeaderBytes)); }
  Bytes bodies() {
    LogReader reader(files, "s", store.identity());
    Bytes bytes;
    for (Group group; reader.next(group);)
      for (const std::string_view body : group.bodies) {
        if (body.size() > 255) continue;
        bytes.push_back(static_cast<uint8_t>(body.size()));
        bytes.insert(bytes.end(), body.begin(), body.end());
      }
    return bytes;
  }
};

void replay(int (*target)(const uint8_t*, size_t), const Bytes& seed, int times) {
  results::Stream stream(seed.size());
  target(seed.data(), seed.size());
  for (int i = 0; i < times; ++i) {
    const Bytes bytes = mutated(seed, stream);
    ASSERT_NO_THROW(target(bytes.data(), bytes.size())) << "input " << i;
  }
}

TEST(Fuzz, RecordsThatContradictEachOtherAreRefused) {
  for (uint64_t seed = 0; seed < 5; ++seed) replay(fuzz_bodies, Sample(seed, 60).bodies(), 2000);
}

TEST(Fuzz, LogsThatAreNoneAreRefused) {
  for (uint64_t seed = 0; seed < 5; ++seed) replay(fuzz_log, Sample(seed, 30).log(), 300);
}

TEST(Fuzz, SegmentsThatAreNoneAreRefused) {
  results::Stream stream(1);
  for (int i = 0; i < 5000; ++i) {
    Bytes bytes(1 + 5 * stream.below(4));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(stream.below(256));
    ASSERT_NO_THROW(fuzz_segment(bytes.data(), bytes.size())) << "input " << i;
  }
}

}  // namespace
}  // namespace saggio::graph
