// SPDX-License-Identifier: MIT
#include "results/store/zip_records.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <cstring>
#include <filesystem>

#include "results/store/files.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

constexpr uint64_t kPlenty = 1 << 20;

struct File {
  std::string name, content;
};

std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A zip file that libzip wrote.
std::vector<std::byte> zipped(const std::vector<File>& files, int32_t method) {
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "a.zip").string();
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  for (const auto& [name, content] : files) {
    if (name.ends_with('/')) {
      zip_dir_add(archive, name.c_str(), 0);
      continue;
    }
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const int64_t index = zip_file_add(archive, name.c_str(), source, 0);
    zip_set_file_compression(archive, static_cast<uint64_t>(index), method, 0);
  }
  EXPECT_EQ(zip_close(archive), 0);
  return read_bytes(path);
}

std::string refusal(const std::vector<std::byte>& file,
                    ZipMethods methods = ZipMethods::All,
                    uint64_t most_bytes = kPlenty) {
  try {
    zip_records(file, methods, most_bytes);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(ZipRecords, GivesEveryFileAsItWasPutInAndLeavesFoldersOut) {
  const std::string many(100'000, 'a');
  for (const int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    const auto records = zip_records(
        zipped({{"b.txt", "line\nline\n"}, {"folder/", ""}, {"folder/a.txt", many}, {"empty", ""}},
               method),
        ZipMethods::All,
        kPlenty);

    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].name, "b.txt");
    EXPECT_EQ(text(records[0].bytes), "line\nline\n");
    EXPECT_EQ(records[1].name, "folder/a.txt");
    EXPECT_EQ(text(records[1].bytes), many);
    EXPECT_EQ(text(records[2].bytes), "");
  }
}

TEST(ZipRecords, RefusesACompressedRecordWhereOnlyStoredOnesAreAllowed) {
  const auto file = zipped({{"a.txt", std::string(1000, 'a')}}, ZIP_CM_DEFLATE);
  EXPECT_NE(refusal(file, ZipMethods::Stored).find("'a.txt' is compressed by method 8"),
            std::string::npos);
}

TEST(ZipRecords, RefusesMoreBytesThanAreAllowedOfAllTogether) {
  const auto file = zipped({{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}},  //
                           ZIP_CM_DEFLATE);
  EXPECT_EQ(refusal(file, ZipMethods::All, 1200), "");
  EXPECT_NE(refusal(file, ZipMethods::All, 1199).find("'b' has 600 bytes, allowed 599"),
            std::string::npos);
}

TEST(ZipRecords, RefusesAFileWhoseBytesChanged) {
  auto file = zipped({{"a.txt", "what was written"}}, ZIP_CM_STORE);
  file[text(file).find("what")] = std::byte{'W'};
  EXPECT_NE(refusal(file).find("record 'a.txt' is damaged"), std::string::npos) << refusal(file);
}

TEST(ZipRecords, RefusesWhatIsCutOffOrNoArchive) {
  const auto whole = zipped({{"a.txt", std::string(5000, 'x')}}, ZIP_CM_STORE);
  for (const size_t size : {size_t{10}, whole.size() / 2, whole.size() - 1})
    EXPECT_NE(refusal({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}), "") << size;
  std::vector<std::byte> table(8);
  std::memcpy(table.data(), "a,b\n1,2\n", table.size());
  EXPECT_NE(refusal(table).find("its zip directory cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace saggio::results
