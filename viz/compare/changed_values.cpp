// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "graph/formats/time_text.h"
#include "viz/compare/comparison.h"

namespace saggio::viz {
namespace {

using graph::Attributes;

std::string number(float value) {
  return std::isnan(value) ? std::string() : fmt::format("{}", value);
}

std::string time(graph::TimeUs time) {
  if (time == graph::kUnknownTime) return {};
  if (time == graph::kSinceEver) return "since ever";
  if (time == graph::kWithoutEnd) return "without end";
  return graph::time_text(time);
}

std::string qualifiers(const Attributes& a) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : a.qualifiers) parts.push_back(name + " = " + value);
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string span(const Attributes& a) {
  return a.span ? fmt::format("bytes {} to {}", a.span->byte_begin, a.span->byte_end)
                : std::string();
}

std::string provenance(const Attributes& a) {
  if (!a.provenance) return {};
  const graph::Provenance& p = *a.provenance;
  return fmt::format(
      "{}",
      fmt::join(
          {p.run, p.experiment, fmt::format("step {}", p.step), fmt::format("seed {}", p.seed)},
          "  "));
}

}  // namespace

std::vector<ChangedValue> changed_values(const Attributes& before,
                                         const std::string& text_before,
                                         const Attributes& after,
                                         const std::string& text_after) {
  std::vector<ChangedValue> changes;
  const auto compare = [&](const char* what, const std::string& a, const std::string& b) {
    if (a != b) changes.push_back({what, a, b});
  };
  const auto of = [&](const char* what, const auto& told) {
    compare(what, told(before), told(after));
  };
  of("status", [](const Attributes& a) { return std::string(graph::name(a.status)); });
  of("weight", [](const Attributes& a) { return number(a.weight); });
  of("confidence", [](const Attributes& a) { return number(a.confidence.probability); });
  of("logit", [](const Attributes& a) { return number(a.confidence.logit); });
  of("confidence by", [](const Attributes& a) { return a.confidence.method; });
  compare("text", text_before, text_after);
  of("holds from", [](const Attributes& a) { return time(a.valid.from); });
  of("holds until", [](const Attributes& a) { return time(a.valid.to); });
  of("rule", [](const Attributes& a) { return a.rule; });
  of("labels", [](const Attributes& a) { return fmt::format("{}", fmt::join(a.labels, ", ")); });
  of("qualifiers", qualifiers);
  of("span", span);
  of("provenance", provenance);
  if (before.embedding != after.embedding)
    changes.push_back({"embedding",
                       before.embedding ? fmt::format("row {}", before.embedding->row) : "",
                       after.embedding ? fmt::format("row {}", after.embedding->row) : ""});
  return changes;
}

}  // namespace saggio::viz
