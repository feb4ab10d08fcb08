// SPDX-License-Identifier: MIT
#include "viz/telling.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "graph/query/point.h"
#include "results/random.h"
#include "tests/graph/query/random_store.h"
#include "tests/results/store/temporary_folder.h"
#include "viz/choose.h"

namespace saggio::viz {
namespace {

using graph::NodeKind;
using Ids = std::set<uint64_t>;

Ids shown(const std::vector<uint8_t>& marks) {
  Ids ids;
  for (size_t i = 0; i < marks.size(); ++i)
    if (marks[i] & kShown) ids.insert(i);
  return ids;
}

ViewState random_state(results::Stream& stream, const graph::History& history) {
  const auto node = [&] { return stream.below(history.node_count()); };
  const std::vector<std::string> filters = {"",
                                            "",
                                            "kind = claim or text has rain",
                                            "nodes where not known text as of 1",
                                            "edges where type = supports",
                                            "confidence < 0.5 valid at 1970-01-02",
                                            "label = x or degree > 2 and not kind = step"};
  ViewState state;
  state.filter = filters[stream.below(filters.size())];
  if (stream.below(3) == 0) state.version = 1 + stream.below(history.head());
  if (stream.below(4) == 0) state.world = static_cast<int64_t>(stream.below(40));
  if (stream.below(2))
    state.focus = Focus{{node(), node()},
                        static_cast<int32_t>(stream.below(3)),
                        static_cast<graph::Direction>(stream.below(3))};
  for (uint64_t n = stream.below(3); n > 0; --n)
    state.folds.push_back({node(), stream.below(2) == 0});
  const std::vector<std::string> what = {"path", "proof", "against", "core"};
  if (stream.below(3) == 0)
    state.highlight = Highlight{what[stream.below(what.size())], node(), node()};
  return state;
}

TEST(QueryOfAPicture, SelectsExactlyWhatIsShown) {
  size_t with_folds = 0, of_edges = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    graph::RandomStore random(seed);
    const graph::History& history = random.store.history();
    results::Stream stream(seed);
    const ViewState state = random_state(stream, history);
    const graph::TextOf text_of = [&](const graph::Attributes& a) { return random.store.text(a); };
    const graph::View view = graph::View::build(history, point_of(state, history));
    Scene scene;
    scene.follow(history);
    scene.show(view.as_of());
    const Marks marks = marks_of(state, scene, {view, history, text_of});

    const Told told = query_of_picture(state, marks, {view, history, text_of});
    const graph::Query query = graph::parse(told.text);
    const graph::View again = graph::View::build(history, graph::point_of(query, history));
    const graph::Selection found = graph::evaluate(query, again, history, text_of);
    Ids ids;
    const bool edges = query.target == graph::Target::Edges;
    for (const int32_t i : found.indices()) ids.insert(edges ? again.edge_id(i) : again.node_id(i));
    ASSERT_EQ(ids, shown(edges ? marks.edges : marks.nodes)) << seed << " " << told.text;
    with_folds += !state.folds.empty();
    of_edges += edges;
  }
  EXPECT_GT(with_folds, 50u);
  EXPECT_GT(of_edges, 20u);
}

// The words that a POSIX shell makes of a line.
std::vector<std::string> words_of(const std::string& line) {
  const std::string command = "printf '%s\\0' " + line;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer{};
  for (size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.append(buffer.data(), n);
  EXPECT_EQ(::pclose(pipe), 0);
  std::vector<std::string> words;
  for (size_t at = 0; at < out.size(); at = out.find('\0', at) + 1)
    words.push_back(out.substr(at, out.find('\0', at) - at));
  return words;
}

TEST(ShellWord, IsOneWordThatMeansTheseBytes) {
  results::Stream stream(3);
  std::string line;
  std::vector<std::string> texts = {"", "'", "a b", "$HOME `ls` \\", "-x", "雨 \"", "*", "~", "!!"};
  for (int i = 0; i < 500; ++i) {
    std::string text(stream.below(12), ' ');
    for (char& c : text) c = static_cast<char>(1 + stream.below(255));
    texts.push_back(text);
  }
  for (const std::string& text : texts) line += shell_word(text) + " ";
  EXPECT_EQ(words_of(line), texts);
  EXPECT_EQ(shell_word("thoughts/run-1.view"), "thoughts/run-1.view");
}

// What the command line makes of such words.
RenderRequest request_of(const std::vector<std::string>& words) {
  RenderRequest request;
  request.store = words.at(2);
  const auto one = [&](const std::string& option) -> std::string* {
    if (option == "--render") return &request.picture;
    if (option == "--version") return &request.version;
    if (option == "--world") return &request.world;
    if (option == "--query") return &request.query;
    if (option == "--layout") return &request.layout;
    if (option == "--group-by") return &request.group_by;
    if (option == "--colour") return &request.colour;
    if (option == "--size-by") return &request.size;
    if (option == "--state") return &request.state;
    return nullptr;
  };
  for (size_t i = 3; i < words.size(); ++i) {
    const std::string& option = words[i];
    if (std::string* value = one(option))
      *value = words.at(++i);
    else if (option == "--size")
      EXPECT_EQ(words.at(++i), "640x480");
    else if (option == "--labels")
      request.labels = std::stoi(words.at(++i));
    else if (option == "--dark")
      request.dark = true;
    else if (option == "--core")
      request.core = true;
    else if (option == "--path")
      request.path = {words.at(i + 1), words.at(i + 2)}, i += 2;
    else if (option == "--proof")
      request.proof = {words.at(++i)};
    else if (option == "--against")
      request.against = {words.at(++i)};
    else if (option == "--select")
      request.select.push_back(words.at(++i));
    else
      ADD_FAILURE() << option;
  }
  return request;
}

class CommandOfAPicture : public testing::Test {
 protected:
  CommandOfAPicture() {
    graph::Store store = graph::Store::open(folder_);
    const std::vector<std::string> keys = {
        "rain", "it's wet", "-dash", "[a,b]", "#7", "$x `y`", "雨", "", "{}", "two\nlines"};
    for (const std::string& key : keys) store.add_node(NodeKind::Claim, {}, key);
    for (graph::NodeId i = 0; i + 1 < keys.size(); ++i)
      store.add_edge(i, store.type("supports"), i + 1);
    store.add_edge(0, store.type("contradicts"), 5);
    store.commit();
    store.add_node(NodeKind::Evidence, {}, "late");
    store.commit();
    nodes_ = keys.size();
  }

  Action random_action(results::Stream& stream) {
    const auto number = [&] { return static_cast<float>(stream.normal()); };
    const auto node = [&] { return stream.below(nodes_); };
    const std::vector<Action> actions = {
        Orbit{number(), number()},
        Zoom{number()},
        Fit{},
        GoTo{1 + stream.below(2)},
        GoTo{std::nullopt, static_cast<int64_t>(stream.below(1'000'000))},
        Filter{stream.below(2) ? "not key = 'rain' or key = \"it's wet\"" : ""},
        Neighbours{{node()}, 2},
        Expand{node()},
        Collapse{node()},
        Select{{node(), node()}, "also"},
        ShowPath{node(), node()},
        ShowProof{node()},
        ShowAgainst{node()},
        ShowCore{},
        ShowPlain{},
        Colour{static_cast<ColourBy>(stream.below(4))},
        Size{static_cast<SizeBy>(stream.below(3))},
        Opacity{stream.below(2) == 0},
        Dark{stream.below(2) == 0},
        Labels{static_cast<int32_t>(stream.below(100))},
        PinNodes{{node()}},
        Layout{stream.below(2) ? "layered" : "force"},
        Layout{"force", static_cast<GroupBy>(stream.below(3))}};
    return actions[stream.below(actions.size())];
  }

  results::TemporaryFolder temporary_;
  std::string folder_ = (temporary_.path() / "a store").string();
  uint64_t nodes_ = 0;
};

TEST_F(CommandOfAPicture, LeadsToTheSameState) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    results::Stream stream(seed);
    Session session(folder_, {640, 480});
    for (uint64_t n = stream.below(12); n > 0; --n) session.perform({random_action(stream)});
    const std::string line = session.command_of_picture();
    Session again(folder_, {640, 480});
    choose(request_of(words_of(line)), again);
    ASSERT_EQ(to_json(again.state()), to_json(session.state())) << line;
    ASSERT_EQ(hash_of(again.state()), hash_of(session.state()));
  }
}

TEST_F(CommandOfAPicture, IsShortWhereOptionsSayAll) {
  Session session(folder_, {1280, 720});
  choose({.store = folder_, .query = "kind = claim", .proof = {"it's wet"}, .dark = true}, session);
  EXPECT_EQ(session.command_of_picture("a.png"),
            "saggio view '" + folder_ +
                "' --render a.png --query 'kind = claim' --dark --proof 'it'\\''s wet'");
}

TEST_F(CommandOfAPicture, SaysHowHighItsLettersAreUnlessAFileHasThemAnyway) {
  Session session(folder_, {640, 480});
  Font usual = Font::standard(text_height(480)), large = Font::standard(20);
  session.set_font(usual);
  EXPECT_EQ(session.command_of_picture().find("--letters"), std::string::npos);
  session.set_font(large);
  EXPECT_NE(session.command_of_picture().find(" --size 640x480 --letters 20"), std::string::npos)
      << session.command_of_picture();
}

TEST_F(CommandOfAPicture, AStateThatIsNoneIsRefused) {
  Session session(folder_, {640, 480});
  EXPECT_THROW(choose({.state = "labels"}, session), std::invalid_argument);
  EXPECT_THROW(choose({.state = R"({"zoom":1})"}, session), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::viz
