// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/random_graph.h"

// What is written and read again is the same, for the formats that keep everything.
namespace saggio::graph {
namespace {

constexpr Format kWhole[] = {Format::GraphMl,
                             Format::Gexf,
                             Format::NodeLink,
                             Format::Dot,
                             Format::NTriples,
                             Format::Records};

// Edges of different types may come back in another order.
Lines sorted(Lines lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST(RoundTrip, EverythingComesBackThroughEachWholeFormat) {
  for (const Format format : kWhole)
    for (uint64_t seed = 0; seed < 100; ++seed) {
      Imported before, after;
      RandomGraph(seed).add_to(before.store);
      ExportReport report;
      const std::string text = exported(before.store, format, &report);
      EXPECT_EQ(report.losses, Lines());
      const ImportReport read = after.read(text, format);
      ASSERT_EQ(sorted(after.records()), sorted(before.records())) << seed << "\n" << text;
      EXPECT_EQ(report.nodes, read.nodes_added);
      EXPECT_EQ(report.edges, read.edges_added);
      EXPECT_EQ(read.notes, Lines());
      // Again into the same store: nothing new.
      after.read(text, format);
      EXPECT_EQ(after.store.history().head(), 1u);
    }
}

TEST(RoundTrip, WhatIsThereOfAGraphWithGapsComesBackAgainAndAgain) {
  for (const Format format : kWhole)
    for (uint64_t seed = 0; seed < 40; ++seed) {
      Imported first, second, third;
      RandomGraph random(seed);
      random.add_to(first.store);
      random.retire_some(first.store);
      second.read(exported(first.store, format), format);
      third.read(exported(second.store, format), format);
      EXPECT_EQ(sorted(third.records()), sorted(second.records())) << seed;
      EXPECT_EQ(second.store.history().nodes().size(), first.store.history().nodes().size());
      EXPECT_EQ(second.store.history().edges().size(), first.store.history().edges().size());
    }
}

}  // namespace
}  // namespace saggio::graph
