// SPDX-License-Identifier: MIT
#include "results/store/hash.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

// Known answers: FIPS 180-2, appendix B.
TEST(Sha256, GivesTheStandardsExamples) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const TemporaryFolder folder;
  const std::string path = folder / "file.bin";
  for (const size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{200000}}) {
    const std::string bytes(size, '\n');
    std::ofstream(path, std::ios::binary) << bytes;

    EXPECT_EQ(sha256_file(path), sha256(bytes)) << size;
  }
}

TEST(Sha256, NamesTheFileThatCannotBeRead) {
  try {
    sha256_file("no/such/file");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no/such/file: cannot read: No such file or directory");
  }
}

}  // namespace
}  // namespace saggio::results
