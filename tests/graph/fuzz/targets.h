// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

// What reads bytes that somebody else may have written, each as libFuzzer calls it. Whatever the
// bytes, they return 0, in memory that does not exceed a small multiple of theirs:
// std::invalid_argument, std::runtime_error and what derives from them (Damage, FileError) are
// answers, all else ends the program. Stores lie in memory. graph_fuzz_test, format_fuzz_test,
// query_fuzz_test and rules_fuzz_test replay a corpus in every test run; with clang and
// -DSAGGIO_FUZZ=ON each target becomes a program build/tests/fuzz_NAME that goes on looking.
namespace saggio::graph {

int fuzz_bodies(const uint8_t* bytes, size_t size);   // of records, each behind its length
int fuzz_log(const uint8_t* bytes, size_t size);      // a log file behind its header
int fuzz_segment(const uint8_t* bytes, size_t size);  // changes to a segment

int fuzz_edge_list(const uint8_t* bytes, size_t size);
int fuzz_triples(const uint8_t* bytes, size_t size);
int fuzz_node_link(const uint8_t* bytes, size_t size);
int fuzz_records(const uint8_t* bytes, size_t size);
int fuzz_graphml(const uint8_t* bytes, size_t size);
int fuzz_gexf(const uint8_t* bytes, size_t size);
int fuzz_dot(const uint8_t* bytes, size_t size);
int fuzz_ntriples(const uint8_t* bytes, size_t size);
int fuzz_csv(const uint8_t* bytes, size_t size);
int fuzz_metis(const uint8_t* bytes, size_t size);
int fuzz_matrix_market(const uint8_t* bytes, size_t size);
int fuzz_graphiti(const uint8_t* bytes, size_t size);
int fuzz_otel(const uint8_t* bytes, size_t size);
// Files of a folder, each behind a line "== NAME".
int fuzz_openke(const uint8_t* bytes, size_t size);
int fuzz_graphrag(const uint8_t* bytes, size_t size);

int fuzz_query(const uint8_t* bytes, size_t size);
int fuzz_rules(const uint8_t* bytes, size_t size);

}  // namespace saggio::graph
