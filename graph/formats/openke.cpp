// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

#include "graph/formats/bulk.h"
#include "graph/formats/fields.h"
#include "graph/formats/folder.h"
#include "graph/formats/import.h"

// OpenKE's benchmarks: names with numbers, and triples of numbers in the order head, tail,
// relation (thunlp/OpenKE, README, "Data"). Each file begins with the count of its lines.
namespace saggio::graph {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSplits = {
    {{"train2id.txt", ""}, {"valid2id.txt", "valid"}, {"test2id.txt", "test"}}};

// Calls `take` with each line behind the first, which must count them.
template <typename Take>
void read_counted(FileOfFolder& file, ImportReport& report, const Take& take) {
  LineReader lines(file.in, file.name);
  uint64_t announced = 0, found = 0;
  std::string_view line;
  if (!lines.next(line)) lines.refuse("is empty, allowed: the count of the lines that follow");
  at_line(lines, [&] {
    Fields fields(line);
    announced = whole_number(fields.next("count"), "count of lines", 0);
    fields.end("the count of the lines that follow");
  });
  for (; lines.next(line); ++found) at_line(lines, [&] { take(line); });
  if (found != announced)
    lines.refuse(fmt::format("the first line announces {} lines, here are {}", announced, found));
  count_lines(lines, report);
}

// `name number` a line, where the numbers are 0, 1, ... in any order.
std::vector<std::string> read_names(const fs::path& folder,
                                    const char* file_name,
                                    const ImportOptions& options,
                                    ImportReport& report) {
  FileOfFolder file(folder, file_name, options);
  std::unordered_map<uint64_t, std::string> by_number;
  std::unordered_set<std::string> known;
  read_counted(file, report, [&](std::string_view line) {
    const std::string_view text = trimmed(line);
    const size_t space = text.find_last_of(" \t");
    if (space == std::string_view::npos)
      throw std::invalid_argument(fmt::format("{}, allowed: name number", shown(text)));
    const uint64_t number = whole_number(text.substr(space + 1), "number", 0);
    const std::string name(trimmed(text.substr(0, space)));
    if (!known.insert(name).second)
      throw std::invalid_argument(fmt::format("name {} stands twice: leave one", shown(name)));
    if (!by_number.try_emplace(number, name).second)
      throw std::invalid_argument(fmt::format("number {} stands twice: leave one", number));
  });
  std::vector<std::string> names;
  while (names.size() < by_number.size()) {
    const auto found = by_number.find(names.size());
    if (found == by_number.end())
      throw std::invalid_argument(
          fmt::format("{}: no name has the number {}, allowed are numbers from 0 without gaps",
                      file.name,
                      names.size()));
    names.push_back(std::move(found->second));
  }
  return names;
}

class OpenKeImport {
 public:
  OpenKeImport(BulkImport& bulk,
               const std::vector<std::string>& entities,
               const std::vector<std::string>& relations)
      : bulk_(bulk) {
    for (const std::string& name : entities) nodes_.push_back(bulk.node(name));
    for (const std::string& name : relations) types_.push_back(bulk.type(name));
  }

  // `split`: the edge's label; empty: none.
  void triple(std::string_view line, std::string_view split) {
    Fields fields(line);
    const NodeId head = nodes_[number(fields.next("head"), "head", nodes_.size())];
    const NodeId tail = nodes_[number(fields.next("tail"), "tail", nodes_.size())];
    const TypeId relation = types_[number(fields.next("relation"), "relation", types_.size())];
    fields.end("head tail relation, each a number");
    Attributes attributes;
    if (!split.empty()) attributes.labels.emplace_back(split);
    bulk_.edge(head, relation, tail, attributes);
  }

 private:
  static uint64_t number(std::string_view text, std::string_view what, size_t count) {
    if (count == 0) throw std::invalid_argument(fmt::format("a {}, but there is none", what));
    return whole_number(text, what, 0, count - 1);
  }

  BulkImport& bulk_;
  std::vector<NodeId> nodes_;
  std::vector<TypeId> types_;
};

}  // namespace

ImportReport read_openke(const fs::path& folder, Store& store, const ImportOptions& options) {
  ImportReport report;
  BulkImport bulk(store, report);
  const auto entities = read_names(folder, "entity2id.txt", options, report);
  const auto relations = read_names(folder, "relation2id.txt", options, report);
  OpenKeImport import(bulk, entities, relations);
  std::vector<std::string_view> known = {"entity2id.txt", "relation2id.txt"};
  for (const auto& [name, split] : kSplits) {
    known.push_back(name);
    if (split != "" && !fs::exists(folder / name)) continue;
    FileOfFolder file(folder, name, options);
    read_counted(
        file, report, [&, label = split](std::string_view line) { import.triple(line, label); });
  }
  bulk.finish();
  note_others(folder, known, report);
  return report;
}

}  // namespace saggio::graph
