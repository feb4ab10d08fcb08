// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "results/statistics/analysis.h"
#include "results/study_data.h"

// Plots for papers, drawn by gnuplot. A plot is a script and its data as text; draw() leaves both
// beside the pictures, so that anybody can change them and draw again: `gnuplot NAME.gp`. Colours
// are told apart by colour-blind readers (Okabe and Ito 2008), and lines and markers differ too,
// for print without colour. The same data give the same bytes: no dates in any file.
namespace saggio::results {

struct Plot {
  std::string name;    // "forest": names the files; letters, digits, '-', '_' and '.' only
  std::string script;  // gnuplot; reads NAME.tsv, writes NAME.svg, NAME.png and NAME.pdf
  std::string data;    // tab-separated, one header line
};

// The values of one event ("train/loss") in the runs of one arm.
struct CurveArm {
  std::string label;
  std::vector<std::vector<Point>> runs;  // one per seed, by step
};

// Mean over the runs of each arm, with its t-interval as a band. At each step over the runs that
// have a finite value there: a label says how many, and from which step it is fewer. Long curves
// are thinned evenly to 1,000 steps. Where the first tenth of the steps would take more than half
// of the upright axis, it lies outside.
struct CurvePlot {
  std::string name = "curve", title;
  std::string x_label = "step", y_label;
  double level = .95;
  std::vector<CurveArm> arms;
};
Plot make_plot(const CurvePlot& plot);

// Paired differences to the baseline with their intervals, in the given order from the top; the
// zero line; a band within which differences do not matter; n and p at the right. A row far beyond
// the others (four times the median) is cut off at the edge, with an arrow and its numbers.
struct ForestRow {
  std::string label;
  std::optional<double> difference, low, high;  // absent: `note` says why
  int pairs = 0;
  std::string p;     // as it is to be printed
  std::string note;  // "refused", "1/8 diverged"
};
struct ForestPlot {
  std::string name = "forest", title;
  std::string x_label;
  double smallest_effect = 0;  // half width of the band; 0: none
  bool percent = false;        // the differences are log ratios: a second axis gives per cent
  std::vector<ForestRow> rows;
};
Plot make_plot(const ForestPlot& plot);

// Cost against quality, one labelled point per arm, with intervals where there are any. Labels
// stand beside their points, or all below the axes if some would collide. An axis over more than a
// factor of 20 is logarithmic.
struct ScatterPoint {
  std::string label;
  double x = 0, y = 0;
  std::optional<Interval> x_interval, y_interval;
};
struct ScatterPlot {
  std::string name = "scatter", title;
  std::string x_label, y_label;
  std::vector<ScatterPoint> points;
};
Plot make_plot(const ScatterPlot& plot);

// From a study. `curves` holds the event's points per arm and run, in the order of study.arms.
CurvePlot curve_plot(const StudyData& study,
                     const std::string& event,
                     const std::vector<std::vector<std::vector<Point>>>& curves);
ForestPlot forest_plot(const StudyData& study, const std::vector<Comparison>& comparisons);
ScatterPlot scatter_plot(const StudyData& study,
                         const std::string& x,
                         const std::vector<Summary>& of_x,
                         const std::string& y,
                         const std::vector<Summary>& of_y);

struct PlotFiles {
  std::filesystem::path script, data, svg, png, pdf;
};

// Writes the script and the data into `folder` and runs gnuplot there. Throws std::runtime_error
// if gnuplot is not installed (package gnuplot-nox) or refuses, with its words.
PlotFiles draw(const Plot& plot, const std::filesystem::path& folder);

}  // namespace saggio::results
