// SPDX-License-Identifier: MIT
#include "graph/layout/saved.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "graph/view/segment.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::graph {
namespace {

namespace fs = std::filesystem;

class SavedViews : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ / name; }

  // Nodes "a" and "b", and one without a key.
  Store store_of(const std::string& name) const {
    Store store = Store::open(path(name));
    store.add_node(NodeKind::Claim, {}, "a");
    store.add_node(NodeKind::Claim, {}, "b");
    store.add_node(NodeKind::Claim, {});
    store.commit(Durability::Visible);
    return store;
  }

  results::TemporaryFolder folder_;
};

const SavedView kSaved{{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, {0, 1, 0}, "camera", 1};

std::string bytes_of_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

TEST_F(SavedViews, ComeBackAsTheyWere) {
  const Store store = store_of("s");
  const Reader reader = Reader::open(path("s"));
  const View view = view_of(reader);
  EXPECT_FALSE(load_view(reader, view, "v"));
  EXPECT_TRUE(saved_views(reader).empty());

  EXPECT_EQ(save_view(reader, view, "v", kSaved), path("s") + "/views/v.view");
  const auto loaded = load_view(reader, view, "v");

  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->points, kSaved.points);
  EXPECT_EQ(loaded->pinned, kSaved.pinned);
  EXPECT_EQ(loaded->state, "camera");
  EXPECT_EQ(loaded->version, view.as_of().version);
  EXPECT_EQ(saved_views(reader), (std::vector<std::string>{"v"}));
}

TEST_F(SavedViews, ServeOtherVersionsAndKnowNothingOfNewNodes) {
  Store store = store_of("s");
  Reader reader = Reader::open(path("s"));
  save_view(reader, view_of(reader), "v", kSaved);
  store.retire_node(0);
  store.add_node(NodeKind::Claim, {}, "new");
  store.commit(Durability::Visible);
  reader.poll();

  const auto loaded = load_view(reader, view_of(reader), "v");

  ASSERT_EQ(loaded->points.size(), 3U);
  EXPECT_EQ(loaded->points[0], kSaved.points[1]);
  EXPECT_EQ(loaded->points[1], kSaved.points[2]);
  EXPECT_FALSE(is_placed(loaded->points[2]));
  EXPECT_EQ(loaded->pinned, (std::vector<uint8_t>{1, 0, 0}));
}

TEST_F(SavedViews, ServeOtherStoresByKeyButNotById) {
  const Store one = store_of("one"), two = store_of("two");
  const Reader reader = Reader::open(path("one")), other = Reader::open(path("two"));
  save_view(reader, view_of(reader), "v", kSaved);
  fs::copy(path("one") + "/views", path("two") + "/views");

  const auto loaded = load_view(other, view_of(other), "v");

  EXPECT_EQ(loaded->points[0], kSaved.points[0]);
  EXPECT_EQ(loaded->points[1], kSaved.points[1]);
  EXPECT_FALSE(is_placed(loaded->points[2]));
}

TEST_F(SavedViews, DoNotTrustIdsAfterARewind) {
  Store store = store_of("s");
  store.add_node(NodeKind::Claim, {}, "c");
  store.commit(Durability::Visible);
  Reader reader = Reader::open(path("s"));
  SavedView saved = kSaved;
  saved.points.push_back({1, 1, 1});
  saved.pinned.clear();
  save_view(reader, view_of(reader), "v", saved);
  store.rewind(1);
  reader.poll();

  const auto loaded = load_view(reader, view_of(reader), "v");

  EXPECT_EQ(loaded->points[1], kSaved.points[1]);
  EXPECT_FALSE(is_placed(loaded->points[2]));
}

TEST_F(SavedViews, GoToTheCacheOfAStoreThatCannotBeWrittenAndTheLaterOneCounts) {
  const Store store = store_of("s");
  const Reader reader = Reader::open(path("s"));
  const View view = view_of(reader);
  const std::string cache = path("home/cache"), in_the_way = path("s") + "/views";
  write_file(in_the_way, "");  // no folder can be made here, whoever asks
  EXPECT_THROW(save_view(reader, view, "v", kSaved), FileError);

  const std::string file = save_view(reader, view, "v", kSaved, cache);
  EXPECT_EQ(file.find(cache + "/views/"), 0U);
  EXPECT_EQ(load_view(reader, view, "v", cache)->state, "camera");
  fs::remove(in_the_way);
  SavedView later = kSaved;
  later.state = "later";
  EXPECT_EQ(save_view(reader, view, "v", later, cache), in_the_way + "/v.view");
  EXPECT_EQ(load_view(reader, view, "v", cache)->state, "later");
  EXPECT_EQ(saved_views(reader, cache), (std::vector<std::string>{"v"}));
}

TEST_F(SavedViews, DoNotMakeADeletedStoreAgain) {
  const Store store = store_of("s");
  const Reader reader = Reader::open(path("s"));
  const View view = view_of(reader);
  fs::remove_all(path("s"));

  EXPECT_THROW(save_view(reader, view, "v", kSaved), FileError);
  EXPECT_FALSE(fs::exists(path("s")));
}

TEST_F(SavedViews, AreNeverReadDamaged) {
  const Store store = store_of("s");
  const Reader reader = Reader::open(path("s"));
  const View view = view_of(reader);
  const std::string file = save_view(reader, view, "v", kSaved);
  const std::string bytes = bytes_of_file(file);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    write_file(file, flipped);
    EXPECT_THROW(load_view(reader, view, "v"), Damage) << i;
    write_file(file, bytes.substr(0, i));
    EXPECT_THROW(load_view(reader, view, "v"), Damage) << i;
  }

  try {
    load_view(reader, view, "v");
    FAIL();
  } catch (const Damage& damage) {
    EXPECT_EQ(std::string(damage.what()).find(file), 0U) << damage.what();
  }
  save_view(reader, view, "v", kSaved);  // replaces it
  EXPECT_EQ(load_view(reader, view, "v")->points, kSaved.points);
}

TEST_F(SavedViews, HaveNamesThatEveryFileSystemTakes) {
  const Store store = store_of("s");
  const Reader reader = Reader::open(path("s"));
  const View view = view_of(reader);
  for (const std::string& name : {std::string(),
                                  std::string(".hidden"),
                                  std::string("a/b"),
                                  std::string("caf\xc3\xa9"),
                                  std::string(101, 'x')})
    EXPECT_THROW(save_view(reader, view, name, kSaved), std::invalid_argument) << name;
  save_view(reader, view, "Head-2.final_1", kSaved);

  SavedView shorter = kSaved;
  shorter.points.pop_back();
  EXPECT_THROW(save_view(reader, view, "v", shorter), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
