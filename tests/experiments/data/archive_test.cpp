// SPDX-License-Identifier: MIT
#include "experiments/data/archive.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace saggio::data {
namespace {

namespace fs = std::filesystem;

class Archive : public testing::Test {
 protected:
  Archive()
      : path_(fs::temp_directory_path() /
              ("saggio_archive_" + std::to_string(::getpid()) + ".zip")) {}
  ~Archive() override { fs::remove(path_); }

  void write(const std::vector<ArchivedFile>& files, int32_t method) const {
    int code = 0;
    zip_t* archive = zip_open(path_.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    ASSERT_NE(archive, nullptr);
    for (const ArchivedFile& file : files) {
      if (file.name.ends_with('/')) {
        ASSERT_GE(zip_dir_add(archive, file.name.c_str(), 0), 0);
        continue;
      }
      zip_source_t* source = zip_source_buffer(archive, file.bytes.data(), file.bytes.size(), 0);
      const int64_t index = zip_file_add(archive, file.name.c_str(), source, 0);
      ASSERT_GE(index, 0);
      zip_set_file_compression(archive, static_cast<uint64_t>(index), method, 0);
    }
    ASSERT_EQ(zip_close(archive), 0);
  }
  std::string bytes() const {
    std::ostringstream out;
    out << std::ifstream(path_, std::ios::binary).rdbuf();
    return out.str();
  }
  void overwrite(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  std::string refusal() const {
    try {
      read_archive(path_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  fs::path path_;
};

TEST_F(Archive, GivesEveryFileAsItWasPutInAndLeavesFoldersOut) {
  const std::string many(100'000, 'a');
  for (const int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    write({{"b.txt", "line\nline\n"}, {"folder/", ""}, {"folder/a.txt", many}, {"empty", ""}},
          method);

    const std::vector<ArchivedFile> files = read_archive(path_);

    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].name, "b.txt");
    EXPECT_EQ(files[0].bytes, "line\nline\n");
    EXPECT_EQ(files[1].name, "folder/a.txt");
    EXPECT_EQ(files[1].bytes, many);
    EXPECT_EQ(files[2].bytes, "");
  }
}

TEST_F(Archive, RefusesAFileWhoseBytesChanged) {
  write({{"a.txt", "what was written"}}, ZIP_CM_STORE);
  std::string changed = bytes();
  changed[changed.find("what")] = 'W';
  overwrite(changed);

  EXPECT_NE(refusal().find("a.txt: damaged"), std::string::npos) << refusal();
}

TEST_F(Archive, RefusesWhatIsMissingCutOffOrNoArchive) {
  EXPECT_NE(refusal().find("No such file"), std::string::npos) << refusal();
  write({{"a.txt", std::string(5000, 'x')}}, ZIP_CM_STORE);
  const std::string whole = bytes();
  for (const size_t size : {size_t{0}, size_t{10}, whole.size() / 2, whole.size() - 1}) {
    overwrite(whole.substr(0, size));
    EXPECT_NE(refusal(), "") << size;
  }
  overwrite("a,b\n1,2\n");
  EXPECT_NE(refusal().find("cannot be read as a zip archive"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace saggio::data
