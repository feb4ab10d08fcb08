// SPDX-License-Identifier: MIT
#include "results/store/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

#include "results/store/files.h"

namespace saggio::results {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    check(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  void add(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }

  std::string hex() {
    std::array<unsigned char, 32> digest{};
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    return fmt::format("{:02x}", fmt::join(digest, ""));
  }

 private:
  static void check(bool ok) {
    if (!ok) throw std::runtime_error("OpenSSL offers no SHA-256: check its configuration");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_file(const std::filesystem::path& file) {
  const Descriptor in = open_file(file, OpenFor::kReading);
  std::vector<char> buffer(size_t{1} << 18);
  Sha256 hash;
  while (const size_t count = read_some(in, buffer, file)) hash.add({buffer.data(), count});
  return hash.hex();
}

}  // namespace saggio::results
