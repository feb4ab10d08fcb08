// SPDX-License-Identifier: MIT
#include "results/checkpoint/torch_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "tests/results/checkpoint/torch_sample.h"

namespace saggio::results {
namespace {

using sample::checkpoint;
using sample::rebuilt;
using sample::words;

std::string error_in(const std::string& file) {
  try {
    const TorchFile parsed(sample::bytes_of(file), "w");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

// What a pickle's error says behind the file's name.
std::string refusal(const std::string& body,
                    const std::vector<sample::Record>& storages = {{"0", words(6)}}) {
  const std::string error = error_in(checkpoint(body, storages)),
                    head = "w: not a PyTorch checkpoint that is read: ";
  return error.starts_with(head) ? error.substr(head.size()) : error;
}

std::string zip_refusal(const std::string& file) {
  return error_in(file).substr(std::string("w: not a PyTorch checkpoint that is read: ").size());
}

std::vector<uint32_t> numbers(const std::vector<std::byte>& bytes) {
  std::vector<uint32_t> values(bytes.size() / 4);
  std::memcpy(values.data(), bytes.data(), 4 * values.size());
  return values;
}

// A file with one byte changed, at `offset` behind the first `mark`.
std::string changed(std::string file, const std::string& mark, size_t offset, char to) {
  file[file.find(mark) + offset] = to;
  return file;
}

TEST(TorchFile, ReadsAModelAndItsOptimizer) {
  const TorchFile file(sample::bytes_of(sample::whole()), "w");

  ASSERT_EQ(file.tensors().size(), 3U);
  EXPECT_EQ(file.tensors()[0].name, "model.l.weight");
  EXPECT_EQ(file.tensors()[0].dtype, "F32");
  EXPECT_EQ(file.tensors()[0].shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(file.tensors()[0].strides, (std::vector<int64_t>{3, 1}));
  EXPECT_EQ(numbers(file.tensor("model.l.bias").row_major()), (std::vector<uint32_t>{0, 1, 2}));
  EXPECT_EQ(file.tensor("optimizer.state.0.step").dtype, "I64");
  EXPECT_TRUE(file.tensor("optimizer.state.0.step").shape.empty());
  EXPECT_EQ(file.tensor("optimizer.state.0.step").bytes[0], std::byte{7});
}

TEST(TorchFile, CopiesTransposedAndShiftedTensorsInRowMajorOrder) {
  const TorchFile file(sample::bytes_of(checkpoint(
                           "(" + rebuilt({.shape = {3, 2}, .strides = {1, 3}}) +
                           rebuilt({.offset = 1, .shape = {2, 2}, .strides = {3, 1}}) +
                           rebuilt({.offset = 6, .shape = {0, 4}, .strides = {4, 1}}) +
                           rebuilt({.offset = 5, .shape = {1, 1}, .strides = {9, 9}}) + "t")),
                       "w");

  EXPECT_EQ(numbers(file.tensor("0").row_major()), (std::vector<uint32_t>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(numbers(file.tensor("1").row_major()), (std::vector<uint32_t>{1, 2, 4, 5}));
  EXPECT_TRUE(file.tensor("2").row_major().empty());
  EXPECT_EQ(numbers(file.tensor("3").row_major()), (std::vector<uint32_t>{5}));
}

TEST(TorchFile, TakesAPlainEndWithoutZip64) {
  EXPECT_EQ(error_in(sample::zip(sample::records(rebuilt({})), false)), "no error");
}

TEST(TorchFile, SaysWhatIsMissing) {
  const TorchFile file(sample::bytes_of(checkpoint(rebuilt({}))), "w");
  try {
    file.tensor("a");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "w: has no tensor 'a'");
  }
}

TEST(TorchFile, RunsNothing) {
  EXPECT_EQ(
      refusal(sample::global("os", "system") + "(" + sample::text("true") + "tR").substr(0, 48),
      "the global 'os.system' is not read, allowed coll");
  EXPECT_EQ(refusal("i__builtin__\neval\n"), "the opcode INST is not read, at byte 2");
  EXPECT_EQ(refusal(")\x81"), "the opcode NEWOBJ is not read, at byte 3");
  EXPECT_EQ(refusal("\x93"), "the opcode STACK_GLOBAL is not read, at byte 2");
  EXPECT_EQ(refusal("\x01"), "the opcode 0x01 is not read, at byte 2");
  EXPECT_EQ(
      refusal("}}b"),
      "BUILD gives a state to a value, allowed only '_metadata' to an OrderedDict, at byte 4");
  EXPECT_EQ(refusal("]]R"),
            "REDUCE calls a list with a list, needs a global and a tuple, at byte 4");
  EXPECT_EQ(
      refusal(sample::global("torch", "FloatStorage") + ")R"),
      "'' is a call of torch.FloatStorage, allowed torch._utils._rebuild_tensor_v2, at byte 23");
}

TEST(TorchFile, RefusesPicklesThatAreNoProgram) {
  EXPECT_EQ(refusal("t"), "an opcode looks for a MARK that is not there, at byte 2");
  EXPECT_EQ(refusal("(N(\x85"), "an opcode takes more from the stack than there is, at byte 5");
  EXPECT_EQ(refusal("Na"), "an opcode takes more from the stack than there is, at byte 3");
  EXPECT_EQ(refusal("NNa"), "an opcode adds to None, needs a list, at byte 4");
  EXPECT_EQ(refusal("}(Nu"), "a dict is given a key without a value, at byte 5");
  EXPECT_EQ(refusal("h\5"), "entry 5 of the memo is not there, at byte 2");
  EXPECT_EQ(refusal("Nq\1q\1"), "entry 1 of the memo is written twice, at byte 5");
  EXPECT_EQ(refusal("NN"), "STOP finds 2 values, needs one, at byte 4");
  EXPECT_EQ(refusal("N.N"), "2 bytes follow STOP, at byte 3");
  EXPECT_EQ(refusal("\x8a\x9"), "LONG1 has 9 bytes, allowed up to 8, at byte 2");
  EXPECT_EQ(refusal("X\x9" + std::string(3, '\0')),
            "9 bytes are needed, 1 are left: it is truncated, at byte 2");
}

TEST(TorchFile, RefusesContainersThatAreMetTwice) {
  EXPECT_EQ(refusal("]q\1h\1a", {}), "'0' is a list that is met twice, at byte 2");
  EXPECT_EQ(refusal("]q\1(K\1eh\1\x86", {}), "'1' is a list that is met twice, at byte 2");
  EXPECT_EQ(refusal("}(K\1N" + sample::text("1") + "Nu", {}),
            "'' has the key '1' twice, at byte 2");
  EXPECT_EQ(refusal("}NNs", {}), "a key is None, needs a text, at byte 3");
}

TEST(TorchFile, RefusesTensorsThatDoNotFitTheirStorage) {
  const auto of = [](const sample::Tensor& tensor) { return refusal(rebuilt(tensor)); };
  EXPECT_NE(of({.offset = 1})
                .find("tensor '' of shape [2, 3], strides [3, 1] from element 1 leaves its storage "
                      "of 6 elements, at byte "),
            std::string::npos);
  EXPECT_NE(of({.offset = 7, .shape = {0}, .strides = {1}}).find("leaves its storage"),
            std::string::npos);
  EXPECT_NE(of({.strides = {0, 1}}).find("lies on itself"), std::string::npos);
  EXPECT_NE(of({.strides = {1, 1}}).find("lies on itself"), std::string::npos);
  EXPECT_NE(of({.strides = {3}}).find("has not a stride for each extent"), std::string::npos);
  EXPECT_NE(of({.strides = {-3, 1}}).find("a stride is -3, allowed >= 0"), std::string::npos);
  EXPECT_NE(of({.shape = {-2, 3}}).find("an extent is -2, allowed >= 0"), std::string::npos);
  EXPECT_NE(of({.offset = -1}).find("an offset of a storage is -1"), std::string::npos);
  EXPECT_NE(of({.elements = 5}).find("storage '0' of 5 F32 does not fit its record of 24 bytes"),
            std::string::npos);
  EXPECT_NE(of({.type = "DoubleStorage"}).find("storage '0' of 6 F64 does not fit"),
            std::string::npos);
  EXPECT_NE(of({.type = "QInt8Storage"}).find("the global 'torch.QInt8Storage' is not read"),
            std::string::npos);
  EXPECT_NE(of({.key = "9"}).find("there is no record 'data/9'"), std::string::npos);
}

TEST(TorchFile, RefusesStoragesOfTwoTypesAndOfNoTensor) {
  EXPECT_NE(refusal("(" + rebuilt({}) + rebuilt({.type = "IntStorage"}) + "t")
                .find("storage '0' is I32 here and F32 before"),
            std::string::npos);
  EXPECT_NE(refusal(rebuilt({}), {{"0", words(6)}, {"1", ""}}).find("'m/data/1'"),
            std::string::npos);
}

TEST(TorchFile, RefusesRecordsThatItDoesNotKnow) {
  auto records = sample::records(rebuilt({}));
  records.push_back({"m/code/x.py", "pass"});
  EXPECT_NE(error_in(sample::zip(records)).find("record 'm/code/x.py' is not read"),
            std::string::npos);
  records.back() = {"other/version", "3\n"};
  EXPECT_NE(error_in(sample::zip(records)).find("does not lie in the folder 'm/'"),
            std::string::npos);
  records.back() = records.front();
  EXPECT_NE(
      error_in(sample::zip(records)).find("its zip directory cannot be read: File already exists"),
      std::string::npos);
  records.pop_back();
  records[1].content = "big";
  EXPECT_NE(error_in(sample::zip(records)).find("do not say 'little'"), std::string::npos);
  records.erase(records.begin());
  EXPECT_NE(error_in(sample::zip(records)).find("do not say 'little'"), std::string::npos);
  records.erase(records.begin());
  EXPECT_NE(error_in(sample::zip(records)).find("it has no record 'm/data.pkl'"),
            std::string::npos);
}

TEST(TorchFileRecords, RefusesDamage) {
  const std::string good = checkpoint(rebuilt({}));
  ASSERT_EQ(error_in(good), "no error");
  EXPECT_NE(zip_refusal(changed(good, "\x80\2", 2, 'x')).find("record 'm/data.pkl' is damaged"),
            std::string::npos);
  EXPECT_NE(zip_refusal(good.substr(0, good.size() - 1)).find("its zip directory cannot be read"),
            std::string::npos);
  EXPECT_NE(zip_refusal(changed(good, "PK\3\4", 30, 'x')).find("cannot be read"),
            std::string::npos);
}

TEST(TorchFileRecords, RefusesCompressedAndEncryptedRecords) {
  const std::string good = checkpoint(rebuilt({}));
  std::string compressed = changed(good, "PK\1\2", 10, 8);
  compressed = changed(compressed, "PK\3\4", 8, 8);
  EXPECT_NE(zip_refusal(compressed).find("record 'm/data.pkl' is compressed by method 8"),
            std::string::npos);
  std::string encrypted = changed(good, "PK\1\2", 8, 9);
  encrypted = changed(encrypted, "PK\3\4", 6, 9);
  EXPECT_NE(zip_refusal(encrypted).find("record 'm/data.pkl' is encrypted"), std::string::npos);
}

// A directory that names one record's bytes many times is how a small file fills a memory.
TEST(TorchFileRecords, RefusesRecordsThatLieOnEachOther) {
  const sample::Record long_one{"m/data/0", words(1000)};
  std::string directory;
  for (char i = '0'; i < '9'; ++i)
    directory += sample::entry({std::string("m/data/") + i, long_one.content}, 0);
  const std::string local = sample::local(long_one);
  const std::string refused =
      zip_refusal(local + directory + sample::plain_end(9, directory.size(), local.size()));
  EXPECT_NE(refused, "no error");
  EXPECT_TRUE(refused.find("allowed") != std::string::npos ||
              refused.find("cannot be read") != std::string::npos)
      << refused;
}

// The published checkpoints. The expected figures were computed from the files with Python 3.11's
// zipfile, pickle and struct: the number of parameters, their exact sum and sum of squares.
class Published : public testing::Test {
 protected:
  static TorchFile read(const std::string& name) {
    return read_torch_file(std::string(std::getenv("SAGGIO_MIRROR")) + "/weights/" + name);
  }
  void SetUp() override {
    if (!std::getenv("SAGGIO_MIRROR"))
      GTEST_SKIP() << "set SAGGIO_MIRROR to a folder that has weights/ultra_3g.pth";
  }

  struct Sums {
    size_t elements = 0;
    double sum = 0, squares = 0;

    // n eps sum |v| bounds the error of a sum, and sum |v| <= sqrt(n sum v^2).
    double tolerance() const {
      const auto n = static_cast<double>(elements);
      return n * std::numeric_limits<double>::epsilon() * std::max(squares, std::sqrt(n * squares));
    }
  };
  static Sums sums(const TorchFile& file) {
    Sums all;
    for (const TorchTensor& tensor : file.tensors()) {
      if (!tensor.name.starts_with("model.")) continue;
      const std::vector<std::byte> bytes = tensor.row_major();
      std::vector<float> values(bytes.size() / sizeof(float));
      std::memcpy(values.data(), bytes.data(), bytes.size());
      all.elements += values.size();
      for (const double value : values) all.sum += value, all.squares += value * value;
    }
    return all;
  }
};

TEST_F(Published, Ultra3gIsReadAsPythonReadsIt) {
  const TorchFile file = read("ultra_3g.pth");

  EXPECT_EQ(file.tensors().size(), 328U);  // 82 parameters, step and two moments of each
  const Sums all = sums(file);
  EXPECT_EQ(all.elements, 168'705U);  // as published
  EXPECT_NEAR(all.sum, 314.0047252662763, all.tolerance());
  EXPECT_NEAR(all.squares, 3385.491234505587, all.tolerance());
  const TorchTensor& weight = file.tensor("model.relation_model.layers.0.linear.weight");
  EXPECT_EQ(weight.shape, (std::vector<int64_t>{64, 128}));
  float first[3];
  std::memcpy(first, weight.bytes.data(), sizeof(first));
  EXPECT_EQ(first[0], 0.0503360852599144F);
  EXPECT_EQ(first[1], -0.09986603260040283F);
  EXPECT_EQ(first[2], 0.002302619395777583F);
}

TEST_F(Published, Ultra50gIsReadAsPythonReadsIt) {
  const Sums all = sums(read("ultra_50g.pth"));

  EXPECT_EQ(all.elements, 168'705U);
  EXPECT_NEAR(all.sum, 4129.628394895979, all.tolerance());
  EXPECT_NEAR(all.squares, 3798.706827274651, all.tolerance());
}

}  // namespace
}  // namespace saggio::results
