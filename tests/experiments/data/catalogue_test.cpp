// SPDX-License-Identifier: MIT
#include "experiments/data/catalogue.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "results/store/hash.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::data {
namespace {

using results::error_of;
using results::slurp;

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  results::spill(path, bytes);
}

// A mirror with two sets, one of them of two files, and an empty data folder.
class DataFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    places_ = {root_ / "data", root_ / "mirror"};
    write(root_ / "mirror/text/poem.txt", "roses are red\n");
    write(root_ / "mirror/kg/toy/train.txt", "a b c\n");
    write(root_ / "mirror/kg/toy/test.txt", "c b a\n");
  }

  DataSet poem(const std::string& url = "") const {
    return {"text/poem",
            "somebody",
            "none",
            {{"text/poem.txt", 14, results::sha256("roses are red\n"), url}}};
  }
  DataSet toy() const {
    return {"kg/toy",
            "somebody",
            "none",
            {{"kg/toy/train.txt", 6, results::sha256("a b c\n"), ""},
             {"kg/toy/test.txt", 6, results::sha256("c b a\n"), ""}}};
  }
  int files_below(const fs::path& folder) const {
    int count = 0;
    if (!fs::exists(folder)) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      count += entry.is_regular_file();
    return count;
  }

  results::TemporaryFolder root_;
  Places places_;
};

TEST_F(DataFolder, GetsASetFromTheMirror) {
  EXPECT_EQ(get(poem(), places_), places_.data / "text/poem.txt");
  EXPECT_EQ(get(toy(), places_), places_.data / "kg/toy");

  EXPECT_EQ(slurp(places_.data / "text/poem.txt"), "roses are red\n");
  EXPECT_EQ(slurp(places_.data / "kg/toy/test.txt"), "c b a\n");
  EXPECT_EQ(files_below(places_.data), 3);
  EXPECT_TRUE(verify(toy(), places_.data).empty());
}

TEST_F(DataFolder, LooksInItselfFirstThenInTheMirror) {
  EXPECT_EQ(path_of(toy(), places_), *places_.mirror / "kg/toy");
  get(toy(), places_);
  EXPECT_EQ(path_of(toy(), places_), places_.data / "kg/toy");
  fs::remove(places_.data / "kg/toy/test.txt");
  EXPECT_EQ(path_of(toy(), {places_.data, {}}), std::nullopt);
}

TEST_F(DataFolder, KeepsWhatIsIntactAndRepairsWhatIsNot) {
  get(toy(), places_);
  write(places_.data / "kg/toy/train.txt", "a b C\n");
  fs::remove(*places_.mirror / "kg/toy/test.txt");  // not needed: the copy is intact

  get(toy(), places_);

  EXPECT_EQ(slurp(places_.data / "kg/toy/train.txt"), "a b c\n");
}

TEST_F(DataFolder, KeepsNothingWrong) {
  write(*places_.mirror / "text/poem.txt", "roses are RED\n");

  EXPECT_EQ(
      error_of([&] { get(poem(), places_); }),
      fmt::format(
          "{}: not the file that the catalogue names (SHA-256 {}, expected {}): nothing was kept",
          (*places_.mirror / "text/poem.txt").string(),
          results::sha256("roses are RED\n"),
          results::sha256("roses are red\n")));
  write(*places_.mirror / "text/poem.txt", "roses\n");
  EXPECT_NE(error_of([&] { get(poem(), places_); }).find("(6 bytes, expected 14)"),
            std::string::npos);
  EXPECT_EQ(files_below(places_.data), 0);
}

TEST_F(DataFolder, SaysWhatIsWrongWithASet) {
  get(toy(), places_);
  write(places_.data / "kg/toy/train.txt", "a b\n");
  fs::remove(places_.data / "kg/toy/test.txt");

  EXPECT_EQ(verify(toy(), places_.data),
            (std::vector<std::string>{
                (places_.data / "kg/toy/train.txt").string() + ": 4 bytes, expected 6",
                (places_.data / "kg/toy/test.txt").string() + ": is missing"}));
}

TEST_F(DataFolder, DownloadsWhatTheMirrorLacks) {
  const std::string url = "file://" + (root_ / "mirror/text/poem.txt").string();

  EXPECT_EQ(get(poem(url), {places_.data, {}}), places_.data / "text/poem.txt");
  EXPECT_EQ(slurp(places_.data / "text/poem.txt"), "roses are red\n");
  EXPECT_EQ(files_below(places_.data), 1);
}

TEST_F(DataFolder, SaysWhyADownloadFailed) {
  const std::string url = "file://" + (root_ / "nowhere.txt").string();

  const std::string message = error_of([&] { get(poem(url), {places_.data, {}}); });

  EXPECT_EQ(message.find(url + ": the download failed (curl: (37) "), 0U) << message;
  EXPECT_NE(message.find("set SAGGIO_MIRROR to a folder that has the data"), std::string::npos);
  EXPECT_EQ(files_below(places_.data), 0);
}

TEST_F(DataFolder, SaysThatAConvertedSetNeedsAMirror) {
  EXPECT_EQ(error_of([&] {
              get(poem(), {places_.data, {}});
            }),
            "text/poem: text/poem.txt cannot be downloaded as it is and no mirror is set: set "
            "SAGGIO_MIRROR to a folder that has it");
  EXPECT_EQ(error_of([&] {
              get(poem(), {places_.data, root_ / "other"});
            }),
            fmt::format("text/poem: text/poem.txt cannot be downloaded as it is and the mirror {} "
                        "lacks it: set SAGGIO_MIRROR to a folder that has it",
                        (root_ / "other").string()));
}

TEST(Places, ComeFromTheEnvironment) {
  const auto keep = [](const char* name) {
    return std::getenv(name) ? std::optional<std::string>(std::getenv(name)) : std::nullopt;
  };
  const auto data = keep("SAGGIO_DATA"), mirror = keep("SAGGIO_MIRROR");
  setenv("SAGGIO_DATA", "/somewhere", 1);
  setenv("SAGGIO_MIRROR", "/mirror", 1);
  EXPECT_EQ(Places::from_environment().data, "/somewhere");
  EXPECT_EQ(Places::from_environment().mirror, "/mirror");
  unsetenv("SAGGIO_DATA");
  setenv("SAGGIO_MIRROR", "", 1);
  EXPECT_EQ(Places::from_environment().data, fs::path(std::getenv("HOME")) / ".cache/saggio/data");
  EXPECT_EQ(Places::from_environment().mirror, std::nullopt);
  data ? setenv("SAGGIO_DATA", data->c_str(), 1) : unsetenv("SAGGIO_DATA");
  mirror ? setenv("SAGGIO_MIRROR", mirror->c_str(), 1) : unsetenv("SAGGIO_MIRROR");
}

TEST(Catalogue, ListsEachFileOnceWithSourceAndLicence) {
  std::set<fs::path> paths;
  size_t files = 0;
  for (const DataSet& set : Catalogue::standard().sets()) {
    EXPECT_FALSE(set.source.empty() || set.licence.empty()) << set.name;
    for (const DataFile& file : set.files) {
      paths.insert(file.path);
      ++files;
      EXPECT_GT(file.bytes, 0U);
    }
  }
  EXPECT_EQ(files, 100U);
  EXPECT_EQ(paths.size(), files);
}

// A URL names a commit, so that what it gives never changes, and the repository that the source
// names.
TEST(Catalogue, DownloadsOnlyFromCommitsOfTheNamedSource) {
  int urls = 0;
  for (const DataSet& set : Catalogue::standard().sets()) {
    const std::string repository = set.source.substr(0, set.source.find(' '));
    const std::string start = "https://raw.githubusercontent.com/" + repository + "/";
    for (const DataFile& file : set.files) {
      if (file.url.empty()) continue;
      ASSERT_EQ(file.url.find(start), 0U) << file.url;
      EXPECT_EQ(file.url.find_first_not_of("0123456789abcdef", start.size()), start.size() + 40)
          << file.url;
      EXPECT_EQ(file.url[start.size() + 40], '/') << file.url;
      ++urls;
    }
  }
  EXPECT_EQ(urls, 77);
  EXPECT_TRUE(Catalogue::standard().find("text/tinyshakespeare").downloadable());
  EXPECT_FALSE(Catalogue::standard().find("planetoid/cora").downloadable());
}

TEST(Catalogue, FindsASetOrNamesTheNearest) {
  const Catalogue& catalogue = Catalogue::standard();

  EXPECT_EQ(catalogue.find("text/tinyshakespeare").bytes(), 1115394U);
  EXPECT_EQ(catalogue.find("text/tinyshakespeare").path(), "text/tinyshakespeare.txt");
  EXPECT_EQ(catalogue.find("kg/FB15k-237").path(), "kg/FB15k-237");
  EXPECT_EQ(error_of([&] { catalogue.find("text/tinyshakespear"); }),
            fmt::format("no data set 'text/tinyshakespear', the nearest name is "
                        "'text/tinyshakespeare': `saggio data list` names all {}",
                        catalogue.sets().size()));
}

TEST(Catalogue, RefusesRowsThatMakeNoSense) {
  const std::string header = "name\tpath\tbytes\tsha256\tsource\tlicence\turl\n", hash(64, 'a');
  const auto row = [&](const std::string& path, const std::string& bytes, const std::string& sha) {
    return error_of([&] {
      Catalogue::parse(header + "a\t" + path + "\t" + bytes + "\t" + sha + "\ts\tl\t\n");
    });
  };

  EXPECT_EQ(row("a.txt", "12", hash), "");
  EXPECT_NE(row("a.txt", "12x", hash).find("bytes is not a number"), std::string::npos);
  EXPECT_NE(row("a.txt", "12", "AA").find("sha256 is not 64 hexadecimal digits"),
            std::string::npos);
  EXPECT_NE(row("/a.txt", "12", hash).find("relative path"), std::string::npos);
  EXPECT_NE(row("../a.txt", "12", hash).find("relative path"), std::string::npos);
  EXPECT_NE(error_of([&] { Catalogue::parse(header + "a\tb\n"); }).find("2 cells, expected 7"),
            std::string::npos);
  EXPECT_NE(error_of([&] { Catalogue::parse("name\tpath\n"); }).find("first line"),
            std::string::npos);
  const std::string a = "a\tx\t1\t" + hash + "\ts\tl\t\n", b = "b\ty\t1\t" + hash + "\ts\tl\t\n";
  EXPECT_EQ(error_of([&] { Catalogue::parse(header + a + b + a); }),
            "catalogue: the rows of a are not together");
}

TEST(Catalogue, NamesTheFilesThatTheMirrorHas) {
  const Places places = Places::from_environment();
  if (!places.mirror) GTEST_SKIP() << "set SAGGIO_MIRROR to a folder that has the public data sets";

  for (const DataSet& set : Catalogue::standard().sets()) {
    EXPECT_EQ(verify(set, *places.mirror), std::vector<std::string>()) << set.name;
  }
}

}  // namespace
}  // namespace saggio::data
