// SPDX-License-Identifier: MIT
#include "viz/paper/paper.h"

#include <gtest/gtest.h>

#include "tests/viz/casts.h"

namespace saggio::viz {
namespace {

size_t count_of(const std::string& text, const std::string& what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

std::string paper(const RenderPlan& plan, PaperFormat format) {
  Font font = Font::standard(15);
  return paper_of(plan, font, standard_font_file(), format);
}

Ball ball(Vec3 at, Slot slot) {
  return {at.x, at.y, at.z, 0.3f, {0, 114, 178}, pick_of_node(slot)};
}

RenderPlan two_balls_and_an_edge(float depth) {
  RenderPlan plan;
  plan.viewport = {400, 300};
  plan.camera = {.yaw = 0, .pitch = 0, .distance = 6};
  plan.theme = light_theme();
  plan.balls = {ball({0, 0, 0}, 0), ball({1, 0.7f, 0}, 1)};
  plan.lines = {{-1, 0, depth, 2, 1, 0, depth, 10, {213, 94, 0}, pick_of_edge(0), 0, 0}};
  return plan;
}

TEST(Paper, ABallIsACurveLitFromOneSideAndAnEdgeAStroke) {
  const std::string svg = paper(two_balls_and_an_edge(1), PaperFormat::Svg);
  EXPECT_EQ(svg.substr(0, 5), "<?xml");
  EXPECT_EQ(count_of(svg, "<radialGradient"), 2u);
  EXPECT_EQ(count_of(svg, "stroke:rgb(83.529412%,36.862745%,0%)"), 1u) << svg;
  EXPECT_NE(svg.find("width=\"400px\""), std::string::npos);
}

TEST(Paper, WhatIsBehindABallIsLeftOutOfAnEdge) {
  const std::string svg = paper(two_balls_and_an_edge(-1), PaperFormat::Svg);
  EXPECT_EQ(count_of(svg, "stroke:rgb(83.529412%,36.862745%,0%)"), 2u) << "before and after it";
}

TEST(Paper, APdfHoldsItsTextAsTextAndIsTheSameEachTime) {
  RenderPlan plan = two_balls_and_an_edge(1);
  plan.caption = "two of two";
  plan.caption_box = {10, 270, 100, 15};
  const std::string pdf = paper(plan, PaperFormat::Pdf);
  EXPECT_EQ(pdf.substr(0, 5), "%PDF-");
  EXPECT_NE(pdf.find("/FontFile2"), std::string::npos);
  EXPECT_NE(pdf.find("/ToUnicode"), std::string::npos);
  EXPECT_EQ(paper(plan, PaperFormat::Pdf), pdf);
  EXPECT_EQ(count_of(paper(plan, PaperFormat::Svg), "<use "), plan.caption.size());
}

TEST(Paper, MoreElementsThanAPageCanShowAreRefused) {
  const RenderPlan plan = plan_of(one_by_one(random_graph(1, 400, 700, 0.01f)), {400, 300});
  try {
    paper(plan, PaperFormat::Svg);
    FAIL() << "it was drawn";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("at most 1000 in an SVG or a PDF"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace saggio::viz
