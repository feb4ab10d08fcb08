// SPDX-License-Identifier: MIT
#include "graph/store/log_format.h"

#include <algorithm>

namespace saggio::graph {
namespace {

constexpr uint32_t kFormat = 1;
constexpr uint32_t kMark = 0x5ec07d1a;
constexpr std::string_view kIdentityMagic = "SAGGIOGR", kHeaderMagic = "SAGGIOLG";

std::string_view text_of(const Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.data()), uuid.size()};
}

std::string sealed(std::string bytes) {
  bytes.resize(60, '\0');
  Encoder(bytes).fixed(crc32c(bytes));
  return bytes;
}

// The decoder behind magic and format; nullopt if the 64 bytes are not sealed with that magic.
std::optional<Decoder> opened(std::string_view bytes, std::string_view magic) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  Decoder crc(bytes.substr(60));
  if (crc32c(bytes.substr(0, 60)) != crc.fixed<uint32_t>()) return std::nullopt;
  Decoder in(bytes);
  if (in.raw(8) != magic) return std::nullopt;
  const auto format = in.fixed<uint32_t>();
  if (format != kFormat)
    throw Damage("has format " + std::to_string(format) + ", this program reads 1");
  return in;
}

uint64_t padded(uint64_t size) { return (size + 7) / 8 * 8; }

// `fields`: the eight bytes of length and incarnation; `body`: with its padding if that is there
// already.
uint32_t record_crc(const Identity& identity,
                    uint64_t offset,
                    std::string_view fields,
                    const Body& body) {
  std::string where;
  Encoder(where).fixed(offset);
  uint32_t crc = crc32c(fields, crc32c(where, crc32c(text_of(identity.uuid))));
  for (const std::string_view piece : body.pieces) crc = crc32c(piece, crc);
  return crc32c(std::string_view("\0\0\0\0\0\0\0", padding_of(body)), crc);
}

}  // namespace

std::string identity_bytes(const Identity& identity) {
  std::string bytes(kIdentityMagic);
  Encoder out(bytes);
  out.fixed(kFormat);
  out.fixed(identity.incarnation);
  out.raw(text_of(identity.uuid));
  out.fixed(identity.cut);
  return sealed(std::move(bytes));
}

std::optional<Identity> parse_identity(std::string_view bytes) {
  auto in = opened(bytes, kIdentityMagic);
  if (!in || bytes.size() != kHeaderBytes) return std::nullopt;
  Identity identity;
  identity.incarnation = in->fixed<uint32_t>();
  const std::string_view uuid = in->raw(identity.uuid.size());
  std::copy(uuid.begin(), uuid.end(), identity.uuid.begin());
  identity.cut = in->fixed<uint64_t>();
  return identity;
}

std::string header_bytes(const Identity& identity, const FileHeader& header) {
  std::string bytes(kHeaderMagic);
  Encoder out(bytes);
  out.fixed(kFormat);
  out.fixed(header.incarnation);
  out.raw(text_of(identity.uuid));
  out.fixed(header.number);
  out.fixed(header.start);
  return sealed(std::move(bytes));
}

std::optional<FileHeader> parse_header(std::string_view bytes, const Identity& identity) {
  auto in = opened(bytes, kHeaderMagic);
  if (!in) return std::nullopt;
  FileHeader header;
  header.incarnation = in->fixed<uint32_t>();
  if (in->raw(identity.uuid.size()) != text_of(identity.uuid)) return std::nullopt;
  header.number = in->fixed<uint64_t>();
  header.start = in->fixed<uint64_t>();
  return header;
}

bool counts(const Identity& identity, uint64_t offset, uint32_t incarnation) {
  if (offset >= identity.cut) return incarnation == identity.incarnation;
  return incarnation >= 1 && incarnation <= identity.incarnation;
}

std::string frame_bytes(const Identity& identity, uint64_t offset, const Body& body) {
  std::string frame;
  Encoder out(frame);
  out.fixed(kMark);
  out.fixed(static_cast<uint32_t>(body.size()));
  out.fixed(identity.incarnation);
  out.fixed(record_crc(identity, offset, std::string_view(frame).substr(4), body));
  return frame;
}

uint64_t padding_of(const Body& body) { return padded(body.size()) - body.size(); }

void put_record(const Identity& identity, uint64_t offset, const Body& body, std::string& out) {
  out += frame_bytes(identity, offset, body);
  for (const std::string_view piece : body.pieces) out += piece;
  out.append(padding_of(body), '\0');
}

std::optional<Framed> parse_record(const Identity& identity,
                                   uint64_t offset,
                                   std::string_view bytes) {
  if (bytes.size() < kFrameBytes) return std::nullopt;
  Decoder in(bytes);
  if (in.fixed<uint32_t>() != kMark) return std::nullopt;
  const auto length = in.fixed<uint32_t>();
  const auto incarnation = in.fixed<uint32_t>();
  const auto crc = in.fixed<uint32_t>();
  const uint64_t whole = kFrameBytes + padded(length);
  if (length == 0 || whole > bytes.size() || !counts(identity, offset, incarnation))
    return std::nullopt;
  const Body body{{bytes.substr(kFrameBytes, whole - kFrameBytes)}};
  if (record_crc(identity, offset, bytes.substr(4, 8), body) != crc) return std::nullopt;
  return Framed{bytes.substr(kFrameBytes, length), whole, incarnation};
}

std::string commit_body(const Commit& commit) {
  std::string body(1, static_cast<char>(RecordKind::Commit));
  Encoder out(body);
  out.varint(commit.version);
  out.fixed(commit.time);
  out.fixed(commit.durable);
  out.varint(commit.nodes);
  out.varint(commit.edges);
  return body;
}

Commit parse_commit(std::string_view body) {
  Decoder in(body.substr(1));
  Commit commit;
  commit.version = in.varint();
  commit.time = in.fixed<TimeUs>();
  commit.durable = in.fixed<uint64_t>();
  commit.nodes = in.varint();
  commit.edges = in.varint();
  if (!in.done()) throw Damage("a commit is longer than it should be");
  return commit;
}

std::string durable_body(uint64_t durable) {
  std::string body(1, static_cast<char>(RecordKind::Durable));
  Encoder(body).fixed(durable);
  return body;
}

std::optional<uint64_t> durable_in(std::string_view body) {
  if (kind_of(body) == RecordKind::Commit) return parse_commit(body).durable;
  if (kind_of(body) != RecordKind::Durable) return std::nullopt;
  return Decoder(body.substr(1)).fixed<uint64_t>();
}

RecordKind kind_of(std::string_view body) { return static_cast<RecordKind>(body.at(0)); }

}  // namespace saggio::graph
