// SPDX-License-Identifier: MIT
// The graph store beside the embedded stores that people would take instead, in one run:
//   graph_store_compare [ROUNDS [SCALE]]     --smoke: once and small
// The graph is a Kronecker graph of 2^SCALE nodes (initiator .57 .19 .19 .05, 16 draws a node, both
// directions, each pair once), its edges with a 32-bit target and a weight. Every store writes into
// the page cache, without a sync unless the line says fsync; each round runs all of them in turn,
// and the table shows minimum and median. Peers that were not found when this was built are not in the table.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "graph/store/store.h"
#include "graph/view/segment.h"
#include "graph/view/view.h"
#include "results/random.h"
#if SAGGIO_HAS_LMDB
#include <lmdb.h>
#endif
#if SAGGIO_HAS_ROCKSDB
#include <rocksdb/db.h>
#endif

namespace saggio::graph {
namespace {

namespace fs = std::filesystem;

struct Graph {
  uint64_t nodes = 0;
  std::vector<NodeId> sources, targets;  // sorted
  std::vector<float> weights;
  std::vector<NodeId> mixed_sources, mixed_targets;  // the same in random order
  size_t edges() const { return sources.size(); }
};

Graph kronecker(int scale) {
  results::Stream stream(1);
  std::vector<uint64_t> pairs;
  for (int64_t i = 0; i < int64_t{16} << scale; ++i) {
    uint64_t source = 0, target = 0;
    for (int bit = 0; bit < scale; ++bit) {
      const double draw = stream.uniform();
      source = 2 * source + (draw >= 0.76);
      target = 2 * target + ((draw >= 0.57 && draw < 0.76) || draw >= 0.95);
    }
    if (source == target) continue;
    pairs.push_back(source << 32 | target);
    pairs.push_back(target << 32 | source);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  Graph graph;
  graph.nodes = uint64_t{1} << scale;
  for (const uint64_t pair : pairs) {
    graph.sources.push_back(pair >> 32);
    graph.targets.push_back(pair & UINT32_MAX);
    graph.weights.push_back(static_cast<float>(stream.uniform()));
  }
  for (size_t i = pairs.size(); i > 1; --i) std::swap(pairs[i - 1], pairs[stream.below(i)]);
  for (const uint64_t pair : pairs) {
    graph.mixed_sources.push_back(pair >> 32);
    graph.mixed_targets.push_back(pair & UINT32_MAX);
  }
  return graph;
}

double seconds_of(const std::function<void()>& act) {
  const auto begin = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct Folder {
  fs::path path =
      fs::temp_directory_path() / ("saggio_graph_store_compare_" + std::to_string(::getpid()));
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

double bytes_in(const fs::path& path) {
  double bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
  return bytes;
}

// The machine's files without waiting for the disk, as the peers are told to write.
class Unsynced : public FileSystem {
 public:
  std::optional<uint64_t> size(const std::string& file) override { return real_->size(file); }
  size_t read(const std::string& file, uint64_t offset, std::span<char> out) override {
    return real_->read(file, offset, out);
  }
  size_t write(const std::string& file, uint64_t offset, std::string_view bytes) override {
    return real_->write(file, offset, bytes);
  }
  void sync(const std::string&) override {}
  void truncate(const std::string& file, uint64_t size) override { real_->truncate(file, size); }
  void rename(const std::string& from, const std::string& to) override { real_->rename(from, to); }
  void unlink(const std::string& file) override { real_->unlink(file); }
  std::shared_ptr<const char> map(const std::string& file, uint64_t size) override {
    return real_->map(file, size);
  }
  std::vector<std::string> list(const std::string& folder) override { return real_->list(folder); }
  void make_folder(const std::string& folder) override { real_->make_folder(folder); }
  std::unique_ptr<FileLock> lock(const std::string& file) override { return real_->lock(file); }

 private:
  std::unique_ptr<FileSystem> real_ = real_files();
};

// What was measured, in the order in which it was first named.
class Table {
 public:
  void add(const std::string& what, double value, const std::string& unit) {
    if (!rows_.contains(what)) order_.push_back(what);
    rows_[what].first.push_back(value);
    rows_[what].second = unit;
  }
  void print() const {
    fmt::print("{:<58}{:>10}{:>10}{:>10}\n", "", "min", "median", "max");
    for (const std::string& what : order_) {
      auto [values, unit] = rows_.at(what);
      std::sort(values.begin(), values.end());
      fmt::print("{:<58}{:>10.4g}{:>10.4g}{:>10.4g} {}\n",
                 what,
                 values.front(),
                 values[values.size() / 2],
                 values.back(),
                 unit);
    }
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, std::pair<std::vector<double>, std::string>> rows_;
};

volatile uint64_t sink;  // keeps sums from being optimised away

// A store with the nodes of the graph; edges come later.
Store store_with_nodes(const fs::path& folder, const Graph& graph, FileSystem& files) {
  StoreOptions options;
  options.files = &files;
  Store store = Store::open(folder, options);
  for (uint64_t i = 0; i < graph.nodes; ++i) store.add_node(NodeKind::Entity, {});
  store.type("t");
  store.commit(Durability::Visible);
  return store;
}

void drop_from_page_cache(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const int file = ::open(entry.path().c_str(), O_RDONLY);
    ::fsync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
}

double millions_a_second(const Graph& graph, double seconds) {
  return static_cast<double>(graph.edges()) / seconds / 1e6;
}

void log_of_sorted(const Graph& graph, Table& table) {
  const Folder folder;
  Unsynced files;
  Store store = store_with_nodes(folder.path / "s", graph, files);
  const double before = bytes_in(folder.path);
  const double seconds = seconds_of([&] {
    store.add_edges(0, graph.sources, graph.targets, graph.weights);
    store.commit(Durability::Visible);
  });
  table.add("saggio: sorted edges into the log", millions_a_second(graph, seconds), "M edges/s");
  table.add("saggio: log", (bytes_in(folder.path) - before) / double(graph.edges()), "B/edge");
}

// What waiting for the disk costs.
void synced(const Graph& graph, Table& table) {
  const Folder folder;
  const auto files = real_files();
  Store store = store_with_nodes(folder.path / "s", graph, *files);
  const double log = seconds_of([&] {
    store.add_edges(0, graph.mixed_sources, graph.mixed_targets);
    store.commit();
  });
  const double segment = seconds_of([&] { compact(store); });
  table.add(
      "saggio: unsorted edges to the log, with fsync", millions_a_second(graph, log), "M edges/s");
  table.add("saggio: to log and full segment, with fsync",
            millions_a_second(graph, log + segment),
            "M edges/s");
}

void full_segment(const Graph& graph, Table& table) {
  const Folder folder;
  Unsynced files;
  Store store = store_with_nodes(folder.path / "s", graph, files);
  const double log = seconds_of([&] {
    store.add_edges(0, graph.mixed_sources, graph.mixed_targets);
    store.commit(Durability::Visible);
  });
  const double segment = seconds_of([&] { compact(store); });
  table.add("saggio: unsorted edges to log and full segment",
            millions_a_second(graph, log + segment),
            "M edges/s");
  table.add("saggio: of which the segment", millions_a_second(graph, segment), "M edges/s");
  double arrays = 0;
  const View view = view_of(store);
  ViewArrays::for_each(
      [&](std::string_view name, const auto& array) {
        if (!name.starts_with("node")) arrays += static_cast<double>(array.size_bytes());
      },
      view.arrays());
  table.add("saggio: out + in + ids + types", arrays / double(graph.edges()), "B/edge");
  table.add("saggio: out alone",
            double(view.arrays().out_target.size_bytes() + view.arrays().out_ptr.size_bytes()) /
                double(graph.edges()),
            "B/edge");
}

void scans(const Graph& graph, Table& table) {
  const Folder folder;
  Unsynced files;
  Store store = store_with_nodes(folder.path / "s", graph, files);
  store.add_edges(0, graph.sources, graph.targets);
  store.commit(Durability::Visible);
  compact(store);
  const View view = view_of(store);
  view.verify();
  std::vector<int64_t> ptr(view.arrays().out_ptr.begin(), view.arrays().out_ptr.end());
  std::vector<int32_t> target(view.arrays().out_target.begin(), view.arrays().out_target.end());
  const auto row_by_row = [&] {
    uint64_t sum = 0;
    for (NodeIndex node = 0; node < view.nodes(); ++node)
      for (const NodeIndex to : view.out(node).targets) sum += static_cast<uint64_t>(to);
    sink = sum;
  };
  const auto plain = [&] {
    uint64_t sum = 0;
    for (size_t node = 0; node + 1 < ptr.size(); ++node)
      for (int64_t i = ptr[node]; i < ptr[node + 1]; ++i)
        sum += static_cast<uint64_t>(target[static_cast<size_t>(i)]);
    sink = sum;
  };
  double rows = 1e9, arrays = 1e9;
  for (int i = 0; i < 10; ++i) {
    rows = std::min(rows, seconds_of(row_by_row));
    arrays = std::min(arrays, seconds_of(plain));
  }
  table.add("saggio: neighbours, row by row of the segment",
            rows / double(graph.edges()) * 1e9,
            "ns/edge");
  table.add("plain arrays: neighbours", arrays / double(graph.edges()) * 1e9, "ns/edge");
  table.add("saggio: of the plain arrays' time", rows / arrays, "x");
}

void opening(const Graph& graph, Table& table) {
  const Folder folder;
  const fs::path path = folder.path / "s";
  {
    Unsynced files;
    Store store = store_with_nodes(path, graph, files);
    for (size_t edges = 0; edges < 10'000'000; edges += graph.edges())
      store.add_edges(0, graph.mixed_sources, graph.mixed_targets);
    store.commit(Durability::Visible);
    compact(store);
  }
  drop_from_page_cache(folder.path);
  uint64_t edges = 0;
  const double seconds = seconds_of([&] {
    const View view = open_view(path);
    edges = static_cast<uint64_t>(view.edges());
    uint64_t sum = 0;
    for (const NodeIndex to : view.out(1).targets) sum += static_cast<uint64_t>(to);
    sink = sum;
  });
  table.add(
      fmt::format("saggio: {:.3g} M edges, cold, open and one neighbourhood", double(edges) / 1e6),
      seconds * 1e3,
      "ms");
}

void refreshing(const Graph& graph, Table& table) {
  const Folder folder;
  Unsynced files;
  Store store = store_with_nodes(folder.path / "s", graph, files);
  const size_t million = std::min<size_t>(1'000'000, graph.edges());
  store.add_edges(0,
                  std::span(graph.mixed_sources).first(million),
                  std::span(graph.mixed_targets).first(million));
  store.commit(Durability::Visible);
  const View before = View::build(store.history());
  results::Stream stream(2);
  for (int i = 0; i < 1000; ++i)
    store.add_edge(stream.below(graph.nodes), 0, stream.below(graph.nodes));
  store.commit(Durability::Visible);
  const double seconds =
      seconds_of([&] { sink = static_cast<uint64_t>(before.refreshed(store.history()).edges()); });
  table.add("saggio: view of 1 M edges refreshed with 1,000 new", seconds * 1e3, "ms");
  table.add("saggio: the same view built anew",
            seconds_of([&] { sink = uint64_t(View::build(store.history()).edges()); }) * 1e3,
            "ms");
}

#if SAGGIO_HAS_LMDB || SAGGIO_HAS_ROCKSDB
struct Payload {
  uint32_t target;
  float weight;
};

// The row of one source: all that the peers keep.
std::vector<Payload> row_of(const Graph& graph, size_t& at) {
  std::vector<Payload> row;
  for (const NodeId source = graph.sources[at]; at < graph.edges() && graph.sources[at] == source;
       ++at)
    row.push_back({static_cast<uint32_t>(graph.targets[at]), graph.weights[at]});
  return row;
}
#endif

#if SAGGIO_HAS_LMDB
void expect(int result) {
  if (result != 0) throw std::runtime_error(mdb_strerror(result));
}

void lmdb(const Graph& graph, Table& table) {
  const Folder folder;
  MDB_env* environment;
  expect(mdb_env_create(&environment));
  expect(mdb_env_set_mapsize(environment, size_t{4} << 30));
  expect(mdb_env_open(environment, folder.path.c_str(), MDB_NOSYNC, 0644));
  MDB_txn* transaction;
  MDB_dbi base;
  const double seconds = seconds_of([&] {
    expect(mdb_txn_begin(environment, nullptr, 0, &transaction));
    expect(mdb_dbi_open(transaction, nullptr, MDB_INTEGERKEY, &base));
    for (size_t at = 0; at < graph.edges();) {
      uint64_t source = graph.sources[at];
      std::vector<Payload> row = row_of(graph, at);
      MDB_val key{sizeof(source), &source}, value{row.size() * sizeof(Payload), row.data()};
      expect(mdb_put(transaction, base, &key, &value, MDB_APPEND));
    }
    expect(mdb_txn_commit(transaction));
  });
  table.add("LMDB: sorted, a blob for each source", millions_a_second(graph, seconds), "M edges/s");
  table.add("LMDB: size", bytes_in(folder.path) / double(graph.edges()), "B/edge");
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    best = std::min(best, seconds_of([&] {
                      uint64_t sum = 0;
                      expect(mdb_txn_begin(environment, nullptr, MDB_RDONLY, &transaction));
                      for (uint64_t source = 0; source < graph.nodes; ++source) {
                        MDB_val key{sizeof(source), &source}, value;
                        if (mdb_get(transaction, base, &key, &value) != 0) continue;
                        const auto* row = static_cast<const Payload*>(value.mv_data);
                        for (size_t at = 0; at < value.mv_size / sizeof(Payload); ++at)
                          sum += row[at].target;
                      }
                      mdb_txn_abort(transaction);
                      sink = sum;
                    }));
  }
  table.add("LMDB: neighbours", best / double(graph.edges()) * 1e9, "ns/edge");
  mdb_env_close(environment);
}
#endif

#if SAGGIO_HAS_ROCKSDB
void rocks(const Graph& graph, Table& table) {
  const Folder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened;
  if (const auto status = rocksdb::DB::Open(options, folder.path.string(), &opened); !status.ok())
    throw std::runtime_error(status.ToString());
  const std::unique_ptr<rocksdb::DB> base(opened);
  rocksdb::WriteOptions no_sync;
  no_sync.sync = false;
  const double seconds = seconds_of([&] {
    for (size_t at = 0; at < graph.edges();) {
      const uint64_t source = __builtin_bswap64(graph.sources[at]);
      const std::vector<Payload> row = row_of(graph, at);
      base->Put(no_sync,
                {reinterpret_cast<const char*>(&source), sizeof(source)},
                {reinterpret_cast<const char*>(row.data()), row.size() * sizeof(Payload)});
    }
    base->Flush(rocksdb::FlushOptions());
  });
  table.add(
      "RocksDB: sorted, a blob for each source", millions_a_second(graph, seconds), "M edges/s");
  table.add("RocksDB: size", bytes_in(folder.path) / double(graph.edges()), "B/edge");
}
#endif

void sqlite(const Graph& graph, Table& table) {
  const Folder folder;
  sqlite3* base;
  sqlite3_open((folder.path / "s.db").c_str(), &base);
  const auto say = [&](const char* text) {
    if (sqlite3_exec(base, text, nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(base));
  };
  say("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF");
  say("CREATE TABLE e(s INTEGER, t INTEGER, w REAL, PRIMARY KEY(s, t)) WITHOUT ROWID");
  const double seconds = seconds_of([&] {
    sqlite3_stmt* insert;
    sqlite3_prepare_v2(base, "INSERT INTO e VALUES(?,?,?)", -1, &insert, nullptr);
    say("BEGIN");
    for (size_t at = 0; at < graph.edges(); ++at) {
      sqlite3_bind_int64(insert, 1, static_cast<int64_t>(graph.sources[at]));
      sqlite3_bind_int64(insert, 2, static_cast<int64_t>(graph.targets[at]));
      sqlite3_bind_double(insert, 3, double{graph.weights[at]});
      sqlite3_step(insert);
      sqlite3_reset(insert);
    }
    say("COMMIT");
    sqlite3_finalize(insert);
  });
  sqlite3_close(base);
  table.add("SQLite: sorted, a row for each edge", millions_a_second(graph, seconds), "M edges/s");
  table.add("SQLite: size", bytes_in(folder.path) / double(graph.edges()), "B/edge");
}

void round(const Graph& graph, bool small, Table& table) {
  log_of_sorted(graph, table);
#if SAGGIO_HAS_LMDB
  lmdb(graph, table);
#endif
#if SAGGIO_HAS_ROCKSDB
  rocks(graph, table);
#endif
  sqlite(graph, table);
  full_segment(graph, table);
  synced(graph, table);
  scans(graph, table);
  refreshing(graph, table);
  if (!small) opening(graph, table);
}

}  // namespace
}  // namespace saggio::graph

int main(int argc, char** argv) {
  const bool small = argc > 1 && std::string_view(argv[1]) == "--smoke";
  const int rounds = small || argc < 2 ? (small ? 1 : 5) : std::max(1, std::atoi(argv[1]));
  const int scale = small ? 10 : argc > 2 ? std::clamp(std::atoi(argv[2]), 4, 24) : 17;
  const auto graph = saggio::graph::kronecker(scale);
  fmt::print("2^{} nodes, {} edges, {} rounds\n", scale, graph.edges(), rounds);
  saggio::graph::Table table;
  for (int i = 0; i < rounds; ++i) saggio::graph::round(graph, small, table);
  table.print();
}
