// SPDX-License-Identifier: MIT
#include "results/pages/report.h"

#include <fmt/format.h>

#include "results/pages/escape.h"
#include "results/pages/report_picture.h"
#include "results/pages/report_style.h"

namespace saggio::results {
namespace {

std::string section(std::string_view title, const std::string& content) {
  if (content.empty()) return "";
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", title, content);
}

std::string warnings(const Report& report) {
  if (report.warnings.empty()) return "";
  std::string items;
  for (const std::string& each : report.warnings) items += "<li>" + escape_html(each) + "</li>\n";
  return "<div class=\"warnings\"><span class=\"label\">Warnings</span>\n<ul>\n" + items +
         "</ul></div>\n";
}

std::string claim(const ReportClaim& claim) {
  std::string out =
      "<div class=\"claim\"><span class=\"label\">Claim" +
      (claim.id.empty() ? "" : " <span class=\"id\">" + escape_html(claim.id) + "</span>") +
      "</span>\n<blockquote>" + escape_html(claim.statement) + "</blockquote>\n";
  if (!claim.source.empty()) out += "<p>Source: " + escape_html(claim.source) + "</p>\n";
  if (!claim.note.empty()) out += "<p>" + escape_html(claim.note) + "</p>\n";
  return out + "</div>\n";
}

std::string head(const Report& report) {
  std::string out = "<header>\n<h1>" + escape_html(report.name) + "</h1>\n";
  if (!report.question.empty()) {
    out += "<p class=\"question\">" + escape_html(report.question) + "</p>\n";
  }
  out += warnings(report);
  if (report.claim) out += claim(*report.claim);
  if (!report.verdict.empty()) {
    out += "<div class=\"verdict\"><span class=\"label\">Verdict</span>\n" +
           escape_html(report.verdict) + "</div>\n";
  }
  return out + "</header>\n";
}

std::string tables(const Report& report) {
  std::string out;
  for (const Table& table : report.tables) out += html(table);
  return out;
}

std::string figures(const Report& report) {
  std::string out;
  for (size_t i = 0; i < report.figures.size(); ++i) {
    const Figure& figure = report.figures[i];
    std::string files;
    for (const std::filesystem::path& file : figure.files) {
      files += (files.empty() ? " To change it and draw it again: <code>" : "</code>, <code>") +
               escape_html(file.string());
    }
    out +=
        fmt::format("<figure>\n{}\n<figcaption><b>Figure {}.</b> {}{}</figcaption>\n</figure>\n",
                    inline_picture(figure.picture, fmt::format("figure{}-", i + 1), figure.caption),
                    i + 1,
                    escape_html(figure.caption),
                    files.empty() ? "" : files + "</code>");
  }
  return out;
}

std::string facts(const std::vector<Fact>& facts) {
  if (facts.empty()) return "";
  std::string out = "<dl>\n";
  for (const Fact& fact : facts) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(fact.name), escape_html(fact.value));
  }
  return out + "</dl>\n";
}

std::string commands(const Report& report) {
  if (report.commands.empty()) return "";
  std::string out = "<pre><code>";
  for (const std::string& line : report.commands) out += escape_html(line) + "\n";
  return out + "</code></pre>\n";
}

std::string runs(const Report& report) {
  if (report.runs.empty()) return "";
  std::string out = fmt::format(
      "<details>\n<summary>{} runs</summary>\n<div class=\"scroll\"><table>\n<thead><tr>"
      "<th scope=\"col\">arm</th><th scope=\"col\">seed</th><th scope=\"col\">outcome</th>"
      "<th scope=\"col\">run</th><th scope=\"col\">folder</th></tr></thead>\n<tbody>\n",
      report.runs.size());
  for (const ReportRun& run : report.runs) {
    out += fmt::format(
        "<tr id=\"run-{0}\"><td>{1}</td><td>{2}</td><td>{3}</td><td class=\"id\">{0}</td>"
        "<td class=\"id\">{4}</td></tr>\n",
        escape_html(run.id),
        escape_html(run.arm),
        run.seed,
        escape_html(run.outcome),
        escape_html(run.folder));
  }
  return out + "</tbody>\n</table></div>\n</details>\n";
}

}  // namespace

std::string html(const Report& report) {
  return fmt::format(
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
             escape_html(report.name),
             kReportStyle) +
         head(report) + "<main>\n" + section("Results", tables(report)) +
         section("Figures", figures(report)) +
         section("How it was measured", facts(report.method)) +
         section("What it cost", facts(report.costs)) +
         section("Where it ran", facts(report.environment)) +
         section("How to repeat it", commands(report)) + section("Runs", runs(report)) +
         "</main>\n</body>\n</html>\n";
}

}  // namespace saggio::results
