// SPDX-License-Identifier: MIT
#include "experiments/data/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace saggio::data {

std::string_view catalogue_table();  // catalogue.tsv, compiled in

namespace {

constexpr std::string_view kHeader = "name\tpath\tbytes\tsha256\tsource\tlicence\turl";
using Row = std::array<std::string_view, 7>;

std::vector<std::string_view> cut(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

DataFile parse_file(std::string_view line, Row& row) {
  const auto refuse = [&](std::string_view why) {
    return std::invalid_argument(fmt::format("catalogue row '{}': {}", line, why));
  };
  const auto cells = cut(line, '\t');
  if (cells.size() != row.size())
    throw refuse(fmt::format("{} cells, expected {}", cells.size(), row.size()));
  std::copy(cells.begin(), cells.end(), row.begin());
  const auto& [name, path, bytes, sha256, source, licence, url] = row;
  DataFile file{path, 0, std::string(sha256), std::string(url)};
  const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), file.bytes);
  if (error != std::errc() || end != bytes.data() + bytes.size())
    throw refuse("bytes is not a number");
  if (sha256.size() != 64 ||
      sha256.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    throw refuse("sha256 is not 64 hexadecimal digits");
  }
  const auto up = std::find(file.path.begin(), file.path.end(), "..");
  if (name.empty() || file.path.empty() || file.path.is_absolute() || up != file.path.end()) {
    throw refuse("a name and a relative path without .. are needed");
  }
  return file;
}

// Letters to insert, delete or change to make one of the other.
size_t distance(std::string_view one, std::string_view other) {
  std::vector<size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < one.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < other.size(); ++j) {
      const size_t change = diagonal + (one[i] != other[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

uint64_t DataSet::bytes() const {
  uint64_t sum = 0;
  for (const DataFile& file : files) sum += file.bytes;
  return sum;
}

bool DataSet::downloadable() const {
  return std::none_of(
      files.begin(), files.end(), [](const DataFile& file) { return file.url.empty(); });
}

std::filesystem::path DataSet::path() const {
  return files.size() == 1 ? files.front().path : files.front().path.parent_path();
}

const Catalogue& Catalogue::standard() {
  static const Catalogue catalogue = parse(catalogue_table());
  return catalogue;
}

Catalogue Catalogue::parse(std::string_view table) {
  const auto lines = cut(table, '\n');
  if (lines.front() != kHeader)
    throw std::invalid_argument(
        fmt::format("catalogue: first line '{}', expected '{}'", lines.front(), kHeader));
  Catalogue catalogue;
  auto& sets = catalogue.sets_;
  for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
    if (line->empty()) continue;
    Row row;
    DataFile file = parse_file(*line, row);
    if (sets.empty() || sets.back().name != row[0]) {
      sets.push_back({std::string(row[0]), std::string(row[4]), std::string(row[5]), {}});
    }
    sets.back().files.push_back(std::move(file));
  }
  std::sort(sets.begin(), sets.end(), [](const DataSet& one, const DataSet& other) {
    return one.name < other.name;
  });
  const auto twice =
      std::adjacent_find(sets.begin(), sets.end(), [](const DataSet& one, const DataSet& other) {
        return one.name == other.name;
      });
  if (twice != sets.end())
    throw std::invalid_argument(
        fmt::format("catalogue: the rows of {} are not together", twice->name));
  return catalogue;
}

const DataSet& Catalogue::find(std::string_view name) const {
  const auto found = std::find_if(
      sets_.begin(), sets_.end(), [&](const DataSet& set) { return set.name == name; });
  if (found != sets_.end()) return *found;
  const auto nearest =
      std::min_element(sets_.begin(), sets_.end(), [&](const DataSet& one, const DataSet& other) {
        return distance(name, one.name) < distance(name, other.name);
      });
  throw std::invalid_argument(fmt::format(
      "no data set '{}'{}: `saggio data list` names all {}",
      name,
      nearest == sets_.end() ? "" : fmt::format(", the nearest name is '{}'", nearest->name),
      sets_.size()));
}

}  // namespace saggio::data
