// SPDX-License-Identifier: MIT
// Breadth-first search and PageRank beside their peers in one process, one thread each, taking turns
// on the same Kronecker graph: milliseconds (least and median) and how many times as long a peer
// takes. igraph takes part where its header and library were found.
//
//   graph_compare [--smoke] [SCALE ...]     2^SCALE nodes, 16 edges drawn for each; without: 16 17 18
//   graph_compare --edges SCALE             prints the graph, "source target" a line, and on stderr
//                                           the searches' sources, for programs that read a file
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/page_rank.hpp>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "graph/algorithms/bfs.h"
#include "graph/algorithms/page_rank.h"
#include "graph/view/boost_graph.h"
#include "tests/graph/algorithms/edge_list.h"

#ifdef SAGGIO_HAS_IGRAPH
#include <igraph/igraph.h>
#endif

namespace saggio::graph {
namespace {

constexpr int kIterations = 20;
constexpr size_t kSources = 8;

// Returns what all contenders must agree on.
struct Contender {
  std::string name;
  std::function<int64_t()> run;
};

struct Contest {
  std::string title;
  double runs;                        // searches in one turn
  std::vector<Contender> contenders;  // the first is ours
};

// All take turns, so that what else the machine does falls on all alike. One turn to warm up.
std::vector<std::vector<double>> measure(const Contest& contest, int repetitions) {
  std::vector<std::vector<double>> taken(contest.contenders.size());
  for (int turn = 0; turn <= repetitions; ++turn) {
    int64_t expected = 0;
    for (size_t i = 0; i < taken.size(); ++i) {
      const auto start = std::chrono::steady_clock::now();
      const int64_t result = contest.contenders[i].run();
      const std::chrono::duration<double, std::milli> ms = std::chrono::steady_clock::now() - start;
      if (turn > 0) taken[i].push_back(ms.count() / contest.runs);
      if (i == 0) expected = result;
      if (result != expected)
        throw std::logic_error(fmt::format("{}: {} says {}, ours {}",
                                           contest.title,
                                           contest.contenders[i].name,
                                           result,
                                           expected));
    }
  }
  for (std::vector<double>& times : taken) std::sort(times.begin(), times.end());
  return taken;
}

void print(const Contest& contest, int repetitions) {
  const auto times = measure(contest, repetitions);
  fmt::print("\n{}\n{:44}{:>10}{:>10}{:>9}\n", contest.title, "", "least ms", "median", "/ ours");
  for (size_t i = 0; i < times.size(); ++i)
    fmt::print("{:44}{:10.2f}{:10.2f}{:8.2f}x\n",
               contest.contenders[i].name,
               times[i].front(),
               times[i][times[i].size() / 2],
               times[i].front() / times[0].front());
}

// Nodes with edges, evenly spaced.
std::vector<NodeIndex> sources_of(const View& view) {
  std::vector<NodeIndex> sources;
  for (size_t i = 0; i < kSources; ++i) {
    auto x = static_cast<NodeIndex>(static_cast<size_t>(view.nodes()) * i / kSources);
    while (view.out(x).targets.empty()) x = (x + 1) % view.nodes();
    sources.push_back(x);
  }
  return sources;
}

template <typename Parent>
int64_t reached(const std::vector<Parent>& parents, Parent none) {
  return static_cast<int64_t>(parents.size()) - std::count(parents.begin(), parents.end(), none);
}

// Boost's search leaves the parents of those not reached as they were; the source gets itself.
template <typename Graph>
Contender boost_bfs(std::string name, const Graph& graph, const std::vector<NodeIndex>& sources) {
  return {std::move(name), [&graph, sources] {
            int64_t sum = 0;
            for (const NodeIndex source : sources) {
              constexpr auto kNone = std::numeric_limits<uint32_t>::max();
              std::vector<uint32_t> parents(num_vertices(graph), kNone);
              parents[static_cast<size_t>(source)] = static_cast<uint32_t>(source);
              const auto map = boost::make_iterator_property_map(parents.begin(),
                                                                 get(boost::vertex_index, graph));
              boost::breadth_first_search(
                  graph,
                  static_cast<typename boost::graph_traits<Graph>::vertex_descriptor>(source),
                  boost::visitor(boost::make_bfs_visitor(
                      boost::record_predecessors(map, boost::on_tree_edge()))));
              sum += reached(parents, kNone);
            }
            return sum;
          }};
}

using Csr = boost::compressed_sparse_row_graph<boost::directedS,
                                               boost::no_property,
                                               boost::no_property,
                                               boost::no_property,
                                               uint32_t,
                                               uint32_t>;
using Lists = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using ListsBothWays = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

std::vector<std::pair<uint32_t, uint32_t>> pairs_of(const EdgeList& list) {
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (const Arc& arc : list.arcs)
    pairs.emplace_back(static_cast<uint32_t>(arc.source), static_cast<uint32_t>(arc.target));
  return pairs;
}

#ifdef SAGGIO_HAS_IGRAPH
struct Igraph {
  igraph_t graph;
  igraph_vector_int_t parents;
  explicit Igraph(const EdgeList& list) {
    igraph_vector_int_t ends;
    igraph_vector_int_init(&ends, 0);
    for (const Arc& arc : list.arcs) {
      igraph_vector_int_push_back(&ends, arc.source);
      igraph_vector_int_push_back(&ends, arc.target);
    }
    igraph_create(&graph, &ends, list.nodes, IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&ends);
    igraph_vector_int_init(&parents, 0);
  }
  Igraph(const Igraph&) = delete;
  Igraph& operator=(const Igraph&) = delete;
  ~Igraph() {
    igraph_destroy(&graph);
    igraph_vector_int_destroy(&parents);
  }
};

void add_igraph(Contest& contest, const EdgeList& list, const std::vector<NodeIndex>& sources) {
  const auto peer = std::make_shared<Igraph>(list);
  contest.contenders.push_back(
      {"igraph_bfs_simple", [peer, sources] {
         int64_t sum = 0;
         for (const NodeIndex source : sources) {
           igraph_bfs_simple(&peer->graph, source, IGRAPH_OUT, nullptr, nullptr, &peer->parents);
           for (igraph_integer_t x = 0; x < igraph_vector_int_size(&peer->parents); ++x)
             sum += VECTOR(peer->parents)[x] != -2;  // the root's is -1
         }
         return sum;
       }});
}
#else
void add_igraph(Contest&, const EdgeList&, const std::vector<NodeIndex>&) {
  fmt::print("igraph: not found when this was configured\n");
}
#endif

void compare_bfs(const EdgeList& list, const View& view, int repetitions) {
  const std::vector<NodeIndex> sources = sources_of(view);
  const auto pairs = pairs_of(list);
  const auto nodes = static_cast<uint32_t>(list.nodes);
  const Csr csr(boost::edges_are_sorted, pairs.begin(), pairs.end(), nodes);
  const Lists lists(pairs.begin(), pairs.end(), nodes);
  Contest contest{fmt::format("breadth-first search, parents, {}, {} nodes, {} edges",
                              list.name,
                              list.nodes,
                              list.arcs.size()),
                  kSources,
                  {{"ours",
                    [&] {
                      int64_t sum = 0;
                      for (const NodeIndex source : sources)
                        sum += reached(bfs_parents(view, std::array{source}), NodeIndex{-1});
                      return sum;
                    }},
                   boost_bfs("boost::compressed_sparse_row_graph", csr, sources),
                   boost_bfs("boost::adjacency_list<vecS, vecS>", lists, sources)}};
  add_igraph(contest, list, sources);
  print(contest, repetitions);
}

// Their ranks differ where nodes have no edges out, which Boost lets lose their rank; all return 0.
void compare_page_rank(const EdgeList& list, const View& view, int repetitions) {
  const auto pairs = pairs_of(list);
  const auto nodes = static_cast<uint32_t>(list.nodes);
  const ListsBothWays lists(pairs.begin(), pairs.end(), nodes);
  std::vector<float> ranks(nodes), more(nodes);
  const auto boosts = [&](const auto& graph) {
    const auto index = get(boost::vertex_index, graph);
    boost::graph::page_rank(graph,
                            boost::make_iterator_property_map(ranks.begin(), index),
                            boost::graph::n_iterations(kIterations),
                            .85f,
                            nodes,
                            boost::make_iterator_property_map(more.begin(), index));
    return int64_t{0};
  };
  const PageRankOptions options{.tolerance = 0, .most_iterations = kIterations};
  print({fmt::format("PageRank, {} iterations, {}", kIterations, list.name),
         1,
         {{"ours, f32", [&] { return fast_page_rank(view, options).ranks.empty() ? 1 : 0; }},
          {"ours, f64", [&] { return page_rank(view, options).ranks.empty() ? 1 : 0; }},
          {"boost, f32, bidirectional adjacency_list", [&] { return boosts(lists); }},
          {"boost, f32, on our View", [&] { return boosts(view); }}}},
        repetitions);
}

void compare(int scale, int repetitions) {
  const EdgeList list = kronecker(scale, 16);
  const View view = view_of(list);
  compare_bfs(list, view, repetitions);
  compare_page_rank(list, view, std::max(1, repetitions / 3));
}

void print_edges(int scale) {
  const EdgeList list = kronecker(scale, 16);
  for (const Arc& arc : list.arcs) fmt::print("{} {}\n", arc.source, arc.target);
  fmt::print(stderr, "sources: {}\n", fmt::join(sources_of(view_of(list)), " "));
}

}  // namespace
}  // namespace saggio::graph

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool smoke = !arguments.empty() && arguments[0] == "--smoke";
  const bool only_edges = !arguments.empty() && arguments[0] == "--edges";
  std::vector<int> scales;
  for (size_t i = smoke || only_edges; i < arguments.size(); ++i)
    scales.push_back(std::atoi(arguments[i].c_str()));
  if (scales.empty()) scales = smoke ? std::vector{8} : std::vector{16, 17, 18};
  for (const int scale : scales) {
    if (!(scale >= 1 && scale <= 24)) {
      fmt::print(stderr, "error: scale {}, allowed 1..24\n", scale);
      return 2;
    }
    only_edges ? saggio::graph::print_edges(scale) : saggio::graph::compare(scale, smoke ? 1 : 9);
  }
  return 0;
}
