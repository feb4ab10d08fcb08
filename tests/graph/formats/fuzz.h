// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

// One entry for each reader, as libFuzzer calls them (LLVMFuzzerTestOneInput). Whatever the bytes,
// they return 0: std::invalid_argument and std::runtime_error are answers, all else ends the
// program. The store lies in memory.
namespace saggio::graph {

int fuzz_edge_list(const uint8_t* bytes, size_t size);
int fuzz_triples(const uint8_t* bytes, size_t size);
int fuzz_node_link(const uint8_t* bytes, size_t size);
int fuzz_records(const uint8_t* bytes, size_t size);

}  // namespace saggio::graph
