// SPDX-License-Identifier: MIT
#include "results/store/safetensors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "results/random.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

// A file by hand: the header's length, the header, the data.
std::vector<std::byte> file_of(const std::string& header, const std::string& data) {
  std::string text;
  for (size_t i = 0; i < 8; ++i) text += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes_of(text + header + data);
}

std::string error_in(const std::vector<std::byte>& file) {
  try {
    const TensorFile parsed(file, "w");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

std::string error_in(const std::string& header, const std::string& data) {
  return error_in(file_of(header, data));
}

std::string tensor(const std::string& name,
                   const std::string& dtype,
                   const std::string& shape,
                   const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
         offsets + "}";
}

class SafetensorsFile : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST(Safetensors, ReadsAFileThatWasWrittenByHand) {
  const TensorFile file(
      file_of(R"({"__metadata__":{"step":"7"},)" + tensor("b", "U8", "[2,1]", "[4,6]") + "," +
                  tensor("a", "I32", "[]", "[0,4]") + "}  ",
              std::string("\1\0\0\0xy", 6)),
      "w");

  ASSERT_EQ(file.tensors().size(), 2U);
  EXPECT_EQ(file.tensors()[0].name, "a");
  EXPECT_TRUE(file.tensors()[0].shape.empty());
  EXPECT_EQ(file.tensor("b").shape, (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(file.tensor("b").dtype, "U8");
  EXPECT_EQ(file.tensor("b").bytes[1], std::byte{'y'});
  EXPECT_EQ(file.metadata().at("step"), "7");
}

TEST(Safetensors, ReadsTensorsWithoutElements) {
  const TensorFile file(
      file_of("{" + tensor("a", "F32", "[0,5]", "[0,0]") + "," + tensor("b", "U8", "[1]", "[0,1]") +
                  "," + tensor("c", "F64", "[3,0]", "[1,1]") + "}",
              "x"),
      "w");

  EXPECT_TRUE(file.tensor("a").bytes.empty());
  EXPECT_EQ(file.tensor("b").bytes.size(), 1U);
  EXPECT_TRUE(TensorFile(file_of("{}", ""), "w").tensors().empty());
}

TEST(Safetensors, ViewsSurviveAMove) {
  TensorFile file(file_of("{" + tensor("a", "U8", "[3]", "[0,3]") + "}", "xyz"), "w");

  const TensorFile moved = std::move(file);

  EXPECT_EQ(moved.tensor("a").bytes[2], std::byte{'z'});
}

TEST(Safetensors, SaysWhatIsWrongWithTheFrame) {
  const std::string w = "w: not a safetensors file: ";
  std::vector<std::byte> huge = file_of("{}", "");
  huge[5] = std::byte{1};

  EXPECT_EQ(error_in(bytes_of("abc")), w + "it has 3 bytes, needs 8 for the header's length");
  EXPECT_EQ(error_in(huge), w + "it has a header of 1099511627778 bytes, allowed up to 100000000");
  EXPECT_EQ(error_in(bytes_of(std::string("\x09\0\0\0\0\0\0\0{}", 10))),
            w + "it has a header of 9 bytes but ends after 2: it is truncated");
  EXPECT_EQ(error_in("", ""), w + "the header does not begin with {");
  EXPECT_EQ(error_in(" {}", ""), w + "the header does not begin with {");
  EXPECT_EQ(error_in("{\"a\":}", ""), w + "the header is not valid JSON at byte 6");
  EXPECT_EQ(error_in("{\"a\xff\":1}", ""), w + "the header is not valid JSON at byte 4");
  EXPECT_EQ(error_in("{\"a\":1e999}", ""), w + "the header has a number that is out of range");
  EXPECT_EQ(error_in("{\"a\":" + std::string(100000, '['), ""),
            w + "the header is nested too deeply");
}

TEST(Safetensors, SaysWhatIsWrongWithAnEntry) {
  const std::string t = "w: not a safetensors file: tensor 'a' ";

  EXPECT_EQ(error_in("{\"a\":1}", ""), t + "is not an object");
  EXPECT_EQ(error_in(R"({"a":{"dtype":"U8","shape":[0]}})", ""), t + "has no data_offsets");
  EXPECT_EQ(error_in(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}})", ""),
            t + "has an unknown key 'x', allowed dtype, shape, data_offsets");
  EXPECT_NE(error_in("{" + tensor("a", "F31", "[1]", "[0,4]") + "}", "wxyz")
                .find("has dtype \"F31\", allowed BF16, BOOL,"),
            std::string::npos);
  EXPECT_EQ(error_in("{" + tensor("a", "U8", "3", "[0,3]") + "}", "xyz"),
            t + "has a shape that is no list");
  EXPECT_EQ(error_in("{" + tensor("a", "U8", "[3]", "[0,1,3]") + "}", "xyz"),
            t + "has data_offsets that are no pair");
  EXPECT_EQ(error_in("{" + tensor("a", "U8", "[-3]", "[0,3]") + "}", "xyz"),
            "w: not a safetensors file: an extent of tensor 'a' is -3, allowed a whole number from "
            "0 to 2^63 - 1");
  EXPECT_EQ(error_in("{" + tensor("a", "U8", "[3]", "[0.0,3]") + "}", "xyz"),
            "w: not a safetensors file: the first offset of tensor 'a' is 0.0, allowed a whole "
            "number from 0 to 2^63 - 1");
}

TEST(Safetensors, SaysWhatIsWrongWithTheSizes) {
  const std::string t = "w: not a safetensors file: tensor 'a' ";

  EXPECT_EQ(error_in("{" + tensor("a", "U8", "[3]", "[0,4]") + "}", "wxyz"),
            t + "of U8 [3] needs 3 bytes, its data_offsets have 4");
  EXPECT_EQ(error_in("{" + tensor("a", "U8", "[9]", "[0,9]") + "}", "wxyz"),
            t + "has data_offsets 0 to 9, allowed in order and up to 4");
  EXPECT_EQ(error_in("{" + tensor("a", "U8", "[0]", "[3,1]") + "}", "wxyz"),
            t + "has data_offsets 3 to 1, allowed in order and up to 4");
  // 2^32 * 2^32 elements would wrap around to none.
  EXPECT_EQ(
      error_in("{" + tensor("a", "U8", "[4294967296,4294967296]", "[0,0]") + "}", ""),
      t + "of U8 [4294967296, 4294967296] needs more than 2^64 bytes, its data_offsets have 0");
}

TEST(Safetensors, SaysWhereTensorsOverlapOrLeaveHoles) {
  const std::string a = tensor("a", "U8", "[2]", "[0,2]"), w = "w: not a safetensors file: ";

  EXPECT_EQ(error_in("{" + a + "," + tensor("b", "U8", "[2]", "[1,3]") + "}", "xyz"),
            w + "tensor 'b' begins at 1, inside the tensor before, which ends at 2");
  EXPECT_EQ(error_in("{" + a + "," + tensor("b", "U8", "[1]", "[3,4]") + "}", "wxyz"),
            w + "tensor 'b' begins at 3, after a hole behind the tensor before, which ends at 2");
  EXPECT_EQ(error_in("{" + a + "}", "xyz"), w + "the tensors end at 2, the data at 3");
}

TEST(Safetensors, RefusesNamesThatOccurTwice) {
  const std::string a = tensor("a", "U8", "[1]", "[0,1]");

  EXPECT_EQ(error_in("{" + a + "," + a + "}", "x"),
            "w: not a safetensors file: the header has the name 'a' twice");
  EXPECT_EQ(error_in(R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x"),
            "w: not a safetensors file: the header has the name 'dtype' twice");
}

TEST(Safetensors, MetadataIsTextByText) {
  EXPECT_EQ(error_in(R"({"__metadata__":1})", ""),
            "w: not a safetensors file: __metadata__ is not an object");
  EXPECT_EQ(error_in(R"({"__metadata__":{"k":1}})", ""),
            "w: not a safetensors file: __metadata__ 'k' is not a text");
}

TEST_F(SafetensorsFile, ReadsBackWhatItWrote) {
  const auto data = bytes_of("abcdefghijklmnop");
  const std::span<const std::byte> all(data);
  const std::vector<TensorBytes> tensors = {{"odd", "U8", {3}, all.first(3)},
                                            {"größe/ß", "F16", {2, 1}, all.subspan(3, 4)},
                                            {"wide", "F64", {1}, all.subspan(7, 8)},
                                            {"none", "F32", {4, 0}, {}}};

  write_safetensors(folder_ / "x.safetensors", tensors, {{"format", "pt"}, {"empty", ""}});
  const TensorFile file = read_safetensors(folder_ / "x.safetensors");

  ASSERT_EQ(file.tensors().size(), tensors.size());
  for (const TensorBytes& written : tensors) {
    const TensorBytes& read = file.tensor(written.name);
    EXPECT_EQ(read.dtype, written.dtype);
    EXPECT_EQ(read.shape, written.shape);
    EXPECT_TRUE(std::ranges::equal(read.bytes, written.bytes));
  }
  EXPECT_EQ(file.metadata(), (std::map<std::string, std::string>{{"format", "pt"}, {"empty", ""}}));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}),
            1);  // nothing left aside
}

TEST_F(SafetensorsFile, EveryTensorIsAlignedToItsType) {
  const auto data = bytes_of(std::string(64, 'x'));
  const std::span<const std::byte> all(data);
  std::vector<TensorBytes> tensors;
  for (const auto& [dtype, width] : safetensors_dtypes())
    tensors.push_back({dtype, dtype, {3}, all.first(3 * width)});

  write_safetensors(folder_ / "x.safetensors", tensors);
  const TensorFile file = read_safetensors(folder_ / "x.safetensors");

  const std::byte* first =
      file.tensor("C64").bytes.data();  // the widest type's first name begins the data
  for (const TensorBytes& read : file.tensors()) {
    const auto width = static_cast<std::ptrdiff_t>(safetensors_dtypes().find(read.dtype)->second);
    EXPECT_EQ((read.bytes.data() - first) % width, 0) << read.name;
  }
  const auto size = std::filesystem::file_size(folder_ / "x.safetensors");
  size_t data_bytes = 0;
  for (const TensorBytes& read : file.tensors()) data_bytes += read.bytes.size();
  EXPECT_EQ((size - data_bytes) % 8, 0U);
}

TEST_F(SafetensorsFile, RefusesToWriteWhatItWouldNotRead) {
  const auto data = bytes_of("abcd");
  const auto error_of = [&](const std::vector<TensorBytes>& tensors) -> std::string {
    try {
      write_safetensors(folder_ / "x.safetensors", tensors);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "no error";
  };

  EXPECT_EQ(error_of({{"a", "U8", {3}, data}}), "tensor 'a' of U8 [3] has 4 bytes, needs 3");
  EXPECT_EQ(error_of({{"a", "U8", {-4}, data}}),
            "tensor 'a' of U8 [-4] has 4 bytes, needs a valid shape");
  EXPECT_EQ(error_of({{"a", "U8", {4}, data}, {"a", "I8", {4}, data}}),
            "tensor name 'a' occurs twice, allowed once");
  EXPECT_NE(error_of({{"a", "U9", {4}, data}}).find("dtype 'U9', allowed BF16, BOOL"),
            std::string::npos);
  EXPECT_NE(error_of({{"__metadata__", "U8", {4}, data}}).find("which the format keeps for itself"),
            std::string::npos);
  EXPECT_NE(error_of({{"a\xff", "U8", {4}, data}}).find("is not UTF-8"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(SafetensorsFile, ANewFileReplacesAnOldOneOrLeavesIt) {
  const auto data = bytes_of("abcd");
  const std::vector<TensorBytes> good = {{"a", "U8", {4}, data}}, bad = {{"a", "U8", {5}, data}};
  write_safetensors(folder_ / "x.safetensors", good, {{"k", "old"}});

  EXPECT_THROW(write_safetensors(folder_ / "x.safetensors", bad), std::invalid_argument);
  EXPECT_EQ(read_safetensors(folder_ / "x.safetensors").metadata().at("k"), "old");

  write_safetensors(folder_ / "x.safetensors", good, {{"k", "new"}});
  EXPECT_EQ(read_safetensors(folder_ / "x.safetensors").metadata().at("k"), "new");
}

TEST_F(SafetensorsFile, NamesTheFileThatCannotBeOpened) {
  try {
    read_safetensors(folder_ / "missing.safetensors");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(
        std::string(error.what()),
        (folder_ / "missing.safetensors").string() + ": cannot read: No such file or directory");
  }
  EXPECT_THROW(write_safetensors(folder_ / "no/such/folder.safetensors", {}), std::runtime_error);
}

TEST(Safetensors, ReportsTheTensorThatIsNotThere) {
  const TensorFile file(file_of("{}", ""), "w");

  EXPECT_THROW(file.tensor("a"), std::runtime_error);
}

void mutate(std::vector<std::byte>& file, Stream& stream) {
  static const std::string kTokens = "{}[]\":,0123456789-e.\\uU8F";
  const size_t at = stream.below(file.size());
  switch (stream.below(5)) {
    case 0:
      file[at] = static_cast<std::byte>(stream.below(256));
      break;
    case 1:
      file[at] = static_cast<std::byte>(kTokens[stream.below(kTokens.size())]);
      break;
    case 2:
      file.resize(at);
      break;
    case 3:
      file.insert(file.begin() + static_cast<std::ptrdiff_t>(at),
                  static_cast<std::byte>(kTokens[stream.below(kTokens.size())]));
      break;
    default:
      file.erase(file.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

// What was read must be consistent: sizes follow from shapes, and together the tensors are all of
// the data.
void expect_consistent(const TensorFile& file) {
  for (const TensorBytes& tensor : file.tensors()) {
    size_t size = safetensors_dtypes().at(tensor.dtype);
    for (const int64_t extent : tensor.shape) size *= static_cast<size_t>(extent);
    ASSERT_EQ(size, tensor.bytes.size());
    for (const std::byte byte : tensor.bytes)
      ASSERT_LE(static_cast<int>(byte), 255);  // readable: a sanitizer would see
  }
}

TEST(Safetensors, ADamagedFileIsAnErrorOrValidAndNeverACrash) {
  const auto whole = file_of(
      R"({"__metadata__":{"k":"v"},)" + tensor("a", "F32", "[2,3]", "[0,24]") + "," +
          tensor("b", "U8", "[3]", "[24,27]") + "," + tensor("c", "I64", "[1,1]", "[27,35]") + "}",
      std::string(35, 'x'));
  Stream stream(21);
  int valid = 0, errors = 0;
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::byte> file = whole;
    for (uint64_t left = 1 + stream.below(3); left > 0 && !file.empty(); --left)
      mutate(file, stream);
    try {
      expect_consistent(TensorFile(std::move(file), "w"));
      ++valid;
    } catch (const std::runtime_error& error) {
      ASSERT_EQ(std::string(error.what()).find("w: not a safetensors file: "), 0U);
      ++errors;
    }
  }
  EXPECT_GT(valid, 100);  // changed values and names: both outcomes are exercised
  EXPECT_GT(errors, 100);
}

}  // namespace
}  // namespace saggio::results
