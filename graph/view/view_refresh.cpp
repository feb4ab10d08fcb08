// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "graph/view/own_arrays.h"

// A later version of a View: the old arrays are copied in long pieces, around what is gone and what
// is fresh. Node and edge ids keep their order, so that what stays needs no sorting.
namespace saggio::graph {
namespace {

struct FreshEdge {
  EdgeRow row;
  NodeIndex source = 0, target = 0;  // in the new view
  int64_t before = 0;                // the old edge that it lies in front of
};

// What the new order is made of: old elements [begin, end), or one fresh one.
struct Piece {
  int64_t begin = 0, end = 0;
  bool fresh = false;
};

class Refresh {
 public:
  Refresh(const View& from, const View::News& news) : old_(from.arrays()), news_(news) {}

  std::shared_ptr<const OwnArrays> run() {
    put_nodes();
    find_fresh_edges();
    plan_edges();
    put_edge_columns();
    put_out_rows();
    put_in_rows();
    return own_;
  }

 private:
  void put_nodes();
  void find_fresh_edges();
  void plan_edges();
  void keep(int64_t begin, int64_t end);
  int64_t place_of(const FreshEdge& edge) const;
  bool is_kept(int64_t edge) const;
  void put_edge_columns();
  void put_out_rows();
  void put_in_rows();

  NodeIndex moved(NodeIndex old) const { return moved_[static_cast<size_t>(old)]; }
  NodeIndex index_of(NodeId id) const {
    const auto& ids = own_->node_ids;
    return static_cast<NodeIndex>(std::lower_bound(ids.begin(), ids.end(), id) - ids.begin());
  }

  const ViewArrays& old_;
  const View::News& news_;
  std::shared_ptr<OwnArrays> own_ = std::make_shared<OwnArrays>();
  std::vector<NodeIndex> moved_;     // [old N] the new index; -1: gone
  bool gone_nodes_ = false;          // whether any is
  std::vector<bool> changed_edges_;  // by id; empty if none was
  std::vector<FreshEdge> fresh_;     // in the new order
  std::vector<Piece> pieces_;        // of the edges
  uint64_t edges_ = 0;               // new M
  Column<EdgeIndex> new_edge_;       // [old M] the new index; -1: gone
};

template <typename Value>
constexpr std::optional<Value> kNeverEmpty = std::nullopt;

template <typename Element, typename ValueOf>
auto values_of(const std::vector<Element>& elements, const ValueOf& value_of) {
  std::vector<decltype(value_of(elements.front()))> values;
  values.reserve(elements.size());
  for (const Element& element : elements) values.push_back(value_of(element));
  return values;
}

// The column of the new view. One that has a default is empty where it holds nothing else.
template <typename Value>
Column<Value> assembled(std::span<const Value> old,
                        const std::vector<Value>& fresh,
                        const std::vector<Piece>& pieces,
                        size_t size,
                        std::optional<Value> if_empty) {
  const auto says_nothing = [&](const auto& values) {
    return if_empty && std::all_of(values.begin(), values.end(), [&](const Value& value) {
             return same_bits(value, *if_empty);
           });
  };
  if (old.empty() && says_nothing(fresh)) return {};
  Column<Value> column(size);
  auto to = column.begin();
  auto from = fresh.begin();
  for (const Piece& piece : pieces) {
    if (piece.fresh)
      *to++ = *from++;
    else if (old.empty())
      to = std::fill_n(to, piece.end - piece.begin, *if_empty);
    else
      to = std::copy(old.begin() + piece.begin, old.begin() + piece.end, to);
  }
  if (says_nothing(column)) return {};
  return column;
}

// Few nodes change, and all columns of a node are short: one by one.
void Refresh::put_nodes() {
  moved_.assign(old_.node_ids.size(), -1);
  std::vector<NodeRow> fresh;
  std::vector<Piece> pieces;
  int64_t at = 0;
  NodeIndex count = 0;
  const auto keep_until = [&](int64_t end) {
    if (at < end) pieces.push_back({at, end, false});
    for (; at < end; ++at) moved_[static_cast<size_t>(at)] = count++;
  };
  for (const auto& [id, row] : news_.nodes) {
    const auto place = std::lower_bound(old_.node_ids.begin() + at, old_.node_ids.end(), id);
    keep_until(place - old_.node_ids.begin());
    const bool was_there = place != old_.node_ids.end() && *place == id;
    if (was_there) moved_[static_cast<size_t>(at++)] = row ? count : -1;
    gone_nodes_ = gone_nodes_ || (was_there && !row);
    if (!row) continue;
    fresh.push_back(*row);
    pieces.push_back({0, 0, true});
    ++count;
    check_count(static_cast<uint64_t>(count), "nodes");
  }
  keep_until(static_cast<int64_t>(old_.node_ids.size()));

  const auto put = [&](auto& column, auto old, auto if_empty, const auto& value_of) {
    column =
        assembled(old, values_of(fresh, value_of), pieces, static_cast<size_t>(count), if_empty);
  };
  put(own_->node_ids, old_.node_ids, kNeverEmpty<NodeId>, [](const NodeRow& n) { return n.id; });
  put(own_->node_kinds, old_.node_kinds, kNeverEmpty<uint8_t>, [](const NodeRow& n) {
    return static_cast<uint8_t>(n.kind);
  });
  put(own_->node_statuses, old_.node_statuses, std::optional(uint8_t{0}), [](const NodeRow& n) {
    return static_cast<uint8_t>(n.status);
  });
  put(own_->node_confidence,
      old_.node_confidence,
      std::optional(std::nanf("")),
      [](const NodeRow& n) { return n.probability; });
  put(own_->node_from, old_.node_from, std::optional(kUnknownTime), [](const NodeRow& n) {
    return n.valid.from;
  });
  put(own_->node_to, old_.node_to, std::optional(kUnknownTime), [](const NodeRow& n) {
    return n.valid.to;
  });
}

void Refresh::find_fresh_edges() {
  if (!news_.changed.empty()) changed_edges_.resize(news_.changed.back() + 1);
  for (const EdgeId id : news_.changed) changed_edges_[id] = true;
  for (const EdgeRow& row : news_.edges)
    fresh_.push_back({row, index_of(row.source), index_of(row.target), 0});
  std::sort(fresh_.begin(), fresh_.end(), [](const FreshEdge& a, const FreshEdge& b) {
    return std::tie(a.source, a.row.type, a.target, a.row.id) <
           std::tie(b.source, b.row.type, b.target, b.row.id);
  });
  for (FreshEdge& edge : fresh_) edge.before = place_of(edge);
}

// Ids order the old row as indices do.
int64_t Refresh::place_of(const FreshEdge& edge) const {
  const auto& ids = old_.node_ids;
  const auto source = std::lower_bound(ids.begin(), ids.end(), edge.row.source) - ids.begin();
  int64_t low = old_.out_ptr[static_cast<size_t>(source)];
  if (source == std::ssize(ids) || ids[static_cast<size_t>(source)] != edge.row.source) return low;
  int64_t high = old_.out_ptr[static_cast<size_t>(source) + 1];
  const auto key = [&](int64_t at) {
    const auto i = static_cast<size_t>(at);
    return std::tuple(
        old_.edge_types[i], ids[static_cast<size_t>(old_.out_target[i])], EdgeId{old_.edge_ids[i]});
  };
  const std::tuple wanted(edge.row.type, edge.row.target, edge.row.id);
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (key(middle) < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

bool Refresh::is_kept(int64_t edge) const {
  const auto i = static_cast<size_t>(edge);
  const EdgeId id = old_.edge_ids[i];
  return (id >= changed_edges_.size() || !changed_edges_[id]) && moved(old_.out_target[i]) >= 0;
}

// Splits old edges into pieces around those that are gone. Rows of nodes that are gone are not
// among them.
void Refresh::keep(int64_t begin, int64_t end) {
  if (changed_edges_.empty() && !gone_nodes_) {
    if (begin < end) pieces_.push_back({begin, end, false});
    return;
  }
  for (int64_t at = begin; at < end; ++at) {
    if (!is_kept(at)) continue;
    if (!pieces_.empty() && !pieces_.back().fresh && pieces_.back().end == at)
      ++pieces_.back().end;
    else
      pieces_.push_back({at, at + 1, false});
  }
}

void Refresh::plan_edges() {
  int64_t at = 0;
  const auto keep_until = [&](int64_t end) {
    if (!gone_nodes_) {
      keep(at, end);
    } else {
      // Row by row, to leave out those of nodes that are gone.
      const auto after = std::upper_bound(old_.out_ptr.begin(), old_.out_ptr.end(), at);
      auto row = static_cast<size_t>(after - old_.out_ptr.begin()) - 1;
      for (int64_t begin = at; begin < end; ++row) {
        const int64_t stop = std::min(end, old_.out_ptr[row + 1]);
        if (moved_[row] >= 0) keep(begin, stop);
        begin = stop;
      }
    }
    at = std::max(at, end);
  };
  for (const FreshEdge& edge : fresh_) {
    keep_until(edge.before);
    pieces_.push_back({0, 0, true});
  }
  keep_until(std::ssize(old_.out_target));

  new_edge_.assign(old_.out_target.size(), -1);
  uint64_t count = 0;
  for (const Piece& piece : pieces_) {
    count += piece.fresh ? 1 : static_cast<uint64_t>(piece.end - piece.begin);
    check_count(count, "edges");
    auto next = static_cast<EdgeIndex>(count) - static_cast<EdgeIndex>(piece.end - piece.begin);
    for (int64_t edge = piece.begin; edge < piece.end; ++edge)
      new_edge_[static_cast<size_t>(edge)] = next++;
  }
  edges_ = count;
}

void Refresh::put_edge_columns() {
  const auto put = [&](auto& column, auto old, auto if_empty, const auto& value_of) {
    column = assembled(old, values_of(fresh_, value_of), pieces_, edges_, if_empty);
  };
  put(own_->edge_ids, old_.edge_ids, kNeverEmpty<uint32_t>, [](const FreshEdge& e) {
    return static_cast<uint32_t>(e.row.id);
  });
  put(own_->edge_types, old_.edge_types, kNeverEmpty<TypeId>, [](const FreshEdge& e) {
    return e.row.type;
  });
  put(own_->edge_weights, old_.edge_weights, std::optional(1.f), [](const FreshEdge& e) {
    return e.row.weight;
  });
  put(own_->edge_confidence,
      old_.edge_confidence,
      std::optional(std::nanf("")),
      [](const FreshEdge& e) { return e.row.probability; });
  put(own_->edge_statuses, old_.edge_statuses, std::optional(uint8_t{0}), [](const FreshEdge& e) {
    return static_cast<uint8_t>(e.row.status);
  });
  put(own_->edge_from, old_.edge_from, std::optional(kUnknownTime), [](const FreshEdge& e) {
    return e.row.valid.from;
  });
  put(own_->edge_to, old_.edge_to, std::optional(kUnknownTime), [](const FreshEdge& e) {
    return e.row.valid.to;
  });
  // Fresh edges have their new ends already.
  own_->out_target.resize(edges_);
  auto to = own_->out_target.begin();
  auto from = fresh_.begin();
  for (const Piece& piece : pieces_) {
    if (piece.fresh) *to++ = (from++)->target;
    to = std::transform(old_.out_target.begin() + piece.begin,
                        old_.out_target.begin() + piece.end,
                        to,
                        [&](NodeIndex target) { return moved(target); });
  }
}

void Refresh::put_out_rows() {
  Column<int64_t>& ptr = own_->out_ptr;
  ptr.assign(own_->node_ids.size() + 1, 0);
  for (size_t node = 0; node < moved_.size(); ++node) {
    if (moved_[node] < 0) continue;
    const auto begin = new_edge_.begin() + old_.out_ptr[node];
    const auto end = new_edge_.begin() + old_.out_ptr[node + 1];
    ptr[static_cast<size_t>(moved_[node]) + 1] = (end - begin) - std::count(begin, end, -1);
  }
  for (const FreshEdge& edge : fresh_) ++ptr[static_cast<size_t>(edge.source) + 1];
  std::partial_sum(ptr.begin(), ptr.end(), ptr.begin());
}

// Old rows stay ascending under new_edge_; the fresh edges are merged into them.
void Refresh::put_in_rows() {
  struct Entry {
    NodeIndex target, source;
    EdgeIndex edge;
  };
  std::vector<Entry> entries;
  EdgeIndex at = 0;
  for (const Piece& piece : pieces_) {
    if (piece.fresh) {
      const FreshEdge& edge = fresh_[entries.size()];
      entries.push_back({edge.target, edge.source, at});
    }
    at += piece.fresh ? 1 : static_cast<EdgeIndex>(piece.end - piece.begin);
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.target, a.edge) < std::tie(b.target, b.edge);
  });

  OwnArrays& own = *own_;
  own.in_ptr.assign(1, 0);
  own.in_ptr.reserve(own.node_ids.size() + 1);
  own.in_source.resize(edges_);
  own.in_edge.resize(edges_);
  size_t next = 0;
  const auto put = [&](NodeIndex source, EdgeIndex edge) {
    own.in_source[next] = source;
    own.in_edge[next++] = edge;
  };
  auto entry = entries.begin();
  const auto close_rows_until = [&](NodeIndex node) {
    while (std::ssize(own.in_ptr) <= node) {
      const auto row = static_cast<NodeIndex>(own.in_ptr.size()) - 1;
      for (; entry != entries.end() && entry->target == row; ++entry)
        put(entry->source, entry->edge);
      own.in_ptr.push_back(static_cast<int64_t>(next));
    }
  };
  for (size_t node = 0; node < moved_.size(); ++node) {
    if (moved_[node] < 0) continue;
    close_rows_until(moved_[node]);
    for (int64_t i = old_.in_ptr[node]; i < old_.in_ptr[node + 1]; ++i) {
      const auto in = static_cast<size_t>(i);
      const EdgeIndex edge = new_edge_[static_cast<size_t>(old_.in_edge[in])];
      if (edge < 0) continue;
      for (; entry != entries.end() && entry->target == moved_[node] && entry->edge < edge; ++entry)
        put(entry->source, entry->edge);
      put(moved(old_.in_source[in]), edge);
    }
  }
  close_rows_until(static_cast<NodeIndex>(own.node_ids.size()));
}

// Those that were there before they changed are `changed`; of what appeared, all edges are looked at.
void tell_edges(const View& view,
                const History& history,
                const Changes& changes,
                View::News& news) {
  std::vector<EdgeId> older;
  for (const EdgeId id : changes.edges)
    if (id < changes.first_edge) older.push_back(id);
  news.changed = older;
  for (const auto& [node, row] : news.nodes) {
    if (node >= changes.first_node) break;
    if (!row || view.find(node)) continue;
    for (const auto& edges : {history.out(node, news.as_of), history.in(node, news.as_of)})
      for (const EdgeId id : edges)
        if (id < changes.first_edge) older.push_back(id);
  }
  std::sort(older.begin(), older.end());
  older.erase(std::unique(older.begin(), older.end()), older.end());
  const auto add = [&](EdgeId id) {
    if (const auto row = history.edge_row(id, news.as_of)) news.edges.push_back(*row);
  };
  for (const EdgeId id : older) add(id);
  for (EdgeId id = changes.first_edge; id < history.edge_count(); ++id) add(id);
}

}  // namespace

View::News View::news(const History& history, Version version) const {
  News news{.as_of = as_of_};
  news.as_of.version = std::min(version, history.head());
  if (news.as_of.version < as_of_.version)
    throw std::invalid_argument("a view of version " + std::to_string(as_of_.version) +
                                " refreshed to version " + std::to_string(news.as_of.version) +
                                ": allowed are later ones; build a view of that one");
  const Changes changes = history.changes_since(as_of_.version);
  const auto add = [&](NodeId id) {
    news.nodes.emplace_back(id, history.node_row(id, news.as_of));
  };
  for (const NodeId id : changes.nodes)
    if (id < changes.first_node) add(id);
  for (NodeId id = changes.first_node; id < history.node_count(); ++id) add(id);
  tell_edges(*this, history, changes, news);
  return news;
}

View View::refreshed(const News& news) const {
  if (news.as_of == as_of_) return *this;
  verify();
  return view_of_own(news.as_of, Refresh(*this, news).run());
}

View View::refreshed(const History& history, Version version) const {
  return refreshed(news(history, version));
}

}  // namespace saggio::graph
