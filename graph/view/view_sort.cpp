// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "graph/parallel.h"
#include "graph/view/own_arrays.h"

// Sorting all edges by counting would touch memory all over for every edge. So edges are first dealt
// out to buckets of neighbouring rows, each small enough for the cache, and sorted there (radix
// partitioning: Manegold, Boncz and Kersten 2002).
namespace saggio::graph {
namespace {

// Rows [bucket << shift, (bucket + 1) << shift) make a bucket.
struct Buckets {
  static constexpr size_t kEdges = size_t{1} << 14, kMost = 1024;

  Buckets(size_t rows, size_t edges) : rows_(rows) {
    const size_t wanted = std::clamp<size_t>(edges / kEdges, 1, kMost);
    while ((rows >> shift_) > wanted) ++shift_;
  }

  size_t count() const { return (rows_ >> shift_) + 1; }
  size_t of(NodeIndex row) const { return static_cast<size_t>(row) >> shift_; }
  size_t first_row(size_t bucket) const { return std::min(bucket << shift_, rows_); }

 private:
  size_t rows_;
  int shift_ = 0;
};

template <typename Record>
struct Dealt {
  Column<Record> records;       // bucket by bucket
  std::vector<size_t> offsets;  // of the buckets

  std::span<const Record> bucket(size_t i) const {
    return std::span(records).subspan(offsets[i], offsets[i + 1] - offsets[i]);
  }
};

// Deals elements [0, count) out by their rows; those of a bucket keep their order. visit(first, last,
// emit) calls emit(record) for elements [first, last), the same twice: to count and to place.
template <typename Record, typename Visit>
Dealt<Record> deal(size_t count, const Buckets& buckets, const Visit& visit) {
  std::vector<std::vector<size_t>> next(parts_of(count), std::vector<size_t>(buckets.count()));
  const auto for_each_record = [&](const auto& put) {
    in_parts(count, [&](size_t part, size_t first, size_t last) {
      size_t* const at = next[part].data();
      visit(first, last, [&](const Record& record) { put(at[buckets.of(record.row)], record); });
    });
  };
  for_each_record([](size_t& number, const Record& /*record*/) { ++number; });
  Dealt<Record> dealt;
  size_t total = 0;
  for (size_t bucket = 0; bucket < buckets.count(); ++bucket) {
    dealt.offsets.push_back(total);
    for (auto& part : next) total += std::exchange(part[bucket], total);
  }
  dealt.offsets.push_back(total);
  dealt.records.resize(total);
  for_each_record([&](size_t& at, const Record& record) { dealt.records[at++] = record; });
  return dealt;
}

// Sorts a bucket's records by row; those of a row keep their order. Sets where its rows end in ptr;
// the first one begins at `begin`.
template <typename Record>
void place(std::span<const Record> records,
           const Buckets& buckets,
           size_t bucket,
           size_t begin,
           Column<int64_t>& ptr,
           Column<Record>& placed) {
  const size_t first = buckets.first_row(bucket), last = buckets.first_row(bucket + 1);
  std::vector<uint32_t> next(last - first + 1);
  for (const Record& record : records) ++next[static_cast<size_t>(record.row) - first + 1];
  for (size_t row = first; row < last; ++row) {
    next[row - first + 1] += next[row - first];
    ptr[row + 1] = static_cast<int64_t>(begin + next[row - first + 1]);
  }
  placed.resize(records.size());
  for (const Record& record : records)
    placed[next[static_cast<size_t>(record.row) - first]++] = record;
}

struct OutRecord {
  uint64_t key;  // type, target
  NodeIndex row;
  uint32_t id;
};

struct InRecord {
  NodeIndex row, source;
  EdgeIndex edge;
};

// Sorts by key, a digit a pass from the lowest on, while those of equal keys keep their order.
class KeySort {
 public:
  KeySort(size_t targets, size_t types) {
    for (int bit = 0; targets >> bit != 0; bit += kBits) shifts_.push_back(bit);
    for (int bit = 0; (types - 1) >> bit != 0; bit += kBits) shifts_.push_back(32 + bit);
  }

  void sort(Column<OutRecord>& records, Column<OutRecord>& spare) const {
    const auto by_key = [](const OutRecord& a, const OutRecord& b) { return a.key < b.key; };
    if (records.size() < kFew) return std::stable_sort(records.begin(), records.end(), by_key);
    spare.resize(records.size());
    for (const int shift : shifts_) {
      std::array<uint32_t, kDigits + 1> next{};
      for (const OutRecord& record : records) ++next[digit(record, shift) + 1];
      for (size_t i = 0; i < kDigits; ++i) next[i + 1] += next[i];
      for (const OutRecord& record : records) spare[next[digit(record, shift)]++] = record;
      records.swap(spare);
    }
  }

 private:
  static constexpr int kBits = 11;
  static constexpr size_t kDigits = size_t{1} << kBits, kFew = kDigits / 2;
  static size_t digit(const OutRecord& record, int shift) {
    return (record.key >> shift) & (kDigits - 1);
  }
  std::vector<int> shifts_;
};

class EdgeSort {
 public:
  EdgeSort(const History& history,
           const AsOf& as_of,
           const std::vector<NodeIndex>& index,
           OwnArrays& own)
      : history_(history), as_of_(as_of), index_(index), own_(own) {}

  void run() {
    put_out_rows();
    put_attributes();
    put_in_rows();
  }

 private:
  // Those of [first, last) that are in the view.
  template <typename Visit>
  void for_each_edge(size_t first, size_t last, const Visit& visit) const {
    history_.for_each_edge_of(first, last, as_of_, [&](const EdgeRow& edge) {
      const NodeIndex source = index_[edge.source], target = index_[edge.target];
      if (source >= 0 && target >= 0) visit(edge, source, target);
    });
  }
  void put_out_rows();
  void put_attributes();
  template <typename Value>
  void permute(Column<Value>& column) const;
  void put_in_rows();

  const History& history_;
  const AsOf& as_of_;
  const std::vector<NodeIndex>& index_;
  OwnArrays& own_;
};

void EdgeSort::put_out_rows() {
  const size_t nodes = own_.node_ids.size();
  const Buckets buckets(nodes, history_.edge_count());
  const auto dealt = deal<OutRecord>(
      history_.edge_count(), buckets, [&](size_t first, size_t last, const auto& emit) {
        for_each_edge(first, last, [&](const EdgeRow& edge, NodeIndex source, NodeIndex target) {
          emit(OutRecord{uint64_t{edge.type} << 32 | static_cast<uint32_t>(target),
                         source,
                         static_cast<uint32_t>(edge.id)});
        });
      });
  const size_t edges = dealt.records.size();
  check_count(edges, "edges");
  own_.out_ptr.assign(nodes + 1, 0);
  own_.out_target.resize(edges);
  own_.edge_ids.resize(edges);
  own_.edge_types.resize(edges);
  const KeySort by_key(nodes, std::max<size_t>(1, history_.types().size()));
  struct Scratch {
    Column<OutRecord> sorted, placed;
  };
  in_parallel<Scratch>(parts_of(edges), buckets.count(), [&](size_t bucket, Scratch& scratch) {
    auto& [sorted, placed] = scratch;
    const auto records = dealt.bucket(bucket);
    sorted.assign(records.begin(), records.end());
    by_key.sort(sorted, placed);
    const size_t begin = dealt.offsets[bucket];
    place<OutRecord>(sorted, buckets, bucket, begin, own_.out_ptr, placed);
    for (size_t i = 0; i < placed.size(); ++i) {
      own_.out_target[begin + i] = static_cast<NodeIndex>(placed[i].key);
      own_.edge_types[begin + i] = static_cast<TypeId>(placed[i].key >> 32);
      own_.edge_ids[begin + i] = placed[i].id;
    }
  });
}

// Columns that hold nothing but their default stay empty. The others are filled by id, in the order
// in which a history is quick to read, and then put in the order of the view.
void EdgeSort::put_attributes() {
  const size_t ids = history_.edge_count();
  const auto for_each_edge_in_parts = [&](const auto& visit) {
    in_parts(ids, [&](size_t, size_t first, size_t last) {
      for_each_edge(first, last, [&](const EdgeRow& edge, NodeIndex, NodeIndex) { visit(edge); });
    });
  };
  // visit(whether it is used, column, default, value of an edge)
  std::array<std::atomic<bool>, 5> used{};
  const auto for_each_column = [&](const auto& visit) {
    visit(used[0], own_.edge_weights, 1.f, [](const EdgeRow& e) { return e.weight; });
    visit(used[1], own_.edge_confidence, std::nanf(""), [](const EdgeRow& e) {
      return e.probability;
    });
    visit(used[2], own_.edge_statuses, uint8_t{0}, [](const EdgeRow& e) {
      return static_cast<uint8_t>(e.status);
    });
    visit(used[3], own_.edge_from, kUnknownTime, [](const EdgeRow& e) { return e.valid.from; });
    visit(used[4], own_.edge_to, kUnknownTime, [](const EdgeRow& e) { return e.valid.to; });
  };
  for_each_edge_in_parts([&](const EdgeRow& edge) {
    for_each_column([&](auto& in_use, auto&, auto if_empty, auto value_of) {
      if (!in_use.load(std::memory_order_relaxed) && !same_bits(value_of(edge), if_empty))
        in_use = true;
    });
  });
  if (std::none_of(used.begin(), used.end(), [](const auto& in_use) { return in_use.load(); }))
    return;
  for_each_column([&](auto& in_use, auto& column, auto, auto) {
    if (in_use) column.resize(ids);
  });
  for_each_edge_in_parts([&](const EdgeRow& edge) {
    for_each_column([&](auto&, auto& column, auto, auto value_of) {
      if (!column.empty()) column[edge.id] = value_of(edge);
    });
  });
  for_each_column([&](auto&, auto& column, auto, auto) {
    if (!column.empty()) permute(column);
  });
}

template <typename Value>
void EdgeSort::permute(Column<Value>& column) const {
  Column<Value> moved(own_.edge_ids.size());
  in_parts(moved.size(), [&](size_t, size_t first, size_t last) {
    for (size_t at = first; at < last; ++at) moved[at] = column[own_.edge_ids[at]];
  });
  column = std::move(moved);
}

// Dealing the edges in out order leaves every row of in_edge ascending.
void EdgeSort::put_in_rows() {
  const size_t nodes = own_.node_ids.size(), edges = own_.out_target.size();
  const Buckets buckets(nodes, edges);
  const auto dealt =
      deal<InRecord>(edges, buckets, [&](size_t first, size_t last, const auto& emit) {
        const auto& ptr = own_.out_ptr;
        auto row =
            std::upper_bound(ptr.begin(), ptr.end(), static_cast<int64_t>(first)) - ptr.begin() - 1;
        for (size_t edge = first; edge < last; ++row)
          for (; edge < std::min(last, static_cast<size_t>(ptr[static_cast<size_t>(row) + 1]));
               ++edge)
            emit(InRecord{
                own_.out_target[edge], static_cast<NodeIndex>(row), static_cast<EdgeIndex>(edge)});
      });
  own_.in_ptr.assign(nodes + 1, 0);
  own_.in_source.resize(edges);
  own_.in_edge.resize(edges);
  using Scratch = Column<InRecord>;
  in_parallel<Scratch>(parts_of(edges), buckets.count(), [&](size_t bucket, Scratch& placed) {
    const size_t begin = dealt.offsets[bucket];
    place(dealt.bucket(bucket), buckets, bucket, begin, own_.in_ptr, placed);
    for (size_t i = 0; i < placed.size(); ++i) {
      own_.in_source[begin + i] = placed[i].source;
      own_.in_edge[begin + i] = placed[i].edge;
    }
  });
}

}  // namespace

void put_edges(const History& history,
               const AsOf& as_of,
               const std::vector<NodeIndex>& index,
               OwnArrays& own) {
  EdgeSort(history, as_of, index, own).run();
}

}  // namespace saggio::graph
