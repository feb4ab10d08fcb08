// SPDX-License-Identifier: MIT
#include "results/pages/escape.h"

#include <gtest/gtest.h>

namespace saggio::results {
namespace {

TEST(Escape, HtmlHasNoMarkupLeft) {
  EXPECT_EQ(escape_html("<script>a & \"b\" 'c'</script>"),
            "&lt;script&gt;a &amp; &quot;b&quot; &#39;c&#39;&lt;/script&gt;");
}

TEST(Escape, LatexSpellsWhatItCannotSet) {
  EXPECT_EQ(escape_latex("a_b & 50 % #1 {x} ~ ^ \\ $"),
            "a\\_b \\& 50 \\% \\#1 \\{x\\} \\textasciitilde{} \\textasciicircum{} "
            "\\textbackslash{} \\$");
  EXPECT_EQ(escape_latex("Δ ± −1 λ é ß"), "$\\Delta$ $\\pm$ $-$1 $\\lambda$ é ß");
  EXPECT_EQ(escape_latex("中"), "[U+4E2D]");
  EXPECT_EQ(escape_latex("ą😀"), "[U+0105][U+1F600]");
}

TEST(Escape, MarkdownKeepsNamesReadable) {
  EXPECT_EQ(escape_markdown("model.ffn_width"), "model.ffn_width");
  EXPECT_EQ(escape_markdown("_x_ a|b *c* <d> [e]"), "\\_x\\_ a\\|b \\*c\\* \\<d\\> \\[e\\]");
}

TEST(Escape, CsvQuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(escape_csv("plain text"), "plain text");
  EXPECT_EQ(escape_csv("a,b \"c\""), "\"a,b \"\"c\"\"\"");
}

TEST(Escape, GnuplotTextIsPlainInEnhancedMode) {
  EXPECT_EQ(quote_gnuplot("a_b^c{d}@e&f~g\\h"), "'a\\_b\\^c\\{d\\}\\@e\\&f\\~g\\\\h'");
  EXPECT_EQ(quote_gnuplot("it's `date`"), "'it''s `date`'");  // no shell in single quotes
}

TEST(Escape, ControlCharactersAreSpaces) {
  EXPECT_EQ(escape_html("a\nb\tc\x1b[31m"), "a b c [31m");
  EXPECT_EQ(escape_control("a\r\nb"), "a  b");
}

TEST(Escape, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(escape_html("a\xff"
                        "b"),
            "a\uFFFDb");
  EXPECT_EQ(escape_html("\xc3"), "\uFFFD");                      // cut off
  EXPECT_EQ(escape_html("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(escape_html("\xc0\xbc"), "\uFFFD\uFFFD");            // an overlong '<'
}

TEST(Escape, CodePointsRoundTrip) {
  const std::string text = "aé中😀";

  EXPECT_EQ(utf8(code_points(text)), text);
  EXPECT_EQ(code_points(text).size(), 4U);
}

TEST(Escape, WidthCountsColumnsOfATerminal) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("± 0.1"), 5U);
  EXPECT_EQ(display_width("中文"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
}

TEST(Escape, WrappingKeepsEveryWord) {
  EXPECT_EQ(wrap("one two  three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("incomprehensible a", 5), (std::vector<std::string>{"incomprehensible", "a"}));
  EXPECT_TRUE(wrap("   ", 5).empty());
}

}  // namespace
}  // namespace saggio::results
