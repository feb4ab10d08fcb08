// SPDX-License-Identifier: MIT
#include "results/pages/plot.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <stdexcept>

#include "results/pages/plot_axis.h"
#include "results/pages/plot_style.h"
#include "results/store/files.h"
#include "tests/results/pages/example_study.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

constexpr const char* kNasty = "a_b^c {d} @e & f~g\\h 'i' \"j\" `k` <m> é";
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool has_gnuplot() { return std::system("gnuplot --version > /dev/null 2>&1") == 0; }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Text of the picture as a reader sees it: gnuplot splits it into spans of one font.
std::string visible_text(const std::string& svg) {
  std::string out;
  bool inside = false;
  for (size_t i = svg.find("<g id=\"gnuplot_canvas\""); i < svg.size(); ++i) {
    if (svg[i] == '<') inside = true;
    if (!inside) out += svg[i];
    if (svg[i] == '>') inside = false;
  }
  for (const auto& [entity, character] : std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
    for (size_t at = out.find(entity); at != std::string::npos; at = out.find(entity, at + 1)) {
      out.replace(at, entity.size(), character);
    }
  }
  return out;
}

uint32_t big_endian(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

CurvePlot two_curves() {
  CurvePlot plot{.y_label = "train loss (nats)"};
  plot.arms.push_back({"full", {{{0, 4}, {10, 2}, {20, 1}}, {{0, 6}, {10, 2}, {20, 3}}}});
  plot.arms.push_back({"sgd", {{{0, 5}, {10, 3}, {20, 2}}, {{0, 5}, {10, kNan}}}});
  return plot;
}

TEST(CurvePlot, DataHoldMeanAndIntervalOfEachStep) {
  const Plot plot = make_plot(two_curves());

  // By hand: 4 and 6 have mean 5, deviation sqrt 2; t(.975, 1) = 12.7062, so 5 ± 12.7062.
  EXPECT_TRUE(contains(plot.data, "# full\n# step\tmean\tlow\thigh\truns\n0\t5\t-7.706"));
  EXPECT_TRUE(contains(plot.data, "\n10\t2\t2\t2\t2\n"));
  EXPECT_TRUE(contains(plot.data, "\n10\t3\tnan\tnan\t1\n"));  // one run has no interval
}

TEST(CurvePlot, ALabelSaysFromWhereRunsAreMissing) {
  const Plot plot = make_plot(two_curves());

  EXPECT_TRUE(contains(plot.script, "'full (n = 2)'"));
  EXPECT_TRUE(contains(plot.script, "'sgd (n = 2, 1 from step 10)'"));
}

TEST(CurvePlot, LongCurvesAreThinnedAndKeepTheirEnds) {
  CurvePlot plot;
  plot.arms.push_back({"long", {{}}});
  for (int64_t step = 0; step < 50001; ++step) plot.arms[0].runs[0].push_back({step, 1. / 3});

  const std::string data = make_plot(plot).data;

  EXPECT_EQ(std::count(data.begin(), data.end(), '\n'), 1002);
  EXPECT_TRUE(contains(data, "\n0\t"));
  EXPECT_TRUE(contains(data, "\n50000\t"));
}

TEST(ForestPlot, RowsComeFromTheComparisons) {
  const StudyData study = example_study();

  const ForestPlot plot = forest_plot(study, example_numbers(study).comparisons);

  ASSERT_EQ(plot.rows.size(), 1U);
  EXPECT_EQ(plot.rows[0].label, "− gate");
  EXPECT_EQ(plot.rows[0].p, "0.0078");
  EXPECT_EQ(plot.smallest_effect, .003);
  EXPECT_TRUE(plot.percent);
  EXPECT_TRUE(contains(plot.x_label, "ln(arm / full system), left is better"));
  EXPECT_EQ(make_plot(plot).data,
            "row\tdifference\tlow\thigh\tpairs\tp\tlabel\n"
            "0\t0.019\t0.0178\t0.0202\t8\t0.0078\t− gate\n");
}

TEST(ForestPlot, PerCentsOfAWideRangeDoNotCrowd) {
  ForestPlot plot{.smallest_effect = .01, .percent = true};
  plot.rows = {{"worse", 2.3, 2.1, 2.5, 8, "0.01", ""}, {"better", -2.2, -2.4, -2, 8, "0.01", ""}};
  const std::string script = make_plot(plot).script;
  const size_t begin = script.find("set x2tics (") + 12;
  const std::string marks = script.substr(begin, script.find(')', begin) - begin);

  std::vector<double> at;
  for (size_t i = 0; (i = marks.find("' ", i)) != std::string::npos; i += 2)
    at.push_back(std::stod(marks.substr(i + 2)));

  EXPECT_GE(at.size(), 4U) << marks;
  for (size_t i = 1; i < at.size(); ++i) EXPECT_GE(at[i] - at[i - 1], .3) << marks;
  EXPECT_LT(at.front(), -1) << marks;
}

TEST(ForestPlot, ShortRefusedAndDivergedRowsSayWhatTheyAre) {
  const StudyData study = example_study(5);
  std::vector<Comparison> comparisons(3, example_comparison(study));
  comparisons[1].refused = "runs of two builds";
  comparisons[2].diverged = 5, comparisons[2].interval.reset();

  const ForestPlot plot = forest_plot(study, comparisons);

  EXPECT_EQ(plot.rows[0].p, "0.0078†");
  EXPECT_EQ(plot.rows[1].note, "not compared: runs of two builds");
  EXPECT_FALSE(plot.rows[1].difference);
  EXPECT_EQ(plot.rows[2].note, "5/5 diverged");
  EXPECT_FALSE(plot.rows[2].difference);
}

// One arm that is ten times worse than the others gets an arrow, and does not press them together.
TEST(ForestPlot, AFarRowIsCutOffWithItsNumbers) {
  ForestPlot plot;
  for (const double x : {.010, -.008, .012, .500}) {
    plot.rows.push_back({"arm", x, x - .002, x + .002, 8, "0.008", ""});
  }

  const std::string script = make_plot(plot).script;

  EXPECT_TRUE(contains(script, "'+0.5000 ± 0.0020'"));
  EXPECT_FALSE(contains(script, "'+0.0120 ± 0.0020'"));
}

TEST(ScatterPlot, PointsCarryTheIntervalsOfWhatWasMeasured) {
  const StudyData study = example_study();
  const StudyNumbers numbers = example_numbers(study);

  const ScatterPlot plot = scatter_plot(study,
                                        "params",
                                        numbers.summaries.at("parameters"),
                                        study.metric.name,
                                        numbers.summaries.at(study.metric.name));

  ASSERT_EQ(plot.points.size(), 2U);
  EXPECT_FALSE(plot.points[0].x_interval);
  EXPECT_TRUE(plot.points[0].y_interval);
  EXPECT_EQ(plot.x_label, "parameters");
  EXPECT_EQ(plot.y_label, "heldout bits per byte");
}

TEST(ScatterPlot, AWideAxisIsLogarithmic) {
  ScatterPlot plot;
  plot.points = {{"small", 1e3, 1}, {"large", 1e6, 2}};

  const std::string script = make_plot(plot).script;

  EXPECT_TRUE(contains(script, "set logscale x"));
  EXPECT_FALSE(contains(script, "set logscale y"));
}

TEST(ScatterPlot, NamesThatCollideGoBelowTheAxes) {
  ScatterPlot apart, crowded;
  apart.points = {{"one", 1, 1}, {"two", 2, 2}};
  for (int i = 0; i < 30; ++i) crowded.points.push_back({"a rather long name", 1 + i * 1e-3, 1});

  EXPECT_TRUE(contains(make_plot(apart).script, "set label 'one'"));
  EXPECT_FALSE(contains(make_plot(apart).script, "set key at"));
  EXPECT_FALSE(contains(make_plot(crowded).script, "set label"));
  EXPECT_TRUE(contains(make_plot(crowded).script, "title 'a rather long name'"));
}

TEST(CurvePlot, TheKeyStandsWhereNoCurvePasses) {
  CurvePlot falling, everywhere;
  falling.arms = {{"falls", {{{0, 10}, {50, 5}, {100, 0}}}}};
  everywhere.arms = {{"rises and falls", {{}}}};
  for (int64_t step = 0; step <= 100; ++step) {
    everywhere.arms[0].runs[0].push_back({step, static_cast<double>(step % 2)});
  }

  EXPECT_TRUE(contains(make_plot(falling).script, "set key inside top right"));
  EXPECT_TRUE(contains(make_plot(everywhere).script, "set key at screen 0.5"));
  EXPECT_TRUE(contains(make_plot(everywhere).script, "vertical maxrows"));
}

// A loss that falls from 10 to 1 in its first steps: what comes after fills the axis.
TEST(CurvePlot, AnEarlyFallDoesNotFlattenTheRest) {
  CurvePlot plot;
  plot.arms = {{"loss", {{{0, 10}, {10, 1.5}, {50, 1.2}, {100, 1}}}}};

  EXPECT_TRUE(contains(make_plot(plot).script, "set yrange [0.98:1.52]"));
}

TEST(ForestPlot, LongLabelsAreBrokenIntoLines) {
  ForestPlot plot;
  plot.rows = {{"residual quantizer, 8 stages, straight-through", .1, .05, .15, 8, "0.1", ""}};

  const std::string script = make_plot(plot).script;

  EXPECT_TRUE(contains(script, "set label 'residual quantizer, 8 stages,' "));
  EXPECT_TRUE(contains(script, "set label 'straight-through' "));
}

TEST(PlotAxis, LargeNumbersCarryPrefixes) {
  EXPECT_EQ(linear_axis("x", 0, 20000, 4).commands,
            "set xrange [0:20000]\nset xtics ('0' 0, '5 k' 5000, '10 k' 10000, '15 k' 15000, "
            "'20 k' 20000)\n");
  EXPECT_EQ(logarithmic_axis("y", 900, 6000).commands,
            "set logscale y\nset yrange [900:6000]\n"
            "set ytics ('1 k' 1000, '2 k' 2000, '5 k' 5000)\n");
}

TEST(PlotAxis, NegativeNumbersHaveATrueMinus) {
  EXPECT_EQ(linear_axis("x", -.01, .01, 4).commands,
            "set xrange [-0.01:0.01]\nset xtics ('−0.010' -0.01, '−0.005' -0.005, '0.000' 0, "
            "'0.005' 0.005, '0.010' 0.01)\n");
}

TEST(PlotAxis, TicsAreRound) {
  const Tics small = round_tics(0, .033, 6);
  EXPECT_DOUBLE_EQ(small.step, .01);
  EXPECT_EQ(small.decimals, 2);
  const Tics quarters = round_tics(0, 1.3, 6);
  EXPECT_DOUBLE_EQ(quarters.step, .25);
  EXPECT_EQ(quarters.decimals, 2);
  EXPECT_DOUBLE_EQ(round_tics(0, 700, 8).step, 100);
}

TEST(PlotStyle, TheFirstTwentyEightArmsLookDifferent) {
  for (size_t i = 0; i < 28; ++i) {
    for (size_t j = 0; j < i; ++j) {
      const LineStyle a = line_style(i), b = line_style(j);
      EXPECT_FALSE(a.colour == b.colour && a.dash == b.dash && a.marker == b.marker) << i << j;
    }
  }
}

TEST(Plot, NamesThatAreNoFileNamesAreRefused) {
  for (const char* name : {"", "a b", "../up", "a'b", ".hidden", "-d"}) {
    CurvePlot plot = two_curves();
    plot.name = name;
    EXPECT_THROW(make_plot(plot), std::invalid_argument) << name;
  }
}

std::vector<Plot> nasty_plots() {
  CurvePlot curve = two_curves();
  curve.title = curve.x_label = curve.y_label = curve.arms[0].label = kNasty;
  ForestPlot forest{.title = kNasty, .x_label = kNasty, .smallest_effect = .01, .percent = true};
  forest.rows = {{kNasty, .02, .01, .03, 8, "0.01", kNasty}, {kNasty, {}, {}, {}, 0, "—", kNasty}};
  ScatterPlot scatter{.title = kNasty, .x_label = kNasty, .y_label = kNasty};
  scatter.points = {{kNasty, 1, 2}, {"other", 2, 3}};
  return {make_plot(curve), make_plot(forest), make_plot(scatter)};
}

TEST(Plot, PicturesHoldTheirLabelsAsTheyAre) {
  if (!has_gnuplot()) GTEST_SKIP() << "no gnuplot (package gnuplot-nox)";
  const TemporaryFolder folder;

  for (const Plot& plot : nasty_plots()) {
    const PlotFiles files = draw(plot, folder.path());
    const std::string svg = read_file(files.svg);

    EXPECT_TRUE(contains(visible_text(svg), kNasty)) << plot.name;
    EXPECT_TRUE(contains(svg, "</svg>"));
  }
}

TEST(Plot, TheSameDataGiveTheSamePicturesOfTheRightFormatAndSize) {
  if (!has_gnuplot()) GTEST_SKIP() << "no gnuplot (package gnuplot-nox)";
  const TemporaryFolder one, other;

  const PlotFiles a = draw(make_plot(two_curves()), one.path());
  const PlotFiles b = draw(make_plot(two_curves()), other.path());

  const std::string svg = read_file(a.svg), png = read_file(a.png), pdf = read_file(a.pdf);
  EXPECT_TRUE(contains(svg, "viewBox=\"0 0 720 440\""));
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(big_endian(png, 16), 1440U);
  EXPECT_EQ(big_endian(png, 20), 880U);
  EXPECT_EQ(pdf.substr(0, 5), "%PDF-");
  EXPECT_TRUE(contains(pdf, "/CreationDate (D:20000101000000"));  // not the clock's
  EXPECT_EQ(svg, read_file(b.svg));
  EXPECT_EQ(png, read_file(b.png));
  EXPECT_EQ(pdf, read_file(b.pdf));

  std::filesystem::remove(b.svg);
  const std::string by_hand = "cd '" + other.path().string() + "' && gnuplot curve.gp";
  ASSERT_EQ(std::system(by_hand.c_str()), 0);
  EXPECT_EQ(svg, read_file(b.svg));
}

TEST(Plot, EmptyStudiesAreDrawnEmpty) {
  if (!has_gnuplot()) GTEST_SKIP() << "no gnuplot (package gnuplot-nox)";
  const TemporaryFolder folder;
  CurvePlot no_values;
  no_values.arms.push_back({"none", {{{0, kNan}}}});
  CurvePlot one_value{.name = "one"};
  one_value.arms.push_back({"one", {{{5, 1}}}});
  ForestPlot forest;
  forest.rows = {{"a", 0, 0, 0, 1, "1.00", ""}};
  ScatterPlot scatter;
  scatter.points = {{"nan", kNan, 1}, {"one", 0, 0}};

  EXPECT_NO_THROW(draw(make_plot(no_values), folder.path()));
  EXPECT_NO_THROW(draw(make_plot(one_value), folder.path()));
  EXPECT_NO_THROW(draw(make_plot(forest), folder.path()));
  EXPECT_NO_THROW(draw(make_plot(ForestPlot{.name = "no_rows"}), folder.path()));
  EXPECT_NO_THROW(draw(make_plot(scatter), folder.path()));
  EXPECT_NO_THROW(draw(make_plot(ScatterPlot{.name = "no_points"}), folder.path()));
}

TEST(Plot, AScriptThatGnuplotRefusesIsAnErrorWithItsWords) {
  if (!has_gnuplot()) GTEST_SKIP() << "no gnuplot (package gnuplot-nox)";
  const TemporaryFolder folder;

  try {
    draw({"wrong", "set nonsense\n", ""}, folder.path());
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_TRUE(contains(error.what(), "gnuplot could not draw "));
    EXPECT_TRUE(contains(error.what(), "set nonsense"));
    EXPECT_FALSE(contains(error.what(), "\n"));
  }
}

TEST(Plot, WithoutGnuplotTheErrorSaysWhatToInstall) {
  const TemporaryFolder folder;
  const std::string path = std::getenv("PATH");
  ::symlink("/usr/bin/env", (folder.path() / "env").c_str());
  ::setenv("PATH", folder.path().c_str(), 1);

  try {
    draw(make_plot(two_curves()), folder.path());
    ADD_FAILURE();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(),
                 "gnuplot is not installed and plots are drawn by it: install the package "
                 "gnuplot-nox, or ask for no plots");
  }
  ::setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace saggio::results
