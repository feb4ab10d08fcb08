// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "graph/formats/elements.h"
#include "graph/formats/import.h"
#include "graph/formats/lines.h"

// CSV (RFC 4180) of edges: with a header that names `source` and `target`, or without one.
namespace saggio::graph {
namespace {

// Records of a CSV file, which may span lines. Memory: the longest record.
class CsvReader {
 public:
  CsvReader(std::istream& in, ImportReport& report, const std::string& name)
      : bytes_(*in.rdbuf()), report_(report), name_(name) {}

  // False: there is none. Blank lines, and comments before the first record, are passed over.
  bool next(std::vector<std::string>& fields) {
    for (;;) {
      line_ = report_.lines + 1;
      bool quoted = false;
      if (!take(fields, quoted)) return false;
      const bool is_blank = fields.size() == 1 && !quoted &&
                            fields[0].find_first_not_of(" \t\v\f") == std::string::npos;
      if (is_blank) {
        ++report_.blank;
      } else if (!quoted && (fields[0].starts_with('#') || fields[0].starts_with('%'))) {
        ++report_.comments;
      } else {
        return true;
      }
    }
  }

  [[noreturn]] void refuse(std::string_view what) const {
    throw std::invalid_argument(fmt::format("{}:{}: {}", name_, line_, what));
  }

 private:
  static constexpr int kEnd = -1;

  int get() {
    const auto byte = bytes_.sbumpc();
    return std::char_traits<char>::eq_int_type(byte, std::char_traits<char>::eof()) ? kEnd : byte;
  }

  // One record; `quoted`: its first field is.
  bool take(std::vector<std::string>& fields, bool& quoted) {
    fields.assign(1, {});
    size_t size = 0;
    int byte = get();
    if (byte == kEnd) return false;
    for (;; byte = get()) {
      if (++size > kLongestLine)
        refuse(
            fmt::format("a record of more than {} bytes, which is the most allowed: is a "
                        "closing quote missing?",
                        kLongestLine));
      if (byte == kEnd || byte == '\n') break;
      if (byte == ',') {
        fields.emplace_back();
      } else if (byte == '"' && is_blank(fields.back())) {
        quoted |= fields.size() == 1;
        byte = quoted_text(fields.back(), size);
        if (byte == ',') fields.emplace_back();
        if (byte == kEnd || byte == '\n') break;
      } else {
        fields.back() += static_cast<char>(byte);
      }
    }
    ++report_.lines;
    finish(fields);
    return true;
  }

  static bool is_blank(const std::string& text) {
    return text.find_first_not_of(" \t\xEF\xBB\xBF") == std::string::npos;
  }

  // What stands in quotes; returns the comma, line feed or end behind it.
  int quoted_text(std::string& field, size_t& size) {
    field.assign(1, '"');  // tells finish() that it stands in quotes
    for (int byte = get();; byte = get()) {
      if (++size > kLongestLine) refuse("a field in quotes that does not end");
      if (byte == kEnd) refuse("the end of the file within quotes");
      report_.lines += byte == '\n';
      if (byte == '"' && (byte = get()) != '"') {
        for (; byte == ' ' || byte == '\t' || byte == '\r'; byte = get())
          report_.carriage_returns += byte == '\r';
        if (byte == ',' || byte == '\n' || byte == kEnd) return byte;
        refuse("text behind a closing quote: within quotes, write a quote twice");
      }
      field += static_cast<char>(byte);
    }
  }

  void finish(std::vector<std::string>& fields) {
    if (report_.lines == 1 && fields[0].starts_with("\xEF\xBB\xBF")) fields[0].erase(0, 3);
    for (std::string& field : fields) {
      const bool is_last = &field == &fields.back();
      if (field.starts_with('"')) {
        field.erase(0, 1);
      } else {
        for (; is_last && field.ends_with('\r'); field.pop_back()) ++report_.carriage_returns;
        const size_t first = std::min(field.find_first_not_of(" \t\v\f"), field.size());
        field = field.substr(first, field.find_last_not_of(" \t\v\f") + 1 - first);
      }
      if (const size_t bad = first_not_utf8(field); bad != std::string::npos)
        refuse(
            fmt::format("byte {:#04x} is not UTF-8; convert the file, for example by `iconv -f "
                        "latin1 -t utf-8`",
                        static_cast<uint8_t>(field[bad])));
    }
  }

  std::streambuf& bytes_;
  ImportReport& report_;
  const std::string& name_;
  uint64_t line_ = 1;  // where the record begins
};

class CsvImport {
 public:
  CsvImport(std::istream& in, Store& store, ImportReport& report, const ImportOptions& options)
      : csv_(in, report, options.name), import_(store, report, options, false) {}

  void read() {
    std::vector<std::string> fields;
    for (bool is_first = true; csv_.next(fields); is_first = false) {
      if (is_first && take_header(fields)) continue;
      try {
        header_.empty() ? bare(fields) : named(fields);
      } catch (const std::invalid_argument& error) {
        what_ = error.what();
      }
      if (!what_.empty()) csv_.refuse(what_);
    }
    import_.finish();
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
        csv_.refuse(fmt::format("two columns are called {}: rename one", shown(fields[i])));
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
    if (fields.size() == 3) named_.push_back({"weight", checked_weight(fields[2])});
    import_.edge(fields[0], fields[1], named_);
  }

  static void check_ends(const std::string& source, const std::string& target) {
    if (source.empty() || target.empty())
      throw std::invalid_argument(fmt::format("the {} is empty: every edge has both",
                                              source.empty() ? "source" : "target"));
  }

  static const std::string& checked_weight(const std::string& text) {
    double weight = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
    if (error != std::errc() || end != text.data() + text.size() ||
        !std::isfinite(static_cast<float>(weight)))
      throw std::invalid_argument(fmt::format("weight = {}, allowed a finite number", shown(text)));
    return text;
  }

  CsvReader csv_;
  ElementImport import_;
  std::vector<std::string> header_;
  size_t source_ = 0, target_ = 0;  // columns
  NamedTexts named_;
  std::string what_;
};

}  // namespace

ImportReport read_csv(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  CsvImport(in, store, report, options).read();
  return report;
}

}  // namespace saggio::graph
