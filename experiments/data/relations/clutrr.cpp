// SPDX-License-Identifier: MIT
#include "experiments/data/relations/clutrr.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "graph/formats/csv.h"
#include "results/store/files.h"
#include "results/store/zip_records.h"

namespace saggio::data {
namespace {

using graph::shown;
using Refuse = std::function<void(std::string_view what)>;  // throws

// Reads the lists and tuples that Python prints: whole numbers, and text in either quote.
class Literals {
 public:
  Literals(std::string_view column, std::string_view text, const Refuse& refuse)
      : column_(column), text_(text), refuse_(refuse) {}

  void expect(char mark) {
    if (!take(mark)) fail(fmt::format("'{}'", mark));
  }
  bool take(char mark) {
    at_ = std::min(text_.find_first_not_of(' ', at_), text_.size());
    if (at_ == text_.size() || text_[at_] != mark) return false;
    ++at_;
    return true;
  }
  int32_t number() {
    at_ = std::min(text_.find_first_not_of(' ', at_), text_.size());
    int32_t value = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0) fail("a whole number, 0 or more");
    at_ = static_cast<size_t>(end - text_.data());
    return value;
  }
  std::string quoted() {
    const char quote = take('\'') ? '\'' : take('"') ? '"' : '\0';
    if (quote == '\0') fail("text in quotes");
    const size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail("a closing quote");
    std::string value(text_.substr(at_, end - at_));
    if (value.find('\\') != std::string::npos) fail("text without a backslash");
    at_ = end + 1;
    return value;
  }
  template <typename Item>
  void list(Item item) {
    expect('[');
    if (take(']')) return;
    do item();
    while (take(','));
    expect(']');
  }
  void end() {
    if (at_ != text_.size()) fail("the end");
  }

 private:
  void fail(std::string_view allowed) const {
    refuse_(fmt::format(
        "{} {}: at character {} allowed is {}", column_, shown(text_), at_ + 1, allowed));
  }

  std::string_view column_, text_;
  const Refuse& refuse_;
  size_t at_ = 0;
};

using Pair = std::pair<int32_t, int32_t>;

Pair read_pair(Literals& in) {
  in.expect('(');
  const int32_t first = in.number();
  in.expect(',');
  const int32_t second = in.number();
  in.expect(')');
  return {first, second};
}

int32_t relation_of(std::string_view word, std::string_view column, const Refuse& refuse) {
  for (int i = 0; i < kinship::kRelations; ++i)
    if (kinship::word(kinship::relation(i)) == word) return i;
  refuse(fmt::format("{} {}: allowed are the twenty words of kin, as \"aunt\" or \"son-in-law\"",
                     column,
                     shown(word)));
  return -1;
}

std::vector<Pair> read_pairs(std::string_view text, const Refuse& refuse) {
  Literals in("story_edges", text, refuse);
  std::vector<Pair> pairs;
  in.list([&] { pairs.push_back(read_pair(in)); });
  in.end();
  return pairs;
}

std::vector<int32_t> read_types(std::string_view text, const Refuse& refuse) {
  Literals in("edge_types", text, refuse);
  std::vector<int32_t> types;
  in.list([&] { types.push_back(relation_of(in.quoted(), "edge_types", refuse)); });
  in.end();
  return types;
}

std::vector<std::string> read_people(std::string_view text, const Refuse& refuse) {
  std::vector<std::string> people;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view person = text.substr(0, comma);
    const size_t colon = person.find(':');
    const std::string_view sex =
        colon == std::string_view::npos ? std::string_view() : person.substr(colon + 1);
    if (colon == 0 || (sex != "male" && sex != "female"))
      refuse(fmt::format("genders {}: allowed is NAME:male or NAME:female", shown(person)));
    const std::string name(person.substr(0, colon));
    if (std::find(people.begin(), people.end(), name) != people.end())
      refuse(fmt::format("genders: {} stands twice", shown(name)));
    people.push_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return people;
}

int32_t read_k(std::string_view task, const Refuse& refuse) {
  constexpr std::string_view kPrefix = "task_1.";
  int32_t k = 0;
  if (task.starts_with(kPrefix)) {
    const auto [end, error] =
        std::from_chars(task.data() + kPrefix.size(), task.data() + task.size(), k);
    if (error != std::errc() || end != task.data() + task.size()) k = 0;
  }
  if (!(k >= 1 && k <= 100))
    refuse(fmt::format("task_name {}: allowed is task_1.K, K in 1..100", shown(task)));
  return k;
}

// What every edge must be, and the edge that is asked about.
void check_ends(Pair ends, size_t people, std::string_view column, const Refuse& refuse) {
  const auto is_person = [&](int32_t i) { return static_cast<size_t>(i) < people; };
  if (!is_person(ends.first) || !is_person(ends.second) || ends.first == ends.second)
    refuse(fmt::format("{} ({}, {}): allowed are two different people in 0..{}, those of genders",
                       column,
                       ends.first,
                       ends.second,
                       static_cast<int64_t>(people) - 1));
}

void read_query(std::string_view text, const RelationQuestion& question, const Refuse& refuse) {
  Literals in("query", text, refuse);
  in.expect('(');
  const std::string from = in.quoted();
  in.expect(',');
  const std::string to = in.quoted();
  in.expect(')');
  in.end();
  const std::string& source = question.people[static_cast<size_t>(question.source)];
  const std::string& target = question.people[static_cast<size_t>(question.target)];
  if (from != source || to != target)
    refuse(fmt::format("query asks about {} and {}, query_edge about {} and {}",
                       shown(from),
                       shown(to),
                       shown(source),
                       shown(target)));
}

RelationQuestion read_row(graph::CsvRow& row, const Refuse& refuse) {
  RelationQuestion question;
  question.people = read_people(row.take({"genders"}), refuse);
  question.k = read_k(row.take({"task_name"}), refuse);
  const std::vector<Pair> pairs = read_pairs(row.take({"story_edges"}), refuse);
  const std::vector<int32_t> types = read_types(row.take({"edge_types"}), refuse);
  if (pairs.size() != types.size() || pairs.size() != static_cast<size_t>(question.k))
    refuse(fmt::format("{} story_edges, {} edge_types, k = {}: allowed are as many of each",
                       pairs.size(),
                       types.size(),
                       question.k));
  for (size_t i = 0; i < pairs.size(); ++i) {
    check_ends(pairs[i], question.people.size(), "story_edges", refuse);
    question.edges.push_back({pairs[i].first, pairs[i].second, types[i]});
  }
  const std::string asked = row.take({"query_edge"});
  Literals in("query_edge", asked, refuse);
  const Pair ends = read_pair(in);
  in.end();
  check_ends(ends, question.people.size(), "query_edge", refuse);
  std::tie(question.source, question.target) = ends;
  read_query(row.take({"query"}), question, refuse);
  question.answer = relation_of(row.take({"target"}), "target", refuse);
  return question;
}

std::vector<results::ZipRecord> unpacked(const std::filesystem::path& archive) {
  constexpr uint64_t kLargest = uint64_t{256} << 20;  // bytes
  const std::vector<std::byte> file = results::read_bytes(archive);
  try {
    return results::zip_records(file, results::ZipMethods::All, kLargest);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(
        fmt::format("{}: {}; get the archive again", archive.string(), error.what()));
  }
}

}  // namespace

std::vector<RelationQuestion> read_clutrr_rows(std::istream& in, const std::string& name) {
  graph::CsvReader rows(in, name);
  graph::CsvTable table(rows);
  for (const std::string_view column :
       {"story_edges", "edge_types", "query_edge", "query", "target", "genders", "task_name"})
    if (!table.has(column))
      rows.refuse(fmt::format("no column {}, which every file of CLUTRR has", shown(column)));
  const Refuse refuse = [&](std::string_view what) { rows.refuse(what); };
  std::vector<RelationQuestion> questions;
  for (graph::CsvRow row; table.next(row);) questions.push_back(read_row(row, refuse));
  return questions;
}

Clutrr read_clutrr(const std::filesystem::path& archive) {
  Clutrr clutrr;
  for (const results::ZipRecord& file : unpacked(archive)) {
    const bool is_train = file.name.ends_with("_train.csv");
    if (!is_train && !file.name.ends_with("_test.csv")) continue;
    std::istringstream in(
        std::string(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()));
    for (RelationQuestion& question :
         read_clutrr_rows(in, fmt::format("{}/{}", archive.filename().string(), file.name)))
      (is_train ? clutrr.train : clutrr.test[question.k]).push_back(std::move(question));
  }
  if (clutrr.train.empty() || clutrr.test.empty())
    throw std::runtime_error(
        fmt::format("{}: holds no stories to {}: allowed is an archive with files NAME_train.csv "
                    "and NAME_test.csv",
                    archive.string(),
                    clutrr.train.empty() ? "train on" : "test on"));
  return clutrr;
}

}  // namespace saggio::data
