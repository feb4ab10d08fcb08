// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "graph/formats/csv.h"
#include "graph/formats/elements.h"
#include "graph/formats/fields.h"
#include "graph/formats/import.h"
#include "graph/formats/lines.h"

// CSV (RFC 4180) of edges: with a header that names `source` and `target`, or without one.
namespace saggio::graph {
namespace {

class CsvImport {
 public:
  CsvImport(std::istream& in, Store& store, ImportReport& report, const ImportOptions& options)
      : rows_(in, options.name), report_(report), import_(store, report, options, false) {}

  void read() {
    std::vector<std::string> fields;
    for (bool is_first = true; rows_.next(fields);) {
      for (size_t i = 0; i < fields.size(); ++i)
        if (!rows_.was_quoted(i)) fields[i] = std::string(trimmed(fields[i]));
      if (!rows_.was_quoted(0) && (fields[0].starts_with('#') || fields[0].starts_with('%'))) {
        ++report_.comments;
        continue;
      }
      const bool is_header = is_first && take_header(fields);
      is_first = false;
      if (!is_header) at_line(rows_, [&] { header_.empty() ? bare(fields) : named(fields); });
    }
    import_.finish();
    count_lines(rows_, report_);
  }

 private:
  // The columns of the two ends must be there, by the names that programs give them.
  bool take_header(const std::vector<std::string>& fields) {
    std::vector<std::string> lower = fields;
    for (std::string& name : lower)
      for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto find = [&](std::string_view name) {
      return static_cast<size_t>(std::find(lower.begin(), lower.end(), name) - lower.begin());
    };
    source_ = find("source");
    target_ = find("target");
    if (source_ == fields.size() || target_ == fields.size()) return false;
    header_ = fields;
    for (size_t i = 0; i < fields.size(); ++i)
      if (std::count(fields.begin(), fields.end(), fields[i]) > 1)
        rows_.refuse(fmt::format("two columns are called {}: rename one", shown(fields[i])));
    return true;
  }

  void named(const std::vector<std::string>& fields) {
    if (fields.size() != header_.size())
      throw std::invalid_argument(
          fmt::format("{} fields, but the header has {}: put texts with commas into quotes",
                      fields.size(),
                      header_.size()));
    named_.clear();
    for (size_t i = 0; i < fields.size(); ++i)
      if (i != source_ && i != target_ && !fields[i].empty())
        named_.push_back({header_[i], fields[i]});
    check_ends(fields[source_], fields[target_]);
    import_.edge(fields[source_], fields[target_], named_);
  }

  // source,target[,weight]
  void bare(const std::vector<std::string>& fields) {
    constexpr std::string_view kAllowed =
        "allowed: source,target[,weight], or a header that names source and target first";
    if (fields.size() < 2 || fields.size() > 3)
      throw std::invalid_argument(fmt::format(
          "{} {}, {}", fields.size(), fields.size() == 1 ? "field" : "fields", kAllowed));
    check_ends(fields[0], fields[1]);
    named_.clear();
    if (fields.size() == 3) {
      finite_number(fields[2], "weight");
      named_.push_back({"weight", fields[2]});
    }
    import_.edge(fields[0], fields[1], named_);
  }

  static void check_ends(const std::string& source, const std::string& target) {
    if (source.empty() || target.empty())
      throw std::invalid_argument(fmt::format("the {} is empty: every edge has both",
                                              source.empty() ? "source" : "target"));
  }

  CsvReader rows_;
  ImportReport& report_;
  ElementImport import_;
  std::vector<std::string> header_;
  size_t source_ = 0, target_ = 0;  // columns
  NamedTexts named_;
};

}  // namespace

ImportReport read_csv(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  CsvImport(in, store, report, options).read();
  return report;
}

}  // namespace saggio::graph
