// SPDX-License-Identifier: MIT
#include "viz/find/finder.h"

#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <regex>
#include <stdexcept>
#include <tuple>

#include "tests/graph/query/random_store.h"
#include "viz/find/fold.h"

namespace saggio::viz {
namespace {

using graph::NodeKind;

const graph::TextOf& text_of(graph::Store& store) {
  static graph::Store* of = nullptr;
  static const graph::TextOf read = [](const graph::Attributes& a) { return of->text(a); };
  of = &store;
  return read;
}

// A store, its scene, and the search over both.
struct Searching {
  explicit Searching(graph::Store& of) : store(of) { show({}); }
  void show(const graph::AsOf& as_of) {
    scene.follow(store.history());
    scene.show(as_of);
  }
  void look(Finder::Clock::time_point until) {
    finder.look({store.history(), text_of(store), scene}, until);
  }
  // In slices as thin as they can be, or, every second time, at once.
  Found find(std::string_view typed, size_t most = 1000) {
    finder.ask(typed, most);
    const bool at_once = ++finds % 2 == 0;
    do look(at_once ? Finder::Clock::time_point::max() : Finder::Clock::time_point::min());
    while (!finder.done());
    EXPECT_EQ(finder.found().looked, 1);
    return finder.found();
  }

  graph::Store& store;
  Scene scene;
  Finder finder;
  size_t finds = 0;
};

// One text of a node, and how well it fits: as the header says it, one text at a time.
std::optional<int> fit_of(const std::string& text, bool is_key, const std::string& typed) {
  size_t at = std::string::npos, length = typed.size();
  bool at_word = false;
  if (typed.size() > 2 && typed.front() == '/' && typed.back() == '/') {
    std::smatch match;
    const std::regex pattern(typed.substr(1, typed.size() - 2), std::regex::icase);
    if (!std::regex_search(text, match, pattern)) return std::nullopt;
    at = static_cast<size_t>(match.position());
    length = static_cast<size_t>(match.length());
    at_word = word_begins(text, at);
  } else {
    at = text.find(typed);
    if (at == std::string::npos) return std::nullopt;
    for (size_t i = at; i != std::string::npos; i = text.find(typed, i + 1))
      at_word |= word_begins(text, i);
  }
  if (is_key && at == 0) return length == text.size() ? 0 : 1;
  return at_word ? 2 : 3;
}

std::vector<Slot> brute_force(graph::Store& store, const graph::AsOf& as_of, std::string typed) {
  if (typed.size() <= 2 || typed.front() != '/' || typed.back() != '/') typed = folded(typed);
  std::vector<std::tuple<int, size_t, Slot>> found;
  for (const graph::NodeId id : store.history().nodes(as_of)) {
    const graph::Node node = *store.history().node(id, as_of);
    std::vector<std::pair<std::string, bool>> texts = {{node.key, true}};
    for (const std::string& label : node.attributes.labels) texts.emplace_back(label, false);
    texts.emplace_back(store.text(node.attributes), false);
    std::optional<std::tuple<int, size_t, Slot>> best;
    for (const auto& [text, is_key] : texts) {
      if (text.empty()) continue;
      const std::string one = folded(text);
      if (const auto fit = fit_of(one, is_key, typed)) {
        const std::tuple<int, size_t, Slot> score(*fit, one.size(), static_cast<Slot>(id));
        best = best ? std::min(*best, score) : score;
      }
    }
    if (best) found.push_back(*best);
  }
  std::sort(found.begin(), found.end());
  std::vector<Slot> nodes;
  for (const auto& one : found) nodes.push_back(std::get<2>(one));
  return nodes;
}

TEST(Finder, FindsWhatLookingAtEveryTextFindsAtEveryVersionAndTime) {
  const std::vector<std::string> all_typed = {"n",
                                              "N1",
                                              "n12",
                                              "rain",
                                              "street is",
                                              "WET",
                                              "x",
                                              "mm",
                                              "in",
                                              "\"b\\",
                                              "not the r",
                                              "zz",
                                              "a",
                                              "/ra.n/",
                                              "/^n[0-9]$/",
                                              "/wet|mm/",
                                              "/\\bis\\b/",
                                              "/n1/"};
  size_t matches = 0;
  for (uint64_t seed = 0; seed < 80; ++seed) {
    graph::RandomStore random(seed);
    Searching searching(random.store);
    std::vector<graph::AsOf> points = {{.version = random.store.history().head(), .world = 15}};
    for (graph::Version v = 1; v <= random.store.history().head(); ++v)
      points.push_back({.version = v});
    for (const graph::AsOf& as_of : points) {
      searching.show(as_of);
      for (const std::string& typed : all_typed) {
        const auto expected = brute_force(random.store, as_of, typed);
        const Found found = searching.find(typed);
        ASSERT_EQ(found.nodes, expected) << seed << " " << typed;
        ASSERT_EQ(found.matches, expected.size());
        matches += expected.size();
      }
    }
  }
  EXPECT_GT(matches, 5000u);
}

struct Named {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  Slot add(std::string_view key, const std::string& text = "", NodeKind kind = NodeKind::Claim) {
    return static_cast<Slot>(store.add_node(kind, {.text = text}, key));
  }
};

TEST(Finder, RanksTheKeyThenItsBeginningThenWordsThenTheRestAndShorterOnesFirst) {
  Named named;
  const Slot inside = named.add("terrain");
  const Slot word = named.add("heavy-rain");
  const Slot shorter_word = named.add("a rain");
  const Slot longer = named.add("rainfall");
  const Slot begins = named.add("rainy");
  const Slot exact = named.add("Rain");
  const Slot text = named.add("k", "It rained.");
  named.add("other");
  named.store.commit();
  Searching searching(named.store);
  EXPECT_EQ(searching.find("rain").nodes,
            (std::vector<Slot>{exact, begins, longer, shorter_word, word, text, inside}));
  EXPECT_EQ(searching.find("rain", 2).nodes, (std::vector<Slot>{exact, begins}));
  EXPECT_EQ(searching.find("rain", 2).matches, 7u);
  EXPECT_EQ(searching.find("").matches, 0u);
}

TEST(Finder, CaseCountsInNoScript) {
  Named named;
  const Slot greek = named.add("ΟΔΟΣ");
  const Slot cyrillic = named.add("k1", "Дождь идёт");
  const Slot arabic = named.add("k2", "هطل المطر");
  const Slot cjk = named.add("k3", "昨夜下雨了");
  const Slot emoji = named.add("k4", "🌧️ rain");
  const Slot broken = named.add("k5", "caf\xe9 noir");
  const Slot lines = named.add("k6", "one\ntwo");
  named.store.commit();
  Searching searching(named.store);
  EXPECT_EQ(searching.find("οδος").nodes, std::vector<Slot>{greek});
  EXPECT_EQ(searching.find("ДОЖДЬ").nodes, std::vector<Slot>{cyrillic});
  EXPECT_EQ(searching.find("المطر").nodes, std::vector<Slot>{arabic});
  EXPECT_EQ(searching.find("下雨").nodes, std::vector<Slot>{cjk});
  EXPECT_EQ(searching.find("🌧").nodes, std::vector<Slot>{emoji});
  EXPECT_EQ(searching.find("CAF\xe9").nodes, std::vector<Slot>{broken});
  EXPECT_EQ(searching.find("one\ntwo").nodes, std::vector<Slot>{lines});
  EXPECT_EQ(searching.find("/^.ождь и/").nodes, std::vector<Slot>{cyrillic});
}

TEST(Finder, AKeyMadeOfAHashIsNotFoundByWhatItHappensToHold) {
  Named named;
  const Slot node = named.add("", "It rained.", NodeKind::Evidence);
  named.store.commit();
  const std::string key(named.store.history().node_key(node));
  Searching searching(named.store);
  EXPECT_EQ(searching.find(key).nodes, std::vector<Slot>{node});
  EXPECT_EQ(searching.find(key.substr(0, 12)).nodes, std::vector<Slot>{node});
  EXPECT_EQ(searching.find(key.substr(11, 3)).matches, 0u);
  EXPECT_EQ(searching.find("evidence").matches, 0u);
}

TEST(Finder, ANumberSignNamesANode) {
  Named named;
  named.add("a");
  const Slot second = named.add("b");
  const Slot issue = named.add("c", "see #99");
  named.store.commit();
  Searching searching(named.store);
  EXPECT_EQ(searching.find("#1").nodes, std::vector<Slot>{second});
  EXPECT_EQ(searching.find("#99").nodes, std::vector<Slot>{issue});
}

TEST(Finder, WhatArrivesIsFoundAndWhatChangedOnlyWhereItHolds) {
  Named named;
  const Slot rain = named.add("first", "rain");
  named.store.commit();
  Searching searching(named.store);
  EXPECT_EQ(searching.find("snow").matches, 0u);
  const size_t bytes = searching.finder.bytes();

  named.store.revise_node(rain, {.text = "snow"});
  const Slot late = named.add("second", "more snow");
  named.store.commit();
  searching.show({});
  EXPECT_EQ(searching.find("snow").nodes, (std::vector<Slot>{rain, late}));
  EXPECT_EQ(searching.find("rain").matches, 0u);
  EXPECT_LT(searching.finder.bytes(), bytes + 40);  // what is new was read, not all
  searching.show({.version = 1});
  EXPECT_EQ(searching.find("rain").nodes, std::vector<Slot>{rain});
  EXPECT_EQ(searching.find("snow").matches, 0u);

  named.store.retire_node(rain);
  named.store.commit();
  searching.show({});
  EXPECT_EQ(searching.find("snow").nodes, std::vector<Slot>{late});
}

constexpr auto kThinnest = Finder::Clock::time_point::min();

// 20,000 nodes "n0", "n1", ..., and a search for "n".
struct Many : Named {
  Many() {
    for (size_t i = 0; i < 20'000; ++i) add("n" + std::to_string(i));
    store.commit();
    searching.show({});
    finder.ask("n", 12);
  }
  void thin_slices(int count) {
    for (int i = 0; i < count; ++i) searching.look(kThinnest);
  }

  Searching searching{store};
  Finder& finder = searching.finder;
};

TEST(Finder, WhatWasFoundSoFarIsSeenAndGrowsUntilAllWasLookedAt) {
  Many many;
  Found before{{}, 0, 0};
  size_t slices = 0;
  for (; !many.finder.done(); ++slices) {
    many.thin_slices(1);
    const Found found = many.finder.found();
    EXPECT_GE(found.matches, before.matches);
    EXPECT_GE(found.looked, before.looked);
    EXPECT_EQ(found.looked == 1, many.finder.done());
    EXPECT_EQ(found.nodes.size(), std::min<size_t>(12, found.matches));
    before = found;
  }
  EXPECT_GT(slices, 100u);
  EXPECT_EQ(before.matches, 20'000u);
}

TEST(Finder, AnotherKeyEndsASearchAndWhatWasReadForItIsKept) {
  Many many;
  many.thin_slices(100);
  EXPECT_GT(many.finder.bytes(), 0u);
  many.finder.ask("n19999", 12);
  EXPECT_EQ(many.finder.found(), (Found{{}, 0, 0}));
  many.searching.look(Finder::Clock::time_point::max());
  EXPECT_EQ(many.finder.found().nodes, std::vector<Slot>{19'999});
  EXPECT_EQ(many.finder.bytes(), 128'890u);  // each text once
}

TEST(Finder, WhileNothingIsTypedItReadsAheadAndNoKeyReadsThatAgain) {
  Many many;
  many.finder.ask("", 12);
  many.thin_slices(1);
  EXPECT_FALSE(many.finder.done());
  while (!many.finder.done()) many.thin_slices(1);
  EXPECT_EQ(many.finder.bytes(), 128'890u);  // each text once
  EXPECT_EQ(many.finder.found(), (Found{{}, 0, 1}));

  many.add("n-late");
  many.store.commit();
  many.searching.show({});
  many.thin_slices(1);
  EXPECT_TRUE(many.finder.done());
  EXPECT_EQ(many.finder.bytes(), 128'890u + 7);
  EXPECT_EQ(many.searching.find("N1999").matches, 11u);
  EXPECT_EQ(many.finder.bytes(), 128'890u + 7);
}

TEST(Finder, WhatIsAddedAndChangedDuringASearchIsFoundOnceItIsShown) {
  Many many;
  many.thin_slices(100);
  many.store.revise_node(7, {.text = "n, again"});
  many.add("n-late");
  many.store.commit();
  many.searching.show({});
  while (!many.finder.done()) many.thin_slices(1);
  many.thin_slices(1);
  EXPECT_FALSE(many.finder.done());
  EXPECT_EQ(many.finder.found().nodes.size(), 12u);  // those of before, meanwhile
  while (!many.finder.done()) many.thin_slices(1);
  EXPECT_EQ(many.finder.found().matches, 20'001u);
}

TEST(Finder, OfAnotherGraphTheSameIsLookedFor) {
  Named named, other;
  named.add("rain");
  named.store.commit();
  const Slot rain = other.add("snow") + 1;
  other.add("rainy");
  other.store.commit();
  Searching searching(named.store), then(other.store);
  EXPECT_EQ(searching.find("rain").matches, 1u);
  searching.finder.forget();
  EXPECT_EQ(searching.finder.found().matches, 0u);
  const graph::TextOf read = [&](const graph::Attributes& a) { return other.store.text(a); };
  searching.finder.look({other.store.history(), read, then.scene},
                        Finder::Clock::time_point::max());
  EXPECT_EQ(searching.finder.found().nodes, std::vector<Slot>{rain});
}

TEST(Finder, ATextThatCannotBeReadIsSaidAndTheOthersAreFound) {
  Named named;
  named.add("a", std::string(100'000, 'x'));
  const Slot second = named.add("b", "rain");
  named.store.commit();
  Searching searching(named.store);
  const graph::TextOf lost = [](const graph::Attributes&) -> std::string {
    throw std::runtime_error("the pack is gone");
  };
  searching.finder.ask("rain", 12);
  const Searched searched{named.store.history(), lost, searching.scene};
  EXPECT_THROW(searching.finder.look(searched, Finder::Clock::time_point::max()),
               std::runtime_error);
  searching.finder.look(searched, Finder::Clock::time_point::max());
  EXPECT_EQ(searching.finder.found().nodes, std::vector<Slot>{second});
}

TEST(Finder, AnExpressionThatIsNoneIsRefusedAndOneNotClosedIsText) {
  Named named;
  const Slot path = named.add("data", "in /var/[a");
  named.store.commit();
  Searching searching(named.store);
  EXPECT_EQ(searching.find("/var").nodes, std::vector<Slot>{path});
  try {
    searching.find("/[a/");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(std::string(error.what()),
              "find /[a/: missing ]: [a; allowed between the slashes: a regular expression in "
              "RE2's syntax, such as /rain|snow/");
  }
}

TEST(Finder, LongTextsNoTextsAndOneNodeAreSearchedLikeOthers) {
  Named named;
  const Slot only = named.add("", std::string(10'000, 'x') + " needle");
  named.store.commit();
  Searching searching(named.store);
  EXPECT_EQ(searching.find("NEEDLE").nodes, std::vector<Slot>{only});
  EXPECT_EQ(searching.find(std::string(10'001, 'x')).matches, 0u);
  named.add("", "");
  named.store.commit();
  searching.show({});
  EXPECT_EQ(searching.find("needle").matches, 1u);
}

TEST(Fold, IsThatOfEachCharacterWhereverItStands) {
  for (int c = 1; c < 128; ++c) {
    const char one = static_cast<char>(c);
    const char expected = one == 127 || one < ' ' ? ' ' : static_cast<char>(std::tolower(c));
    for (size_t size = 1; size < 20; ++size)
      for (size_t at = 0; at < size; ++at) {
        std::string text(size, 'Z'), lower(size, 'z');
        text[at] = one;
        lower[at] = expected;
        ASSERT_EQ(folded(text), lower) << c << " " << at << " " << size;
        text += "é";
        ASSERT_EQ(folded(text), lower + "é") << c << " " << at << " " << size;
      }
  }
}

TEST(Fold, KeepsTheNumberOfWordsAndKnowsWhereTheyBegin) {
  EXPECT_EQ(folded("It RAINED\tin\nRoma, Ünïcode ẞ K"), "it rained in roma, ünïcode ß k");
  EXPECT_TRUE(word_begins("a-b", 2));
  EXPECT_FALSE(word_begins("a_b", 2));
  EXPECT_FALSE(word_begins("дождь", 2));
  EXPECT_TRUE(word_begins("«дождь", 2));
}

}  // namespace
}  // namespace saggio::viz
