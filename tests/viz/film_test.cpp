// SPDX-License-Identifier: MIT
#include "viz/film/film.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/results/store/temporary_folder.h"

namespace saggio::viz {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class FilmTest : public testing::Test {
 protected:
  FilmTest() {
    graph::Store store = graph::Store::open(folder_);
    const graph::TypeId supports = store.type("supports");
    graph::NodeId last = store.add_node(graph::NodeKind::Question, {.text = "0"});
    store.commit(graph::Durability::Visible);
    for (int version = 2; version <= 10; ++version) {
      const graph::NodeId next =
          store.add_node(graph::NodeKind::Claim, {.text = std::to_string(version)});
      store.add_edge(next, supports, last);
      last = next;
      store.commit(graph::Durability::Visible);
    }
  }
  void begin(Session& session) {
    session.set_font(font_);
    session.perform({Fit{}});
  }

  results::TemporaryFolder temporary_;
  std::string folder_ = (temporary_.path() / "store").string();
  Font font_ = Font::standard(12);
};

TEST_F(FilmTest, AnOrbitGoesOnceAroundAndDoesNotComeBackTwice) {
  Session start(folder_, {160, 120});
  begin(start);
  const auto commands = film_commands(start, {.seconds = 2, .frames_a_second = 4});
  ASSERT_EQ(commands.size(), 8u);
  for (size_t i = 0; i < commands.size(); ++i) {
    const auto& look = std::get<LookFrom>(commands[i].action);
    EXPECT_NEAR(look.yaw, start.state().camera.yaw + 6.2831853f * static_cast<float>(i) / 8, 1e-5);
    EXPECT_EQ(look.pitch, start.state().camera.pitch);
  }
}

TEST_F(FilmTest, APathThroughTimeShowsEveryVersionInOrderUpToTheOneThatIsShown) {
  Session start(folder_, {160, 120});
  begin(start);
  const auto versions = [&](double seconds) {
    std::vector<graph::Version> found;
    for (const Command& command :
         film_commands(start, {.path = "time", .seconds = seconds, .frames_a_second = 10}))
      found.push_back(*std::get<GoTo>(command.action).version);
    return found;
  };
  EXPECT_EQ(versions(1), (std::vector<graph::Version>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(versions(0.3), (std::vector<graph::Version>{1, 6, 10}));
  EXPECT_EQ(versions(0.1), (std::vector<graph::Version>{10}));
  start.perform({GoTo{.version = 3}});
  EXPECT_EQ(versions(0.6), (std::vector<graph::Version>{1, 1, 2, 2, 3, 3}));
}

// One that goes straight to the state of a frame shows what the frame shows.
TEST_F(FilmTest, FramesAreThePicturesOfTheirStates) {
  for (const char* path : {"orbit", "time"}) {
    Session filmed(folder_, {160, 120});
    begin(filmed);
    filmed.plan(font_);
    const auto commands =
        film_commands(filmed, {.path = path, .seconds = 1, .frames_a_second = 10});
    NullBackend backend;
    size_t frames = 0;
    film(filmed, font_, backend, commands, [&](const Frame& frame) {
      EXPECT_EQ(frame.width, 160u);
      Session straight(folder_, {160, 120});
      begin(straight);
      straight.plan(font_);
      straight.perform(commands[frames]);
      const RenderPlan& in_film = backend.plans().back();
      const RenderPlan alone = straight.plan(font_);
      EXPECT_EQ(in_film.caption, alone.caption);
      ASSERT_EQ(in_film.balls.size(), alone.balls.size()) << path << frames;
      for (size_t i = 0; i < alone.balls.size(); ++i) {
        EXPECT_EQ(in_film.balls[i].id, alone.balls[i].id);
        EXPECT_EQ(in_film.balls[i].x, alone.balls[i].x) << path << frames;
        EXPECT_EQ(in_film.balls[i].radius, alone.balls[i].radius) << path << frames;
      }
      ++frames;
    });
    EXPECT_EQ(frames, 10u);
  }
}

// What is away in a version comes back to where it was.
TEST_F(FilmTest, NodesDoNotMoveWhileTimeGoesBy) {
  Session filmed(folder_, {160, 120});
  begin(filmed);
  const RenderPlan whole = filmed.plan(font_);
  std::map<PickId, Vec3> places;
  for (const Ball& ball : whole.balls) places[ball.id] = {ball.x, ball.y, ball.z};
  NullBackend backend;
  film(filmed,
       font_,
       backend,
       film_commands(filmed, {.path = "time", .seconds = 1, .frames_a_second = 10}),
       [](const Frame&) {});
  for (size_t i = 0; i < backend.plans().size(); ++i) {
    EXPECT_EQ(backend.plans()[i].balls.size(), i + 1);
    for (const Ball& ball : backend.plans()[i].balls) {
      EXPECT_EQ(ball.x, places[ball.id].x) << "version " << i + 1;
      EXPECT_EQ(ball.y, places[ball.id].y);
      EXPECT_EQ(ball.z, places[ball.id].z);
    }
  }
}

TEST_F(FilmTest, WhatCannotBeFilmedIsSaid) {
  Session start(folder_, {160, 120});
  begin(start);
  EXPECT_THROW(film_commands(start, {.path = "spiral"}), std::invalid_argument);
  EXPECT_THROW(film_commands(start, {.seconds = 0}), std::invalid_argument);
  EXPECT_THROW(film_commands(start, {.seconds = std::nan("")}), std::invalid_argument);
  EXPECT_THROW(film_commands(start, {.frames_a_second = 1000}), std::invalid_argument);
}

TEST_F(FilmTest, ThroughTimeEachVersionIsComparedAndNodesStayWhereTheyAre) {
  Session filmed(folder_, {160, 120});
  begin(filmed);
  filmed.perform({Compare{.version = 4}});
  const RenderPlan whole = filmed.plan(font_);
  std::map<PickId, Vec3> places;
  for (const Ball& ball : whole.balls) places[ball.id] = {ball.x, ball.y, ball.z};
  NullBackend backend;
  graph::Version version = 0;
  film(filmed,
       font_,
       backend,
       film_commands(filmed, {.path = "time", .seconds = 1, .frames_a_second = 10}),
       [&](const Frame&) {
         ++version;
         const DifferenceCounts nodes = filmed.comparison()->nodes();
         EXPECT_EQ(nodes[static_cast<size_t>(Difference::Same)], std::min<size_t>(version, 4));
         EXPECT_EQ(nodes[static_cast<size_t>(Difference::Added)], version > 4 ? version - 4 : 0);
         EXPECT_EQ(nodes[static_cast<size_t>(Difference::Removed)], version < 4 ? 4 - version : 0);
       });
  ASSERT_EQ(backend.plans().size(), 10u);
  for (const RenderPlan& plan : backend.plans())
    for (const Ball& ball : plan.balls)
      EXPECT_EQ(places.at(ball.id), (Vec3{ball.x, ball.y, ball.z}));
}

// Another store has four of the ten nodes that this one comes to have, two of its own, one edge
// that this one never has, and one that it has later.
TEST_F(FilmTest, ThroughTimeEachVersionIsComparedWithAnotherStore) {
  const std::string ten = (temporary_.path() / "ten").string(), other = ten + "_other";
  const auto chain = [](const std::string& folder, int nodes, int own) {
    graph::Store store = graph::Store::open(folder);
    const graph::TypeId supports = store.type("supports");
    for (int i = 0; i < nodes + own; ++i) {
      const std::string key = (i < nodes ? "both " : "own ") + std::to_string(i);
      const graph::NodeId node = store.add_node(graph::NodeKind::Claim, {.text = key}, key);
      if (node > 0) store.add_edge(node, supports, node - 1);
      store.commit(graph::Durability::Visible);
    }
  };
  chain(ten, 10, 0);
  chain(other, 4, 2);
  Session filmed(ten, {160, 120});
  begin(filmed);
  filmed.perform({Compare{.with = other}});
  const RenderPlan whole = filmed.plan(font_);
  std::map<PickId, Vec3> places;
  for (const Ball& ball : whole.balls) places[ball.id] = {ball.x, ball.y, ball.z};
  EXPECT_EQ(places.size(), 12u);
  NullBackend backend;
  size_t version = 0;
  const auto commands =
      film_commands(filmed, {.path = "time", .seconds = 1, .frames_a_second = 10});
  film(filmed, font_, backend, commands, [&](const Frame&) {
    ++version;
    const DifferenceCounts nodes = filmed.comparison()->nodes();
    EXPECT_EQ(nodes[static_cast<size_t>(Difference::Same)], std::min<size_t>(version, 4));
    EXPECT_EQ(nodes[static_cast<size_t>(Difference::Added)], version > 4 ? version - 4 : 0);
    EXPECT_EQ(nodes[static_cast<size_t>(Difference::Removed)], version < 4 ? 6 - version : 2);
    const DifferenceCounts edges = filmed.comparison()->edges();
    EXPECT_EQ(edges[static_cast<size_t>(Difference::Same)], std::min<size_t>(version, 4) - 1);
  });
  ASSERT_EQ(backend.plans().size(), 10u);
  for (const RenderPlan& plan : backend.plans())
    for (const Ball& ball : plan.balls)
      EXPECT_EQ(places.at(ball.id), (Vec3{ball.x, ball.y, ball.z}));
}

// A program called ffmpeg that keeps what it is told and given.
class FilmWriterTest : public testing::Test {
 protected:
  void put_ffmpeg(const std::string& script) {
    const fs::path bin = temporary_ / "bin";
    fs::create_directories(bin);
    std::ofstream(bin / "ffmpeg") << "#!/bin/sh\n" << script;
    fs::permissions(bin / "ffmpeg", fs::perms::owner_all);
    ::setenv("PATH", (bin.string() + ":/usr/bin:/bin").c_str(), 1);
  }
  void no_ffmpeg() {
    fs::create_directories(temporary_ / "empty");
    ::setenv("PATH", (temporary_ / "empty").c_str(), 1);
  }
  ~FilmWriterTest() override { ::setenv("PATH", path_.c_str(), 1); }
  static Frame frame(uint8_t shade) {
    return {.width = 4, .height = 2, .rgba = std::vector<uint8_t>(32, shade), .ids = {}};
  }

  results::TemporaryFolder temporary_;
  std::string path_ = ::getenv("PATH");
  std::string note_;
  std::string file_ = (temporary_.path() / "a film; rm.mp4").string();
};

TEST_F(FilmWriterTest, RawFramesGoToFfmpegAndNoShellReadsTheName) {
  put_ffmpeg(
      "[ \"$1\" = -version ] && exit 0\nfor last; do :; done\ncat > \"${last#file:}\"\necho \"$@\" "
      "> " +
      (temporary_ / "told").string() + "\n");
  const auto writer = film_writer(file_, 30, note_);
  writer->write(frame(1));
  writer->write(frame(2));
  EXPECT_FALSE(fs::exists(file_));
  writer->finish();
  EXPECT_EQ(writer->place(), file_);
  EXPECT_EQ(slurp(file_), std::string(32, '\1') + std::string(32, '\2'));
  EXPECT_NE(slurp(temporary_ / "told").find("-video_size 4x2 -framerate 30 -i pipe:0"),
            std::string::npos);
  EXPECT_EQ(note_, "");
}

TEST_F(FilmWriterTest, WhatFfmpegComplainsOfIsSaidAndNothingIsLeft) {
  put_ffmpeg("[ \"$1\" = -version ] && exit 0\necho no encoder for this >&2\nexit 1\n");
  const auto writer = film_writer(file_, 30, note_);
  std::string said;
  try {
    for (int i = 0; i < 100'000; ++i) writer->write(frame(1));
    writer->finish();
  } catch (const std::runtime_error& error) {
    said = error.what();
  }
  EXPECT_NE(said.find("ffmpeg did not write it: no encoder for this"), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(FilmWriterTest, AFilmThatIsNotFinishedLeavesNothing) {
  put_ffmpeg("[ \"$1\" = -version ] && exit 0\nfor last; do :; done\ncat > \"${last#file:}\"\n");
  film_writer(file_, 30, note_)->write(frame(1));
  EXPECT_EQ(std::distance(fs::directory_iterator(temporary_.path()), {}), 1);  // bin
}

TEST_F(FilmWriterTest, WithoutFfmpegThereAreNumberedPicturesAndAWordAboutIt) {
  no_ffmpeg();
  const auto writer = film_writer(file_, 30, note_);
  writer->write(frame(1));
  writer->write(frame(2));
  writer->finish();
  EXPECT_EQ(slurp(file_ + ".frames/frame_00000.png"), png(frame(1)));
  EXPECT_EQ(slurp(file_ + ".frames/frame_00001.png"), png(frame(2)));
  EXPECT_NE(note_.find("ffmpeg is not there"), std::string::npos);
}

TEST_F(FilmWriterTest, AFolderTakesTheFramesUnlessItHoldsSomething) {
  const std::string folder = (temporary_ / "frames").string();
  film_writer(folder, 30, note_)->write(frame(1));
  EXPECT_EQ(slurp(folder + "/frame_00000.png"), png(frame(1)));
  EXPECT_THROW(film_writer(folder, 30, note_), std::invalid_argument);
  EXPECT_THROW(film_writer((temporary_ / "no/such/a.mp4").string(), 30, note_), std::runtime_error);
}

}  // namespace
}  // namespace saggio::viz
