// SPDX-License-Identifier: MIT
#include "graph/layout/neighbours.h"

#include <algorithm>

namespace saggio::graph {

Neighbours neighbours_of(const View& view, const std::stop_token& stop) {
  view.verify();
  Neighbours result;
  result.ptr.reserve(static_cast<size_t>(view.nodes()) + 1);
  result.to.reserve(2 * static_cast<size_t>(view.edges()));
  result.ptr.push_back(0);
  const auto nodes = [&] { return static_cast<size_t>(view.nodes()); };
  asking(stop, nodes, [&](size_t i) {
    const auto x = static_cast<NodeIndex>(i);
    const auto begin = static_cast<std::ptrdiff_t>(result.to.size());
    for (const NodeIndex y : view.out(x).targets)
      if (y != x) result.to.push_back(y);
    for (const NodeIndex y : view.in(x).sources)
      if (y != x) result.to.push_back(y);
    std::sort(result.to.begin() + begin, result.to.end());
    result.to.erase(std::unique(result.to.begin() + begin, result.to.end()), result.to.end());
    result.ptr.push_back(static_cast<int64_t>(result.to.size()));
  });
  return result;
}

void hops_from(const Neighbours& neighbours,
               NodeIndex source,
               std::vector<int32_t>& depth,
               std::vector<NodeIndex>& reached,
               const std::stop_token& stop) {
  reached.assign(1, source);
  depth[static_cast<size_t>(source)] = 0;
  const auto so_far = [&] { return reached.size(); };
  asking(stop, so_far, [&](size_t i) {
    const NodeIndex x = reached[i];
    const int32_t next = depth[static_cast<size_t>(x)] + 1;
    for (const NodeIndex y : neighbours[x])
      if (depth[static_cast<size_t>(y)] < 0) {
        depth[static_cast<size_t>(y)] = next;
        reached.push_back(y);
      }
  });
}

}  // namespace saggio::graph
