// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "graph/store/log.h"

// How identity, file headers and records lie in bytes (FORMAT.md 1, 2); for log.h alone.
namespace saggio::graph {

inline constexpr uint64_t kHeaderBytes = kLogBegin;
inline constexpr uint64_t kFrameBytes = 16;

std::string identity_bytes(const Identity& identity);
// nullopt if these are not an identity.
std::optional<Identity> parse_identity(std::string_view bytes);

struct FileHeader {
  uint32_t incarnation = 1;
  uint64_t number = 0, start = 0;
};

std::string header_bytes(const Identity& identity, const FileHeader& header);
// nullopt if these are not the header of a log file of this store.
std::optional<FileHeader> parse_header(std::string_view bytes, const Identity& identity);

// False for what a rewind left behind.
bool counts(const Identity& identity, uint64_t offset, uint32_t incarnation);

// What stands before `body` in the record that begins at this log offset, and how many zeros behind.
std::string frame_bytes(const Identity& identity, uint64_t offset, const Body& body);
uint64_t padding_of(const Body& body);
// Appends the whole record.
void put_record(const Identity& identity, uint64_t offset, const Body& body, std::string& out);

struct Framed {
  std::string_view body;
  uint64_t bytes = 0;  // of the whole record
  uint32_t incarnation = 1;
};

// The valid record at the beginning of `bytes`, which lie at this log offset.
std::optional<Framed> parse_record(const Identity& identity,
                                   uint64_t offset,
                                   std::string_view bytes);

std::string commit_body(const Commit& commit);
Commit parse_commit(std::string_view body);
std::string durable_body(uint64_t durable);
// The durable offset that a commit or a durable record names; nullopt for other bodies.
std::optional<uint64_t> durable_in(std::string_view body);

RecordKind kind_of(std::string_view body);

}  // namespace saggio::graph
