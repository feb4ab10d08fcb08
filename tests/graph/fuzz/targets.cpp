// SPDX-License-Identifier: MIT
#include "tests/graph/fuzz/targets.h"

#include <string>

#include "graph/store/bytes.h"
#include "graph/store/log_format.h"
#include "graph/view/segment.h"
#include "graph/view/view.h"
#include "tests/graph/store/simulated_files.h"

namespace saggio::graph {
namespace {

const Identity kIdentity = {Uuid{1, 2, 3}, 1, 0};

std::string text_of(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Everything that can be asked of a store, at every version.
void read_all(FileSystem& files) {
  Reader reader = Reader::open("s", &files);
  const History& history = reader.history();
  for (Version version = 0; version <= history.head(); ++version) {
    View::build(history, {version});
    for (const NodeId id : history.nodes({version})) history.node(id, {version});
    for (const EdgeId id : history.edges({version})) history.edge(id, {version});
  }
  reader.check_payload();
}

// Runs what may refuse its bytes.
template <typename Action>
void refusable(const Action& action) {
  try {
    action();
  } catch (const Damage&) {
  } catch (const FileError&) {
  } catch (const std::invalid_argument&) {
  }
}

SimulatedFiles store_of(const std::string& log) {
  SimulatedFiles files;
  files.disk["s/store.id"] = identity_bytes(kIdentity);
  files.disk["s/log/000000.log"] = header_bytes(kIdentity, {1, 0, 0}) + log;
  return files;
}

// Of a segment of one block.
void make_checksums_right(std::string& segment) {
  const auto put = [&](size_t at, std::string_view of) {
    const uint32_t crc = crc32c(of);
    std::memcpy(segment.data() + at, &crc, sizeof(crc));
  };
  uint64_t end = 0;  // of the last section
  for (size_t at = 80; at + 32 <= 4092 && segment[at] != 0; at += 32) {
    Decoder entry(std::string_view(segment).substr(at + 16, 16));
    const auto offset = entry.fixed<uint64_t>(), size = entry.fixed<uint64_t>();
    if (offset <= segment.size() && size <= segment.size() - offset) end = offset + size;
  }
  const size_t table = segment.size() - 8;
  if (end >= 4096 && end <= table) put(table, std::string_view(segment).substr(4096, end - 4096));
  put(table + 4, std::string_view(segment).substr(table, 4));
  put(4092, std::string_view(segment).substr(0, 4092));
}

}  // namespace

// Each body after a byte that says how long it is. A history refuses some of them and goes on.
int fuzz_bodies(const uint8_t* given, size_t given_size) {
  std::span bytes(given, given_size);
  History history;
  while (!bytes.empty()) {
    const size_t size = std::min<size_t>(bytes[0], bytes.size() - 1);
    refusable([&] { history.apply(text_of(bytes.subspan(1, size))); });
    bytes = bytes.subspan(1 + size);
  }
  Commit commit;
  commit.version = 1;
  commit.time = 1;
  commit.nodes = history.node_count();
  commit.edges = history.edge_count();
  history.commit(commit);
  View::build(history).refreshed(history);
  return 0;
}

int fuzz_log(const uint8_t* bytes, size_t size) {
  SimulatedFiles files = store_of(text_of({bytes, size}));
  refusable([&] { read_all(files); });
  return 0;
}

// A real segment with some of its bytes changed, each by five bytes of the input: offset, value. An
// even first byte makes the checksums right, for what lies behind them.
int fuzz_segment(const uint8_t* given, size_t given_size) {
  const std::span bytes(given, given_size);
  if (bytes.empty()) return 0;
  SimulatedFiles files = store_of("");
  Store store = Store::open("s", {.files = &files});
  for (int i = 0; i < 5; ++i) store.add_node(NodeKind::Claim, {.status = Status(i)});
  for (NodeId i = 0; i < 20; ++i) store.add_edge(i % 5, store.type("t"), i * i % 5);
  store.commit();
  compact(store);
  std::string& segment = files.disk["s/segments/1.seg"];
  for (auto edits = bytes.subspan(1); edits.size() >= 5; edits = edits.subspan(5)) {
    uint32_t offset;
    std::memcpy(&offset, edits.data(), sizeof(offset));
    segment[offset % segment.size()] = static_cast<char>(edits[4]);
  }
  if (bytes[0] % 2 == 0) make_checksums_right(segment);
  refusable([&] {
    const View view = open_view("s", &files);
    for (NodeIndex node = 0; node < view.nodes(); ++node) {
      for (const NodeIndex target : view.out(node).targets) view.node_id(target);
      for (const EdgeIndex edge : view.in(node).edges) view.edge_id(edge);
    }
  });
  refusable([&] { open_view("s", &files).verify(); });
  return 0;
}

}  // namespace saggio::graph
