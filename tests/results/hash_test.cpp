// SPDX-License-Identifier: MIT
#include "results/hash.h"

#include <gtest/gtest.h>

#include "tests/results/temporary_folder.h"

namespace saggio::results {
namespace {

// FIPS 180-4 examples (NIST, "SHA-256 Examples"), and the empty message.
TEST(Sha256, AgreesWithThePublishedAnswers) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfAFileIsThatOfItsContent) {
  const TemporaryFolder folder;
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{1} << 18, (size_t{1} << 18) + 1}) {
    const std::string text(bytes, 'x');
    spill(folder / "file", text);

    EXPECT_EQ(sha256_file(folder / "file"), sha256(text)) << bytes;
  }
}

TEST(Sha256, NamesAFileThatIsNotThere) {
  EXPECT_EQ(error_of([] { sha256_file("/no/such/file"); }),
            "/no/such/file: cannot read: No such file or directory");
}

}  // namespace
}  // namespace saggio::results
