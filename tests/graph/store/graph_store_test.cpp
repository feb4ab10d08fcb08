// SPDX-License-Identifier: MIT
#include "graph/store/store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>

#include "graph/store/salvage.h"
#include "tests/graph/store/random_history.h"
#include "tests/graph/store/simulated_files.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::graph {
namespace {

using results::error_of;
using results::TemporaryFolder;

// Rain makes the street wet: two versions by hand.
//   version 1: claim 0 "rain", evidence 1 "wet", edge 0 wet -supports-> rain
//   version 2: claim 0 supported; edge 1 rain -causes-> wet; edge 0 retired
struct Rain {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  NodeId rain = store.add_node(NodeKind::Claim, {.text = "rain"});
  NodeId wet = store.add_node(NodeKind::Evidence, {.text = "wet"}, "wet");
  EdgeId supports = store.add_edge(wet, store.type("supports"), rain, {.weight = 0.5f});
  Version first = store.commit();
  EdgeId causes = (store.revise_node(rain, {.status = Status::Supported, .text = "rain"}),
                   store.retire_edge(supports),
                   store.add_edge(rain, store.type("causes"), wet));
  Version second = store.commit();
};

TEST(Store, EveryVersionStaysReadable) {
  const Rain r;
  const History& history = r.store.history();
  ASSERT_EQ(r.first, 1u);
  ASSERT_EQ(r.second, 2u);

  EXPECT_TRUE(history.nodes({.version = 0}).empty());
  EXPECT_EQ(history.node(r.rain, {.version = 1})->attributes.status, Status::Open);
  EXPECT_EQ(history.edges({.version = 1}), std::vector<EdgeId>{r.supports});
  EXPECT_EQ(history.edge(r.supports, {.version = 1})->attributes.weight, 0.5f);
  EXPECT_EQ(history.node(r.rain)->attributes.status, Status::Supported);
  EXPECT_EQ(history.edges(), std::vector<EdgeId>{r.causes});
  EXPECT_EQ(history.out(r.rain), std::vector<EdgeId>{r.causes});
  EXPECT_TRUE(history.in(r.rain).empty());
  EXPECT_EQ(history.in(r.rain, {.version = 1}), std::vector<EdgeId>{r.supports});
}

TEST(Store, AReaderSeesTheSame) {
  Rain r;
  const Reader reader = Reader::open("s", &r.files);

  EXPECT_EQ(reader.history().head(), 2u);
  EXPECT_EQ(reader.history().types().size(), 2u);
  EXPECT_EQ(reader.history().node(r.wet)->key, "wet");
  EXPECT_EQ(reader.history().node(r.rain)->key, default_key(NodeKind::Claim, "rain"));
  EXPECT_EQ(reader.history().edges({.version = 1}), std::vector<EdgeId>{r.supports});
}

TEST(Store, WhatIsPendingIsInNoVersionAndIsGoneWhenTheStoreEnds) {
  SimulatedFiles files;
  {
    Store store = Store::open("s", small_options(files));
    const NodeId node = store.add_node(NodeKind::Claim, {}, "a");

    EXPECT_FALSE(store.history().has_node(node));
    EXPECT_EQ(store.history().find_node("a"), node);
  }
  EXPECT_FALSE(Store::open("s", small_options(files)).history().find_node("a"));
}

TEST(Store, RevisionsListEveryRowOfAnElement) {
  const Rain r;

  const auto node = r.store.history().node_revisions(r.rain);
  const auto edge = r.store.history().edge_revisions(r.supports);

  ASSERT_EQ(node.size(), 2u);
  EXPECT_EQ(node[0].from, 1u);
  EXPECT_EQ(node[0].to, 2u);
  EXPECT_EQ(node[1].to, kHead);
  ASSERT_EQ(edge.size(), 1u);
  EXPECT_EQ(edge[0].to, 2u);
}

TEST(Store, WorldTimeIsHalfOpenAndUnknownIsNotEver) {
  const Valid exact{10, 20}, begun{10, kUnknownTime}, ever{kSinceEver, kWithoutEnd}, unknown;

  EXPECT_FALSE(exact.covers(9));
  EXPECT_TRUE(exact.covers(10, true));
  EXPECT_TRUE(exact.covers(19));
  EXPECT_FALSE(exact.covers(20));
  EXPECT_TRUE(begun.covers(1000));
  EXPECT_FALSE(begun.covers(1000, true));
  EXPECT_FALSE(begun.covers(9));
  EXPECT_TRUE(ever.covers(-1000, true));
  EXPECT_TRUE(unknown.covers(0));
  EXPECT_FALSE(unknown.covers(0, true));
}

TEST(Store, AnEdgeIsThereOnlyWhereBothOfItsEndsAre) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  const NodeId king = store.add_node(NodeKind::Entity, {.valid = {10, 20}}, "king");
  const NodeId land = store.add_node(NodeKind::Entity, {}, "land");
  const EdgeId rules = store.add_edge(king, store.type("rules"), land);
  store.commit();

  EXPECT_TRUE(store.history().has_edge(rules, {.world = 15}));
  EXPECT_FALSE(store.history().has_edge(rules, {.world = 20}));
  EXPECT_FALSE(store.history().has_edge(rules, {.world = 15, .certain = true}));
  store.retire_node(king);
  store.commit();
  EXPECT_FALSE(store.history().has_edge(rules));
  EXPECT_TRUE(store.history().has_edge(rules, {.version = 1}));
}

TEST(Store, TheLastOfSeveralRevisionsInOneGroupStays) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  const NodeId node = store.add_node(NodeKind::Claim, {}, "a");
  store.revise_node(node, {.weight = 2});
  store.commit();
  store.revise_node(node, {.weight = 3});
  store.revise_node(node, {.weight = 4});
  store.commit();

  const auto revisions = store.history().node_revisions(node);

  ASSERT_EQ(revisions.size(), 2u);
  EXPECT_EQ(revisions[0].attributes.weight, 2);
  EXPECT_EQ(revisions[1].attributes.weight, 4);
}

TEST(Store, CommitTimesIncreaseAlsoWhenTheClockDoesNot) {
  SimulatedFiles files;
  StoreOptions options = small_options(files);
  TimeUs now = 1000;
  options.clock = [&] { return now; };
  Store store = Store::open("s", options);
  for (const TimeUs time : {1000, 900, 5000}) {
    now = time;
    store.add_node(NodeKind::Claim, {});
    store.commit();
  }
  const History& history = store.history();

  EXPECT_EQ(history.commits()[1].time, 1001);
  EXPECT_EQ(history.version_at(999), 0u);
  EXPECT_EQ(history.version_at(1000), 1u);
  EXPECT_EQ(history.version_at(4999), 2u);
  EXPECT_EQ(history.version_at(5000), 3u);
}

TEST(Store, KeysNameNodesAndEdges) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  const NodeId a = store.add_node(NodeKind::Claim, {}, "a"),
               b = store.add_node(NodeKind::Claim, {}, "b");
  const TypeId cites = store.type("cites");
  store.add_edge(a, cites, b);
  store.add_edge(b, cites, a);
  const EdgeId second = store.add_edge(a, cites, b);

  EXPECT_EQ(store.history().find_edge(a, cites, b, 1), second);
  EXPECT_EQ(store.history().find_edge(a, cites, b, 2), std::nullopt);
  EXPECT_EQ(error_of([&] { store.add_node(NodeKind::Step, {}, "a"); }),
            "node key \"a\" is that of node 0: give another key, or retire that node first");
  store.retire_node(a);
  EXPECT_EQ(store.add_node(NodeKind::Step, {}, "a"), 2u);
  EXPECT_EQ(store.history().find_node("a"), 2u);
}

TEST(Store, RefusesWhatCannotBeAndChangesNothing) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  const NodeId a = store.add_node(NodeKind::Claim, {}, "a");
  const TypeId type = store.type("t");

  EXPECT_EQ(error_of([&] { store.add_edge(a, type, 7); }), "edge target is node 7, allowed 0..0");
  EXPECT_EQ(error_of([&] { store.add_edge(a, 3, a); }), "edge type 3, allowed 0..0");
  EXPECT_EQ(error_of([&] { store.revise_edge(0, {}); }),
            "edge 0 is not there, allowed: none, there are none yet");
  EXPECT_EQ(error_of([&] {
              store.add_node(NodeKind::Claim, {.valid = {5, 5}});
            }),
            "valid from 5 to 5: the end must lie after the beginning");
  EXPECT_EQ(error_of([&] { store.add_node(NodeKind::Claim, {.confidence = {1.5f}}); }),
            "confidence is 1.500000, allowed 0..1, or NaN where it is not known");
  EXPECT_EQ(error_of([&] { store.add_node(NodeKind::Claim, {.weight = std::nanf("")}); }),
            "weight is not a number, or infinite: allowed are finite ones");
  EXPECT_EQ(error_of([&] { store.tag("t", 1); }), "tag \"t\" of version 1, allowed 0..0");
  EXPECT_EQ(error_of([&] { store.rewind(1); }), "rewind to version 1, allowed 0..0");
  const std::vector<NodeId> one = {a}, none;
  EXPECT_EQ(error_of([&] { store.add_edges(type, one, none); }),
            "1 sources, 0 targets, 0 weights: allowed is one number of each, or no weights");
  store.commit();
  EXPECT_EQ(store.history().nodes().size(), 1u);
  EXPECT_EQ(store.history().edge_count(), 0u);
  store.retire_node(a);
  EXPECT_EQ(error_of([&] { store.revise_node(a, {}); }),
            "node 0 is retired and stays so: add another one that supersedes it");
  EXPECT_EQ(error_of([&] { store.add_edge(a, type, a); }),
            "edge source is node 0, which is retired: choose one that is not");
}

TEST(Store, ManyEdgesAtOnceAreAsIfAddedOneByOne) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  for (int i = 0; i < 3; ++i) store.add_node(NodeKind::Entity, {});
  const std::vector<NodeId> sources = {0, 1, 2}, targets = {1, 2, 2};
  const std::vector<float> weights = {1, 2, 3};

  const EdgeId first = store.add_edges(store.type("t"), sources, targets, weights);
  store.commit();

  const Reader reader = Reader::open("s", &files);
  for (uint64_t i = 0; i < 3; ++i) {
    const Edge edge = reader.history().edge(first + i).value();
    EXPECT_EQ(edge.source, sources[i]);
    EXPECT_EQ(edge.target, targets[i]);
    EXPECT_EQ(edge.attributes.weight, weights[i]);
  }
  EXPECT_EQ(reader.history().in(2), (std::vector<EdgeId>{1, 2}));
}

TEST(Store, AGroupOfSmallAndLargeRecordsIsWrittenWhole) {
  SimulatedFiles files;
  std::vector<NodeId> sources(300'001, 0), targets(300'001, 1);
  {
    Store store = Store::open("s", small_options(files));
    store.add_node(NodeKind::Claim, {});
    store.add_node(NodeKind::Claim, {});
    store.add_edges(store.type("t"), sources, targets);
    store.add_edge(1, store.type("u"), 0, {.rule = "after the large one"});
    store.add_edges(store.type("t"), targets, sources);
    store.commit();
  }
  const Reader reader = Reader::open("s", &files);

  ASSERT_EQ(reader.history().edge_count(), 600'003u);
  EXPECT_EQ(reader.history().edge(300'001)->attributes.rule, "after the large one");
  EXPECT_EQ(reader.history().edge(600'002)->source, 1u);
}

TEST(Store, TagsNameVersionsForGood) {
  Rain r;
  r.store.tag("before", 1);
  r.store.tag("after", 2);
  r.store.commit();
  r.store.tag("after", 3);
  r.store.commit();

  const Reader reader = Reader::open("s", &r.files);
  EXPECT_EQ(reader.history().tags(), (std::map<std::string, Version>{{"before", 1}, {"after", 3}}));
}

TEST(Store, LongTextsLieInThePackOnceAndEmbeddingRowsInTheirTable) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  const std::string text(1000, 'x');
  store.add_node(NodeKind::Document, {.text = text}, "one");
  store.add_node(NodeKind::Document, {.text = text}, "two");
  const TableId table = store.embedding_table({"e", 2, NumberType::Bf16, "m"});
  EXPECT_EQ(store.add_rows(table, "abcdABCD"), 0u);
  EXPECT_EQ(store.add_rows(table, "1234"), 2u);
  store.commit();

  Reader reader = Reader::open("s", &files);
  EXPECT_EQ(files.disk["s/texts.pack"], text);
  EXPECT_EQ(reader.text(reader.history().node(1)->attributes), text);
  EXPECT_EQ(reader.rows(table, 1, 2), "ABCD1234");
  EXPECT_EQ(error_of([&] { reader.rows(table, 2, 2); }),
            "rows 2..4 of embedding table 0, which has 3");
  EXPECT_EQ(error_of([&] { store.add_rows(table, "123"); }),
            "embedding table \"e\": 3 bytes, allowed: multiples of 4, a row's");
  EXPECT_EQ(store.embedding_table({"e", 2, NumberType::Bf16, "m"}), table);
  store.revise_node(1, {.packed = store.history().node(0)->attributes.packed});
  EXPECT_EQ(error_of([&] { store.revise_node(1, {.packed = PackedText{}}); }),
            "a packed text that is not in this store: give it as text");
  EXPECT_EQ(error_of([&] {
              store.embedding_table({"e", 3, NumberType::Bf16, "m"});
            }),
            "embedding table \"e\" is defined already");
}

TEST(Store, RewindForgetsAndTellsReaders) {
  Rain r;
  Reader reader = Reader::open("s", &r.files);

  r.store.rewind(1);

  EXPECT_EQ(r.store.history().head(), 1u);
  const NodeId snow = r.store.add_node(NodeKind::Claim, {}, "snow");
  EXPECT_EQ(r.store.commit(), 2u);
  const Reader::News news = reader.poll();
  EXPECT_TRUE(news.reset);
  EXPECT_EQ(news.commits.size(), 2u);
  EXPECT_EQ(reader.identity().incarnation, 2u);
  EXPECT_TRUE(reader.history().has_node(snow));
  EXPECT_EQ(reader.history().edges(), std::vector<EdgeId>{r.supports});
  r.store.rewind(0);
  EXPECT_TRUE(r.store.history().nodes().empty());
}

TEST(Store, AReaderThatFollowsGetsEveryCommitOnce) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  Reader reader = Reader::open("s", &files);
  Version expected = 0;
  for (int i = 0; i < 200; ++i) {  // over several log files
    store.add_node(NodeKind::Claim, {}, std::to_string(i));
    store.commit(i % 3 ? Durability::Visible : Durability::Durable);
    if (i % 7 != 0) continue;
    const Reader::News news = reader.poll();
    EXPECT_FALSE(news.reset);
    for (const Commit& commit : news.commits) EXPECT_EQ(commit.version, ++expected);
    EXPECT_EQ(reader.history().nodes().size(), expected);
    EXPECT_TRUE(reader.poll().commits.empty());
  }
  EXPECT_GT(files.list("s/log").size(), 3u);
}

TEST(Store, IsWrittenByOneAtATime) {
  const TemporaryFolder folder;
  const std::string path = folder / "s";
  std::optional<Store> store = Store::open(path);
  store->add_node(NodeKind::Claim, {}, "a");
  store->commit();

  EXPECT_NE(error_of([&] { Store::open(path); }).find("being written by another store"),
            std::string::npos);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(error_of([&] { Store::open(path); }).empty() ? 1 : 0);
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(Reader::open(path).history().head(), 1u);
  store.reset();
  EXPECT_EQ(Store::open(path).history().head(), 1u);
}

TEST(Salvage, KeepsEveryVersionBeforeTheDamageAndLeavesTheDamagedStoreAlone) {
  SimulatedFiles files;
  RandomHistory history(4);
  {
    Store store = Store::open("s", small_options(files));
    for (int i = 0; i < 40; ++i) {
      history.change(store);
      history.commit(store);
    }
  }
  const uint64_t end_of_20 = Reader::open("s", &files).history().commits()[19].end;
  EXPECT_EQ(salvage("s", "copy", &files).damage, "");
  EXPECT_EQ(difference(Reader::open("copy", &files).history(), history.versions), "");
  EXPECT_EQ(content_hash("copy", &files), content_hash("s", &files));

  uint64_t start = 0;
  std::string damaged;
  for (const auto& [file, content] : files.disk)
    if (file.starts_with("s/log/") && start + content.size() <= end_of_20)
      start += content.size();
    else if (file.starts_with("s/log/") && damaged.empty())
      damaged = file;
  files.disk[damaged][end_of_20 - start + 20] ^= 1;
  const Disk before = files.disk;

  const Salvaged salvaged = salvage("s", "half", &files);

  EXPECT_EQ(salvaged.versions, 20u);
  EXPECT_NE(salvaged.damage.find(damaged), std::string::npos) << salvaged.damage;
  EXPECT_GT(salvaged.left, 0u);
  Reader half = Reader::open("half", &files);
  half.check_payload();
  history.versions.resize(21);
  EXPECT_EQ(difference(half.history(), history.versions), "");
  EXPECT_NE(half.identity().uuid, Uuid(Uuid{1, 2, 3}));
  for (const auto& [file, content] : before) EXPECT_EQ(files.disk[file], content) << file;
  EXPECT_THROW(salvage("s", "half", &files), std::invalid_argument);
  EXPECT_THROW(salvage("nothing", "new", &files), std::runtime_error);
}

TEST(Store, SaysWhatIsNoStore) {
  const TemporaryFolder folder;
  const std::string path = folder / "s";
  EXPECT_EQ(error_of([&] { Reader::open(path); }),
            path + " is no graph store: it has no store.id; give its folder");
  Store::open(path);
  results::spill(folder / "s" / "store.id", "nonsense");
  EXPECT_EQ(
      error_of([&] { Reader::open(path); }),
      path + "/store.id is damaged: not the 64 bytes of a store's identity; restore this file");
}

TEST(Bytes, ChecksumsAreThePublishedOnes) {
  // RFC 3720, B.4, and FIPS 180-4's examples.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xe3069283u);
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// One bit at a time, as the polynomial says.
uint32_t slow_crc32c(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc;
}

TEST(Bytes, TheChecksumOfAnyLengthIsThatOfItsBitsAndMayBeTakenInParts) {
  results::Stream stream(1);
  for (size_t length = 0; length < 70; ++length) {
    std::string bytes(length, '\0');
    for (char& byte : bytes) byte = static_cast<char>(stream.below(256));
    EXPECT_EQ(crc32c(bytes), slow_crc32c(bytes)) << length;
    const std::string_view text = bytes;
    EXPECT_EQ(crc32c(text.substr(length / 3), crc32c(text.substr(0, length / 3))), crc32c(bytes));
  }
}

TEST(Bytes, NumbersComeBackAndWhatIsCutShortIsDamage) {
  for (const uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, UINT64_MAX}) {
    std::string bytes;
    Encoder(bytes).varint(value);
    EXPECT_EQ(Decoder(bytes).varint(), value);
    bytes.pop_back();
    EXPECT_THROW(Decoder(bytes).varint(), Damage);
  }
  EXPECT_THROW(Decoder(std::string(10, '\xff')).varint(), Damage);
  EXPECT_THROW(Decoder("\x05"
                       "abcd")
                   .text(),
               Damage);
}

// Rows in numbers against whole revisions, which come the other way round; NaN is written as text.
template <typename Rows>
std::vector<std::string> in_words(const Rows& rows, const auto& numbers_of) {
  std::vector<std::string> words;
  for (const auto& row : rows) {
    const auto [status, weight, probability, valid] = numbers_of(row);
    words.push_back(std::to_string(row.from) + " " + std::to_string(row.to) + " " +
                    std::string(name(status)) + " " + std::to_string(weight) + " " +
                    std::to_string(probability) + " " + std::to_string(valid.from) + " " +
                    std::to_string(valid.to));
  }
  return words;
}

TEST(History, RowsInNumbersSayWhatRevisionsSay) {
  SimulatedFiles files;
  Store store = Store::open("s", {.files = &files});
  RandomHistory random(7);
  for (int i = 0; i < 600; ++i) {
    random.change(store);
    if (i % 9 == 0) random.commit(store);
  }
  const History& history = store.history();
  const auto of_revision = [](const Revision& row) {
    const Attributes& a = row.attributes;
    return std::tuple(a.status, a.weight, a.confidence.probability, a.valid);
  };
  const auto of_row = [](const RowNumbers& row) {
    return std::tuple(row.status, row.weight, row.probability, row.valid);
  };
  std::vector<RowNumbers> rows;
  for (NodeId id = 0; id < history.node_count() + 2; ++id) {
    history.node_rows(id, rows);
    std::reverse(rows.begin(), rows.end());
    EXPECT_EQ(in_words(rows, of_row), in_words(history.node_revisions(id), of_revision));
  }
  for (EdgeId id = 0; id < history.edge_count() + 2; ++id) {
    history.edge_rows(id, rows);
    std::reverse(rows.begin(), rows.end());
    EXPECT_EQ(in_words(rows, of_row), in_words(history.edge_revisions(id), of_revision));
  }
}

TEST(History, AnswersAsTheOracleOnBothClocks) {
  for (uint64_t seed = 0; seed < 50; ++seed)
    ASSERT_EQ(compare_random_history(seed), "") << "seed " << seed;
}

}  // namespace
}  // namespace saggio::graph
