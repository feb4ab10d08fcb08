// SPDX-License-Identifier: MIT
#include "viz/scene/looks.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

#include "tests/graph/query/random_store.h"

namespace saggio::viz {
namespace {

using graph::NodeKind;
using graph::Status;
using Linear = std::array<double, 3>;

Linear linear(Rgba c) {
  const auto one = [](uint8_t v) {
    const double s = v / 255.;
    return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
  };
  return {one(c.r), one(c.g), one(c.b)};
}

// Machado, Oliveira, Fernandes 2009, table 1, severity 1.0: protan, deutan, tritan; first, no
// change.
constexpr std::array<std::array<double, 9>, 4> kVision = {
    {{1, 0, 0, 0, 1, 0, 0, 0, 1},
     {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
     {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
     {1.255528,
      -0.076749,
      -0.178779,
      -0.078411,
      0.930809,
      0.147602,
      0.004733,
      0.691367,
      0.303900}}};

// CIE Lab, D65.
Linear lab(Rgba colour, size_t vision) {
  const Linear c = linear(colour);
  const auto& m = kVision[vision];
  Linear s;
  for (size_t i = 0; i < 3; ++i)
    s[i] = std::clamp(m[3 * i] * c[0] + m[3 * i + 1] * c[1] + m[3 * i + 2] * c[2], 0., 1.);
  const double x = (0.4124 * s[0] + 0.3576 * s[1] + 0.1805 * s[2]) / 0.95047;
  const double y = 0.2126 * s[0] + 0.7152 * s[1] + 0.0722 * s[2];
  const double z = (0.0193 * s[0] + 0.1192 * s[1] + 0.9505 * s[2]) / 1.08883;
  const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16. / 116; };
  return {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
}

double least_distance(Rgba a, Rgba b) {
  double least = 1e9;
  for (size_t vision = 0; vision < kVision.size(); ++vision) {
    const Linear p = lab(a, vision), q = lab(b, vision);
    least = std::min(least, std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return least;
}

// 2.3 is just noticeable (Mahy et al. 1994); small marks far apart need several times that.
constexpr double kApart = 11.5;

TEST(Palette, KindsOfOneShapeStayApartForEveryKindOfColourBlindness) {
  for (size_t a = 0; a < graph::kNodeKinds; ++a)
    for (size_t b = 0; b < a; ++b) {
      const Mark p = mark_of(static_cast<NodeKind>(a)), q = mark_of(static_cast<NodeKind>(b));
      if (p.shape != q.shape) continue;
      EXPECT_GT(least_distance(p.colour, q.colour), kApart) << a << " " << b;
    }
}

TEST(Palette, StatusesStayApartForEveryKindOfColourBlindness) {
  for (size_t a = 0; a < graph::kStatuses; ++a)
    for (size_t b = 0; b < a; ++b)
      EXPECT_GT(
          least_distance(colour_of(static_cast<Status>(a)), colour_of(static_cast<Status>(b))),
          kApart)
          << a << " " << b;
}

TEST(Palette, NumberedColoursStayApartForEveryKindOfColourBlindness) {
  for (size_t a = 0; a <= kNumbered; ++a)
    for (size_t b = 0; b < a; ++b)
      EXPECT_GT(least_distance(colour_of_number(a), colour_of_number(b)), kApart) << a << " " << b;
}

TEST(Palette, DifferencesAreToldApartByColourShapeAndDash) {
  std::set<std::pair<bool, bool>> dashes;
  std::set<Shape> shapes;
  for (size_t a = 0; a < kDifferences; ++a) {
    const auto one = static_cast<Difference>(a);
    shapes.insert(mark_of(one).shape);
    dashes.emplace(stroke_of(one).dashed, stroke_of(one).dotted);
    for (size_t b = 0; b < a; ++b) {
      const auto other = static_cast<Difference>(b);
      EXPECT_GT(least_distance(mark_of(one).colour, mark_of(other).colour), kApart) << a << b;
      EXPECT_GT(least_distance(stroke_of(one).colour, stroke_of(other).colour), kApart) << a << b;
    }
  }
  EXPECT_EQ(shapes.size(), kDifferences);
  EXPECT_EQ(dashes.size(), 3u);  // solid: added, wide and blue, and what is the same, thin and pale
}

TEST(Palette, EdgesThatStandForAndAgainstDifferInMoreThanColour) {
  EXPECT_TRUE(stroke_of("contradicts").dashed);
  EXPECT_FALSE(stroke_of("supports").dashed);
  EXPECT_EQ(stroke_of("anything"), stroke_of("else"));
}

TEST(Palette, ConfidenceGrowsLighterFromZeroToOneForEverybody) {
  for (size_t vision = 0; vision < kVision.size(); ++vision)
    for (int i = 1; i <= 20; ++i)
      EXPECT_GT(lab(colour_of_probability(static_cast<float>(i) / 20), vision)[0],
                lab(colour_of_probability(static_cast<float>(i - 1) / 20), vision)[0]);
  EXPECT_EQ(colour_of_probability(NAN), kMissing);
  EXPECT_EQ(colour_of_probability(2), kMissing);
}

TEST(Palette, TextStandsOutFromItsBackground) {
  for (const Theme& theme : {light_theme(), dark_theme()}) {  // WCAG 2.1: 7 is its highest level
    const auto luminance = [](Rgba c) {
      const Linear l = linear(c);
      return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2] + 0.05;
    };
    const double text = luminance(theme.text), back = luminance(theme.background);
    EXPECT_GT(std::max(text, back) / std::min(text, back), 7);
  }
}

Scene scene_of(const graph::Store& store) {
  Scene scene;
  scene.follow(store.history());
  scene.show({});
  return scene;
}

size_t total(const std::vector<LegendEntry>& entries) {
  size_t sum = 0;
  for (const LegendEntry& entry : entries) sum += entry.count;
  return sum;
}

TEST(Looks, TheLegendCountsEveryElementThatIsShownOnce) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    graph::RandomStore random(seed);
    const Scene scene = scene_of(random.store);
    const NameOf run_of = [](Slot slot) { return "run " + std::to_string(slot % 3); };
    for (const ColourBy by : {ColourBy::Kind, ColourBy::Status, ColourBy::Run}) {
      const Looks looks = looks_of(scene, {.colour = by}, run_of);
      EXPECT_EQ(total(looks.legend.nodes), scene.nodes_there());
      EXPECT_EQ(total(looks.legend.edges), scene.edges_there());
    }
    Counted none{std::vector<uint8_t>(scene.node_slots()),
                 std::vector<uint8_t>(scene.edge_slots())};
    EXPECT_TRUE(looks_of(scene, {}, run_of, none).legend.nodes.empty());
  }
}

TEST(Looks, EveryNodeLooksAsItsLegendEntrySays) {
  graph::RandomStore random(3);
  const Scene scene = scene_of(random.store);
  const Looks looks = looks_of(scene, {.opacity = false}, {});
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    if (!scene.nodes().there[slot]) continue;
    const auto entry = std::find_if(
        looks.legend.nodes.begin(), looks.legend.nodes.end(), [&](const LegendEntry& e) {
          std::string kind(graph::name(scene.nodes().kind[slot]));
          std::replace(kind.begin(), kind.end(), '_', ' ');
          return e.text == kind;
        });
    ASSERT_NE(entry, looks.legend.nodes.end());
    EXPECT_EQ(entry->mark, looks.nodes[slot]);
  }
}

TEST(Looks, ConfidenceIsOpacityAndWhatIsNotKnownIsOpaque) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  for (const float p : {0.f, 0.5f, 1.f, NAN})
    store.add_node(NodeKind::Claim, {.confidence = {.probability = p}}, "n" + std::to_string(p));
  store.commit();
  const Scene scene = scene_of(store);

  const Looks looks = looks_of(scene, {}, {});
  EXPECT_EQ(looks.nodes[0].colour.a, std::lround(255 * kFaintest));
  EXPECT_EQ(looks.nodes[1].colour.a, std::lround(255 * (1 + kFaintest) / 2));
  EXPECT_EQ(looks.nodes[2].colour.a, 255);
  EXPECT_EQ(looks.nodes[3].colour.a, 255);
  EXPECT_EQ(looks.legend.notes, std::vector<std::string>{"opacity: confidence"});
  EXPECT_EQ(looks_of(scene, {.opacity = false}, {}).nodes[0].colour.a, 255);
}

TEST(Looks, ConfidenceIsNotSaidTwice) {
  graph::RandomStore random(3);
  const Scene scene = scene_of(random.store);
  const Looks looks = looks_of(scene, {.colour = ColourBy::Confidence}, {});
  size_t unknown = 0;
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    EXPECT_EQ(looks.nodes[slot].colour.a, 255);
    unknown += scene.nodes().there[slot] && std::isnan(scene.nodes().probability[slot]);
  }
  ASSERT_TRUE(looks.legend.ramp);
  EXPECT_EQ(looks.legend.ramp->unknown, unknown);
  EXPECT_TRUE(looks.legend.notes.empty());
}

TEST(Looks, ShapesAreInTheLegendWhereColourSaysSomethingElse) {
  graph::RandomStore random(3);
  const Scene scene = scene_of(random.store);
  EXPECT_TRUE(looks_of(scene, {}, {}).legend.shapes.empty());
  const Looks looks = looks_of(scene, {.colour = ColourBy::Status}, {});
  EXPECT_EQ(total(looks.legend.shapes), scene.nodes_there());
  for (const LegendEntry& entry : looks.legend.shapes)
    EXPECT_EQ(entry.text.find('_'), std::string::npos);
}

TEST(Looks, DegreeIsArea) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  for (int i = 0; i < 5; ++i) store.add_node(NodeKind::Entity, {}, "n" + std::to_string(i));
  for (graph::NodeId i = 1; i < 4; ++i) store.add_edge(0, store.type("knows"), i);
  store.commit();
  const Looks looks = looks_of(scene_of(store), {.size = SizeBy::Degree}, {});

  EXPECT_FLOAT_EQ(looks.sizes[0], 2.2f);
  EXPECT_FLOAT_EQ(looks.sizes[1], 0.7f + 1.5f * std::sqrt(1 / 3.f));
  EXPECT_FLOAT_EQ(looks.sizes[4], 0.7f);
  EXPECT_EQ(looks.legend.notes[0], "size: degree, 0 to 3");
}

TEST(Looks, RunsBeyondTheColoursShareOne) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  for (int i = 0; i < 10; ++i) store.add_node(NodeKind::Claim, {}, "n" + std::to_string(i));
  store.commit();
  const Looks looks = looks_of(scene_of(store), {.colour = ColourBy::Run}, [](Slot slot) {
    return slot == 0 ? "" : "r" + std::to_string(slot);
  });
  EXPECT_EQ(looks.nodes[0].colour, kMissing);
  EXPECT_EQ(looks.nodes[8].colour, kOther);
  EXPECT_EQ(looks.legend.nodes.size(), kNumbered + 2);
  EXPECT_EQ(looks.legend.nodes[0].text, "other runs");
  EXPECT_EQ(looks.legend.nodes[0].count, 2u);
}

TEST(Looks, SeveralLabelsAreACategoryUntilThereAreMoreThanColours) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  for (int i = 0; i < 12; ++i) store.add_node(NodeKind::Claim, {}, "n" + std::to_string(i));
  store.commit();
  const auto labels = [](size_t sets) -> NameOf {
    return [sets](Slot slot) -> std::string {
      if (slot == 0) return "cat\nanimal";
      if (slot == 1) return "animal\ncat";
      if (slot == 2) return "cat";
      if (slot == 3) return "";
      return "cat\n" + std::to_string(slot % (sets - 2));
    };
  };
  const auto look = [&](size_t sets) {
    return looks_of(scene_of(store), {.colour = ColourBy::Label}, labels(sets));
  };
  const auto text_of = [](const Looks& looks, Slot node) -> std::string {
    for (const LegendEntry& entry : looks.legend.nodes)
      if (entry.mark->colour == looks.nodes[node].colour) return entry.text;
    return "";
  };

  const Looks few = look(kNumbered);
  EXPECT_EQ(text_of(few, 0), "animal, cat");
  EXPECT_EQ(text_of(few, 1), "animal, cat");
  EXPECT_EQ(text_of(few, 2), "cat");
  EXPECT_EQ(text_of(few, 3), "no label");
  EXPECT_EQ(text_of(few, 4), "4, cat");
  EXPECT_EQ(few.legend.nodes.size(), kNumbered + 1);
  EXPECT_TRUE(few.legend.notes.empty());

  const Looks many = look(kNumbered + 1);
  EXPECT_EQ(text_of(many, 0), "cat");
  EXPECT_EQ(text_of(many, 1), "animal");
  EXPECT_EQ(text_of(many, 4), "cat");
  EXPECT_EQ(many.legend.nodes.size(), 3u);
  EXPECT_EQ(many.legend.notes, std::vector<std::string>{"of several labels, the first"});
}

TEST(Looks, AnUnknownAttributeIsRefusedByName) {
  try {
    colour_by_named("colour", "--colour");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "--colour = colour, allowed: kind, status, confidence, run, difference, label, "
                 "experiment, model, rule");
  }
  EXPECT_EQ(size_by_named("degree", "--size"), SizeBy::Degree);
}

}  // namespace
}  // namespace saggio::viz
