// SPDX-License-Identifier: MIT
#include <algorithm>
#include <tuple>
#include <utility>

#include "graph/view/own_arrays.h"

// Sorting all edges by counting would touch memory all over for every edge. So edges are first dealt out to
// buckets of neighbouring rows, each small enough for the cache, and sorted there (radix
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

  // Turns counts, at [bucket + 1], into where the records of each bucket begin.
  static void sum_up(std::vector<size_t>& counts) {
    for (size_t i = 0; i + 1 < counts.size(); ++i) counts[i + 1] += counts[i];
  }

 private:
  size_t rows_;
  int shift_ = 0;
};

// Turns counts, at [row + 1], of rows [first, last) into offsets.
void sum_up(std::vector<int64_t>& ptr, size_t first, size_t last) {
  for (size_t row = first; row < last; ++row) ptr[row + 1] += ptr[row];
}

void put_attributes(const EdgeRow& edge, OwnArrays& own) {
  put(own.edge_weights, edge.id, edge.weight, 1.f);
  put(own.edge_confidence, edge.id, edge.probability, std::nanf(""));
  put(own.edge_statuses, edge.id, static_cast<uint8_t>(edge.status), uint8_t{0});
  put(own.edge_from, edge.id, edge.valid.from, kUnknownTime);
  put(own.edge_to, edge.id, edge.valid.to, kUnknownTime);
}

struct OutRecord {
  uint64_t key = 0;  // type, target
  uint32_t source = 0, id = 0;
};

struct DealtOut {
  std::vector<OutRecord> records;
  std::vector<size_t> offsets;  // of the buckets
};

// Reads the edges twice: to count, and to deal them out. What they say besides goes to the columns
// of attributes, at their ids.
DealtOut dealt_out(const History& history,
                   const AsOf& as_of,
                   const std::vector<NodeIndex>& index,
                   const Buckets& buckets,
                   OwnArrays& own) {
  DealtOut dealt;
  dealt.offsets.assign(buckets.count() + 1, 0);
  history.for_each_edge(as_of, [&](const EdgeRow& edge) {
    ++dealt.offsets[buckets.of(index[edge.source]) + 1];
    put_attributes(edge, own);
  });
  Buckets::sum_up(dealt.offsets);
  check_count(dealt.offsets.back(), "edges");
  dealt.records.resize(dealt.offsets.back());
  std::vector<size_t> next = dealt.offsets;
  history.for_each_edge(as_of, [&](const EdgeRow& edge) {
    const NodeIndex source = index[edge.source];
    dealt.records[next[buckets.of(source)]++] = {
        uint64_t{edge.type} << 32 | static_cast<uint32_t>(index[edge.target]),
        static_cast<uint32_t>(source),
        static_cast<uint32_t>(edge.id)};
  });
  return dealt;
}

// Sorts the records of rows [first, last) from `records` into `sorted`; both begin at the edge
// where row `first` does.
void sort_bucket(std::span<const OutRecord> records,
                 size_t first,
                 size_t last,
                 std::vector<int64_t>& ptr,
                 std::vector<OutRecord>& sorted) {
  for (const OutRecord& record : records) ++ptr[record.source + 1];
  const int64_t begin = ptr[first];
  sum_up(ptr, first, last);
  sorted.resize(records.size());
  std::vector<uint32_t> next(last - first);
  for (size_t row = first; row < last; ++row)
    next[row - first] = static_cast<uint32_t>(ptr[row] - begin);
  for (const OutRecord& record : records) sorted[next[record.source - first]++] = record;
  for (size_t row = first; row < last; ++row)
    std::sort(sorted.begin() + (ptr[row] - begin),
              sorted.begin() + (ptr[row + 1] - begin),
              [](const OutRecord& a, const OutRecord& b) {
                return std::tie(a.key, a.id) < std::tie(b.key, b.id);
              });
}

// From the order of ids to that of the view. A column is as long as its last value needs.
template <typename Value>
void permute(std::vector<Value>& column, const std::vector<uint32_t>& ids, Value if_empty) {
  if (column.empty()) return;
  std::vector<Value> moved(ids.size());
  for (size_t at = 0; at < ids.size(); ++at)
    moved[at] = ids[at] < column.size() ? column[ids[at]] : if_empty;
  column = std::move(moved);
}

void put_out_rows(const DealtOut& dealt, const Buckets& buckets, OwnArrays& own) {
  const size_t edges = dealt.records.size();
  own.out_ptr.assign(own.node_ids.size() + 1, 0);
  own.out_target.resize(edges);
  own.edge_ids.resize(edges);
  own.edge_types.resize(edges);
  std::vector<OutRecord> sorted;
  for (size_t bucket = 0; bucket < buckets.count(); ++bucket) {
    const size_t begin = dealt.offsets[bucket], end = dealt.offsets[bucket + 1];
    sort_bucket(std::span(dealt.records).subspan(begin, end - begin),
                buckets.first_row(bucket),
                buckets.first_row(bucket + 1),
                own.out_ptr,
                sorted);
    for (size_t i = begin; i < end; ++i) {
      const OutRecord& record = sorted[i - begin];
      own.out_target[i] = static_cast<NodeIndex>(record.key);
      own.edge_types[i] = static_cast<TypeId>(record.key >> 32);
      own.edge_ids[i] = record.id;
    }
  }
  permute(own.edge_weights, own.edge_ids, 1.f);
  permute(own.edge_confidence, own.edge_ids, std::nanf(""));
  permute(own.edge_statuses, own.edge_ids, uint8_t{0});
  permute(own.edge_from, own.edge_ids, kUnknownTime);
  permute(own.edge_to, own.edge_ids, kUnknownTime);
}

struct InRecord {
  NodeIndex target = 0, source = 0;
  EdgeIndex edge = 0;
};

// Visiting the edges in out order leaves every row of in_edge ascending.
void put_in_rows(OwnArrays& own) {
  const size_t nodes = own.node_ids.size(), edges = own.out_target.size();
  const Buckets buckets(nodes, edges);
  std::vector<size_t> next(buckets.count() + 1, 0);
  for (const NodeIndex target : own.out_target) ++next[buckets.of(target) + 1];
  Buckets::sum_up(next);
  std::vector<InRecord> records(edges);
  own.in_ptr.assign(nodes + 1, 0);
  for (size_t source = 0; source < nodes; ++source)
    for (int64_t edge = own.out_ptr[source]; edge < own.out_ptr[source + 1]; ++edge) {
      const NodeIndex target = own.out_target[static_cast<size_t>(edge)];
      records[next[buckets.of(target)]++] = {
          target, static_cast<NodeIndex>(source), static_cast<EdgeIndex>(edge)};
      ++own.in_ptr[static_cast<size_t>(target) + 1];
    }
  sum_up(own.in_ptr, 0, nodes);
  own.in_source.resize(edges);
  own.in_edge.resize(edges);
  next.assign(own.in_ptr.begin(), own.in_ptr.end());
  for (const InRecord& record : records) {
    const size_t at = next[static_cast<size_t>(record.target)]++;
    own.in_source[at] = record.source;
    own.in_edge[at] = record.edge;
  }
}

}  // namespace

void put_edges(const History& history,
               const AsOf& as_of,
               const std::vector<NodeIndex>& index,
               OwnArrays& own) {
  {
    const Buckets buckets(own.node_ids.size(), history.edge_count());
    put_out_rows(dealt_out(history, as_of, index, buckets, own), buckets, own);
  }
  put_in_rows(own);
}

}  // namespace saggio::graph
