// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Public data sets by name: what they are, whose they are, where they come from, and that they are
// intact. The list is catalogue.tsv, compiled in. None of the data is part of the project: a set is
// copied from a mirror, a folder with the same layout, or downloaded by curl where its files are
// published unchanged; either way its SHA-256 decides.
namespace saggio::data {

struct DataFile {
  std::filesystem::path path;  // below the data folder, and below a mirror
  uint64_t bytes = 0;
  std::string sha256;
  std::string url;  // empty: converted or unpacked, so from a mirror only
};

struct DataSet {
  std::string name;    // "text/tinyshakespeare"
  std::string source;  // repository and path
  std::string licence;
  std::vector<DataFile> files;

  uint64_t bytes() const;
  bool downloadable() const;           // every file has a URL
  std::filesystem::path path() const;  // the file, or the folder of all files
};

class Catalogue {
 public:
  static const Catalogue& standard();

  // Rows of name, path, bytes, sha256, source, licence, url, tab-separated, below a line with these
  // names; files of one set follow each other. Throws std::invalid_argument naming the row.
  static Catalogue parse(std::string_view table);

  const std::vector<DataSet>& sets() const { return sets_; }  // by name

  // Throws std::invalid_argument with the nearest name.
  const DataSet& find(std::string_view name) const;

 private:
  std::vector<DataSet> sets_;
};

struct Places {
  std::filesystem::path data;                   // where sets are kept
  std::optional<std::filesystem::path> mirror;  // read only

  // SAGGIO_DATA, or else ~/.cache/saggio/data; SAGGIO_MIRROR. Throws std::runtime_error if there is
  // no home folder either.
  static Places from_environment();
};

// Where the set is, in the data folder or else in the mirror: its file, or the folder of its files.
// All files are there with the right size; contents are not read. nullopt: nowhere.
std::optional<std::filesystem::path> path_of(const DataSet& set, const Places& places);

// What is wrong with the set's files below `root`, one line each: missing, of another size, of
// another SHA-256.
std::vector<std::string> verify(const DataSet& set, const std::filesystem::path& root);

// Brings the set into the data folder, verified, and returns its path there. Files that are there
// and intact stay. Others come from the mirror if it has them, else by download. Throws
// std::runtime_error if neither works or a file is not what it should be; nothing wrong is kept.
std::filesystem::path get(const DataSet& set, const Places& places);

}  // namespace saggio::data
