// SPDX-License-Identifier: MIT
#include "experiments/data/labelled_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string_view>

namespace saggio::data {
namespace fs = std::filesystem;
namespace {

// The lines of a file, as words; says where it is when something is wrong.
class Lines {
 public:
  explicit Lines(const fs::path& path) : path_(path), file_(path) {
    if (!file_) throw std::invalid_argument(fmt::format("{}: cannot be read", path.string()));
  }

  // The next line that does not begin with #, or nullptr at the end.
  const std::vector<std::string_view>* next() {
    do {
      if (!read()) return nullptr;
    } while (line_.starts_with('#'));
    return &words_;
  }
  const std::vector<std::string_view>* first() { return read() ? &words_ : nullptr; }

  [[noreturn]] void refuse(const std::string& what) const {
    throw std::invalid_argument(fmt::format("{}:{}: {}", path_.string(), number_, what));
  }

  int64_t number(std::string_view word, const char* what, int64_t low, int64_t high) const {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || value < low || value > high)
      refuse(fmt::format("{} '{}', allowed {} to {}", what, word, low, high));
    return value;
  }
  int32_t index(std::string_view word, const char* what, int64_t count) const {
    return static_cast<int32_t>(number(word, what, 0, count - 1));
  }

 private:
  bool read() {
    if (!std::getline(file_, line_)) return false;
    ++number_;
    words_.clear();
    for (size_t begin = 0; (begin = line_.find_first_not_of(" \t\r", begin)) != line_.npos;) {
      const size_t end = std::min(line_.find_first_of(" \t\r", begin), line_.size());
      words_.push_back(std::string_view(line_).substr(begin, end - begin));
      begin = end;
    }
    return true;
  }

  fs::path path_;
  std::ifstream file_;
  std::string line_;
  std::vector<std::string_view> words_;
  int64_t number_ = 0;
};

void read_counts(Lines& lines, LabelledGraph& graph) {
  constexpr int64_t kMost = int64_t{1} << 31;
  const auto* words = lines.first();
  const auto says = [&](size_t at, std::string_view name) {
    return words != nullptr && words->size() > at + 1 && (*words)[at] == name;
  };
  if (!says(1, "nodes") || !says(3, "features") || !(says(5, "classes") || says(5, "classes;")))
    lines.refuse("expected '# nodes N features F classes C'");
  const std::string_view last = (*words)[6];
  graph.nodes = lines.number((*words)[2], "nodes", 1, kMost - 1);
  graph.features = lines.number((*words)[4], "features", 1, kMost - 1);
  graph.classes = lines.number(last.substr(0, last.find(';')), "classes", 2, 1 << 20);
}

void read_features(const fs::path& path, LabelledGraph& graph) {
  Lines lines(path);
  read_counts(lines, graph);
  graph.feature_ptr = {0};
  while (const auto* words = lines.next()) {
    if (static_cast<int64_t>(graph.label.size()) == graph.nodes)
      lines.refuse(fmt::format("one more node than the {} of the first line", graph.nodes));
    if (words->empty()) lines.refuse("an empty line, expected a class and features");
    graph.label.push_back(
        static_cast<int32_t>(lines.number(words->front(), "class", -1, graph.classes - 1)));
    for (size_t i = 1; i < words->size(); ++i) {
      const int32_t feature = lines.index((*words)[i], "feature", graph.features);
      if (i > 1 && feature <= graph.feature.back())
        lines.refuse(fmt::format(
            "feature {} after {}, expected ascending ones", feature, graph.feature.back()));
      graph.feature.push_back(feature);
    }
    graph.feature_ptr.push_back(static_cast<int64_t>(graph.feature.size()));
  }
  if (static_cast<int64_t>(graph.label.size()) != graph.nodes)
    lines.refuse(fmt::format("ends after {} nodes, expected {}", graph.label.size(), graph.nodes));
}

void read_edges(const fs::path& path, LabelledGraph& graph) {
  Lines lines(path);
  while (const auto* words = lines.next()) {
    if (words->size() != 2) lines.refuse(fmt::format("{} words, expected 'u v'", words->size()));
    const std::array<int32_t, 2> edge = {lines.index((*words)[0], "node", graph.nodes),
                                         lines.index((*words)[1], "node", graph.nodes)};
    if (!(edge[0] < edge[1]))
      lines.refuse(fmt::format("edge {} {}, expected the smaller end first", edge[0], edge[1]));
    if (!graph.edges.empty() && !(graph.edges.back() < edge))
      lines.refuse(fmt::format("edge {} {}, expected each once and ascending", edge[0], edge[1]));
    graph.edges.push_back(edge);
  }
}

void read_split(const fs::path& path, LabelledGraph& graph) {
  Lines lines(path);
  std::set<int32_t> taken;
  while (const auto* words = lines.next()) {
    const std::string_view name = words->empty() ? "" : words->front();
    std::vector<int32_t>* part = name == "train"   ? &graph.train
                                 : name == "valid" ? &graph.valid
                                 : name == "test"  ? &graph.test
                                                   : nullptr;
    if (part == nullptr || !part->empty())
      lines.refuse(fmt::format("a line of '{}', expected train, valid, test once each", name));
    for (size_t i = 1; i < words->size(); ++i) {
      const int32_t node = lines.index((*words)[i], "node", graph.nodes);
      if (!taken.insert(node).second) lines.refuse(fmt::format("node {} stands twice", node));
      if (graph.label[static_cast<size_t>(node)] < 0)
        lines.refuse(fmt::format("node {} has no class", node));
      part->push_back(node);
    }
    std::sort(part->begin(), part->end());
  }
  if (graph.train.empty() || graph.valid.empty() || graph.test.empty())
    lines.refuse("ends without a node in each of train, valid and test");
}

void draw_words(LabelledGraph& graph, results::Stream stream) {
  constexpr uint64_t kWords = 200, kOwn = 25;
  graph.features = kWords;
  graph.feature_ptr = {0};
  for (int64_t node = 0; node < graph.nodes; ++node) {
    std::set<int32_t> words;
    const auto own = static_cast<uint64_t>(graph.label[static_cast<size_t>(node)]) * kOwn;
    for (int i = 0; i < 8; ++i)
      words.insert(static_cast<int32_t>(stream.below(4) == 0 ? own + stream.below(kOwn)
                                                             : stream.below(kWords)));
    graph.feature.insert(graph.feature.end(), words.begin(), words.end());
    graph.feature_ptr.push_back(static_cast<int64_t>(graph.feature.size()));
  }
}

// Node i's class is i modulo the number of classes.
void draw_edges(LabelledGraph& graph, double homophily, results::Stream stream) {
  const auto nodes = static_cast<uint64_t>(graph.nodes), classes = uint64_t(graph.classes);
  std::set<std::array<int32_t, 2>> edges;
  for (uint64_t i = 0; i < nodes * 3 / 2; ++i) {
    const uint64_t u = stream.below(nodes);
    const bool within = stream.uniform() < homophily;
    const uint64_t group = within ? u % classes : (u + 1 + stream.below(classes - 1)) % classes;
    const uint64_t v = stream.below(nodes / classes) * classes + group;
    if (u != v)
      edges.insert({static_cast<int32_t>(std::min(u, v)), static_cast<int32_t>(std::max(u, v))});
  }
  graph.edges.assign(edges.begin(), edges.end());
}

}  // namespace

LabelledGraph read_labelled_graph(const fs::path& features,
                                  const fs::path& edges,
                                  const fs::path& split) {
  LabelledGraph graph;
  read_features(features, graph);
  read_edges(edges, graph);
  read_split(split, graph);
  return graph;
}

LabelledGraph make_communities(const LabelledGraphOptions& options, results::Stream stream) {
  constexpr int32_t kClasses = 4, kTrain = 20 * kClasses;
  LabelledGraph graph;
  graph.nodes = options.nodes - options.nodes % kClasses;
  graph.classes = kClasses;
  const auto nodes = static_cast<int32_t>(graph.nodes);
  const int32_t valid = kTrain + (nodes - kTrain) / 3;
  for (int32_t node = 0; node < nodes; ++node) {
    graph.label.push_back(node % kClasses);
    (node < kTrain ? graph.train : node < valid ? graph.valid : graph.test).push_back(node);
  }
  draw_words(graph, stream.split("words"));
  draw_edges(graph, options.homophily, stream.split("edges"));
  return graph;
}

LabelledGraph make_labelled_graph(const LabelledGraphOptions& options,
                                  const results::Stream& stream) {
  const bool none = options.features.empty() && options.edges.empty() && options.split.empty();
  if (options.kind == "communities") {
    if (!none)
      throw std::invalid_argument(
          "data.kind = 'communities' reads no files: leave out data.features, data.edges and "
          "data.split, or take data.kind = 'files'");
    return make_communities(options, stream);
  }
  if (options.features.empty() || options.edges.empty() || options.split.empty())
    throw std::invalid_argument(
        "data.kind = 'files' needs data.features, data.edges and data.split, for example "
        "data:planetoid/cora.features.txt");
  return read_labelled_graph(options.features, options.edges, options.split);
}

}  // namespace saggio::data
