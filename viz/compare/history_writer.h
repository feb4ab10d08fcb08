// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <utility>

#include "graph/store/history.h"
#include "graph/store/log.h"

namespace saggio::viz {

// A History that is told directly, without a store on a disk. What is added after the last commit
// is pending.
class HistoryWriter {
 public:
  graph::TypeId type(std::string_view name);  // defined if it is new
  graph::NodeId add_node(graph::NodeKind kind,
                         const graph::Attributes& attributes,
                         std::string_view key);
  graph::EdgeId add_edge(const graph::EdgeEnds& ends, const graph::Attributes& attributes);
  void revise_node(graph::NodeId id, const graph::Attributes& attributes);
  void retire_node(graph::NodeId id);
  void retire_edge(graph::EdgeId id);
  void commit();

  const graph::History& history() const { return history_; }
  graph::History take() { return std::move(history_); }

 private:
  void retire(graph::RecordKind kind, uint64_t id);

  graph::History history_;
};

}  // namespace saggio::viz
