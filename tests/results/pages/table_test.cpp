// SPDX-License-Identifier: MIT
#include "results/pages/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kNasty = "a_b & <c> | 50 % {d} ~^\\ $x$ #1 \"q\" `e` 中 é, 'f'";

// Two arms by hand: a mean with its interval, a corrected p.
Table small_table() {
  const Column label{.name = "arm", .header = "arm", .align = Align::kLeft};
  const Column quality{.name = "heldout/loss_nats",
                       .header = "heldout loss\u00A0↓",
                       .unit = "nats",
                       .fields = {"", "low", "high", "n"}};
  const Column p{.name = "p", .header = "p", .fields = {""}};
  const Row full{"full",
                 {{.parts = {"full"}, .run_ids = {"a1", "a2"}},
                  {.parts = {"1.500", "± 0.010"},
                   .count = "8",
                   .values = {1.5, 1.49, 1.51, 8},
                   .run_ids = {"a1", "a2"},
                   .bold = true},
                  {.parts = {"—"}, .values = {kNone}}}};
  const Row gate{"minus_gate",
                 {{.parts = {"− gate"}, .run_ids = {"b1"}, .note = "1/8 diverged"},
                  {.parts = {"12.1", "± 0.3"},
                   .count = "7",
                   .values = {12.1, 11.8, 12.4, 7},
                   .run_ids = {"b1"}},
                  {.parts = {"0.0078"}, .values = {.0078125}}}};
  return {.name = "main",
          .title = "first",
          .lead = "Read me.",
          .columns = {label, quality, p},
          .rows = {full, gate},
          .notes = {"Cells: mean ± half width."}};
}

Table nasty_table() {
  Table table = small_table();
  table.name = table.title = table.lead = kNasty;
  table.rows[0].name = kNasty;
  table.rows[0].cells[0].parts = {kNasty};
  table.rows[0].cells[0].note = kNasty;
  table.rows[0].cells[1].run_ids = {kNasty};
  table.columns[1].name = table.columns[1].header = table.columns[1].unit = kNasty;
  table.notes = {kNasty};
  return table;
}

bool contains(const std::string& all, const std::string& part) {
  return all.find(part) != std::string::npos;
}

TEST(Table, TextIsAlignedAtTheDecimalPoint) {
  EXPECT_EQ(text(small_table(), 80),
            "first\nRead me.\n\n"
            "                                    heldout\n"
            "arm                           loss\u00A0↓ (nats)       p\n"
            "─────────────────────  ────────────────────  ──────\n"
            "full                    *1.500 ± 0.010 (8)*    —\n"
            "− gate (1/8 diverged)   12.1   ± 0.3   (7)   0.0078\n"
            "\n· Cells: mean ± half width.\n");
}

TEST(Table, TextThatIsTooWideContinuesBelowWithItsLabels) {
  const std::string narrow = text(small_table(), 45);

  EXPECT_EQ(narrow,
            "first\nRead me.\n\n"
            "                                    heldout\n"
            "arm                           loss\u00A0↓ (nats)\n"
            "─────────────────────  ────────────────────\n"
            "full                    *1.500 ± 0.010 (8)*\n"
            "− gate (1/8 diverged)   12.1   ± 0.3   (7)\n\n"
            "arm                         p\n"
            "─────────────────────  ──────\n"
            "full                     —\n"
            "− gate (1/8 diverged)  0.0078\n"
            "\n· Cells: mean ± half width.\n");
}

TEST(Table, LongLabelsGoOnBelow) {
  Table table = small_table();
  table.rows[0].cells[0].parts = {"residual quantizer, 8 stages, straight-through"};

  EXPECT_TRUE(contains(text(table, 80), "\nresidual quantizer, 8"));
  EXPECT_TRUE(contains(text(table, 80), "\n  stages, straight-through\n"));
  EXPECT_TRUE(
      contains(latex(table), "residual quantizer, 8 stages,\\\\[-.4ex]straight-through\\end"));
}

TEST(Table, MarkdownReadsWellUnrendered) {
  EXPECT_EQ(markdown(small_table()),
            "**first**\n\nRead me.\n\n"
            "| arm                   |  heldout loss\u00A0↓ (nats) |      p |\n"
            "| :-------------------- | ---------------------: | -----: |\n"
            "| full                  |  **1.500 ± 0.010 (8)** |   —    |\n"
            "| − gate (1/8 diverged) |   12.1   ± 0.3   (7)   | 0.0078 |\n"
            "\n- Cells: mean ± half width.\n");
}

TEST(Table, CsvHasFullPrecisionAndTheRunsOfEachArm) {
  Table table = small_table();
  table.rows[1].cells[1].values[0] = 0.1 + 0.2;

  EXPECT_EQ(csv(table),
            "arm,label,heldout/loss_nats,heldout/loss_nats.low,heldout/loss_nats.high,"
            "heldout/loss_nats.n,p,runs\n"
            "full,full,1.5,1.49,1.51,8,,a1 a2\n"
            "minus_gate,− gate,0.30000000000000004,11.8,12.4,7,0.0078125,b1\n");
}

TEST(Table, JsonHoldsEverything) {
  const auto parsed = nlohmann::json::parse(json(small_table()));

  const auto& cell = parsed["rows"][0]["cells"][1];
  EXPECT_EQ(cell["text"], "1.500 ± 0.010 (8)");
  EXPECT_EQ(cell["values"]["low"], 1.49);
  EXPECT_EQ(cell["runs"], (std::vector<std::string>{"a1", "a2"}));
  EXPECT_TRUE(cell["bold"]);
  EXPECT_TRUE(parsed["rows"][0]["cells"][2]["values"]["value"].is_null());
  EXPECT_EQ(parsed["rows"][1]["cells"][0]["note"], "1/8 diverged");
}

TEST(Table, HtmlCellsNameTheirRuns) {
  const std::string page = html(small_table());

  EXPECT_NE(page.find("<caption>first</caption>"), std::string::npos);
  EXPECT_NE(page.find("<th scope=\"col\" class=\"number\">heldout loss\u00A0↓ <span class=\"unit\">"
                      "(nats)</span></th>"),
            std::string::npos);
  EXPECT_NE(page.find("<th scope=\"row\">full</th>"), std::string::npos);
  EXPECT_NE(page.find("<td class=\"number best\" data-runs=\"a1 a2\" title=\"2 runs: a1 a2\">"),
            std::string::npos);
}

TEST(Table, LatexIsABooktabsTable) {
  const std::string source = latex(small_table());

  EXPECT_NE(source.find("\\caption{first Read me.}"), std::string::npos);
  EXPECT_NE(source.find("{\\fontseries{b}\\selectfont \\phantom{1}1.500"), std::string::npos);
  EXPECT_NE(source.find("12.1\\phantom{00}\\,$\\pm$\\,0.3\\phantom{10}"), std::string::npos);
  EXPECT_NE(source.find("\\bottomrule"), std::string::npos);
}

TEST(Table, NastyNamesStayInsideTheirCells) {
  const Table table = nasty_table();

  EXPECT_EQ(nlohmann::json::parse(json(table))["rows"][0]["arm"], kNasty);
  EXPECT_EQ(html(table).find("<c>"), std::string::npos);
  EXPECT_NE(csv(table).find("\"a_b & <c> | 50 % {d} ~^\\ $x$ #1 \"\"q\"\" `e` 中 é, 'f'\""),
            std::string::npos);
  EXPECT_EQ(markdown(table).find(" | 50"), std::string::npos);  // the bar in a name is escaped
}

TEST(Table, WithoutRowsStillRendersInEveryFormat) {
  Table table = small_table();
  table.rows.clear();

  for (const char* format : {"text", "md", "tex", "csv", "json", "html"}) {
    EXPECT_FALSE(render(table, table_format(format)).empty()) << format;
  }
  EXPECT_EQ(csv(table).find('\n'), csv(table).size() - 1);
}

TEST(Table, RaggedRowsAreRefused) {
  Table short_row = small_table();
  short_row.rows[1].cells.pop_back();
  Table wrong_values = small_table();
  wrong_values.rows[0].cells[1].values.pop_back();

  try {
    csv(short_row);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "table 'main': row 'minus_gate' has 2 cells, expected one per column (3)");
  }
  EXPECT_THROW(html(wrong_values), std::invalid_argument);
  EXPECT_THROW(text(Table{}, 80), std::invalid_argument);
}

TEST(Table, UnknownFormatsAreNamedWithThoseAllowed) {
  try {
    table_format("pdf");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "table format 'pdf', allowed: text, md, tex, csv, json, html");
  }
}

bool has_pdflatex() { return std::system("pdflatex --version > /dev/null 2>&1") == 0; }

TEST(Table, LatexCompilesWithPlainPdflatex) {
  if (!has_pdflatex()) GTEST_SKIP() << "no pdflatex (package texlive-latex-recommended)";
  const TemporaryFolder folder;
  spill(folder / "paper.tex",
        "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n" +
            latex(small_table()) + latex(nasty_table()) + "\\end{document}\n");

  const std::string command = "cd '" + folder.path().string() +
                              "' && pdflatex -halt-on-error -interaction=nonstopmode paper.tex "
                              "> /dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << slurp(folder / "paper.log");
}

}  // namespace
}  // namespace saggio::results
