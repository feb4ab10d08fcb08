// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/random.h"

// A graph whose nodes have binary features and, most of them, a class: what node classification is
// trained on (`train`), chosen by (`valid`) and scored on (`test`), all on the one graph. Either
// three files, or generated communities, which need no download.
namespace saggio::data {

struct LabelledGraphOptions {
  std::string kind = "communities";
  std::string features, edges, split;
  int64_t nodes = 600;
  double homophily = 0.8;

  void visit(auto& v) {
    v("kind", kind, "generated communities, or files", {"communities", "files"});
    v.file("features", features, "files: a node a line, its class and its features");
    v.file("edges", edges, "files: an undirected edge a line");
    v.file("split", split, "files: the nodes of train, valid and test");
    v("nodes", nodes, "communities: nodes, in four classes of equal size", {160, 1e6});
    v("homophily", homophily, "communities: share of the edges that stay within a class", {0, 1});
  }
};

struct LabelledGraph {
  int64_t nodes = 0, features = 0, classes = 0;  // N, F, C
  std::vector<int64_t> feature_ptr;              // [N+1] offsets into `feature`
  std::vector<int32_t> feature;                  // in [0, F), ascending within a node
  std::vector<int32_t> label;                    // [N] in [0, C); -1: not known
  std::vector<std::array<int32_t, 2>> edges;  // each once, smaller end first, ascending; no loops
  std::vector<int32_t> train, valid, test;    // nodes, ascending and disjoint; labels are known
};

// The three files of Planetoid (Yang et al. 2016, arXiv:1603.08861) as plain text, lines that begin
// with # aside:
//
//   features  first "# nodes N features F classes C", then node i's line i: class, -1 where it is not
//             known, and the indices of the features that it has, of which there may be none
//   edges     "u v" with u < v, each edge once, ascending
//   split     lines "train ...", "valid ...", "test ..." of nodes
//
// CiteSeer has nodes without edges, without features and without class: they stay in the graph and
// are in no part. Throws std::invalid_argument that names file and line.
LabelledGraph read_labelled_graph(const std::filesystem::path& features,
                                  const std::filesystem::path& edges,
                                  const std::filesystem::path& split);

// Four communities: about three edges a node, and per node about eight of 200 words, of which one in
// four comes from the 25 words of its class; 20 nodes of each class to train on, as in Planetoid.
LabelledGraph make_communities(const LabelledGraphOptions& options, results::Stream stream);

// The one that the options ask for; communities are drawn from `stream`.
LabelledGraph make_labelled_graph(const LabelledGraphOptions& options,
                                  const results::Stream& stream);

}  // namespace saggio::data
