// SPDX-License-Identifier: MIT
#include "experiments/data/text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace saggio::data {
namespace {

constexpr char32_t kCodePoints = 0x110000;
constexpr size_t kMostCharacters = 65536;  // what a 16-bit token can name

struct Mapping {
  void* address = nullptr;
  size_t size = 0;

  ~Mapping() { munmap(address, size); }
};

[[noreturn]] void fail(const std::string& name, std::string_view doing) {
  throw std::runtime_error(fmt::format("{}: cannot be {}: {}", name, doing, std::strerror(errno)));
}

// The descriptor is closed either way; a mapping does not need it.
std::shared_ptr<const Mapping> map(const std::string& name) {
  const int file = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(name, "opened");
  struct stat status {};
  const bool known = fstat(file, &status) == 0;
  const auto size = static_cast<size_t>(status.st_size);
  void* address = known && S_ISREG(status.st_mode) && size > 0
                      ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0)
                      : nullptr;
  const int error = errno;
  close(file);
  errno = error;
  if (!known || address == MAP_FAILED) fail(name, "mapped");
  if (!S_ISREG(status.st_mode))
    throw std::runtime_error(fmt::format("{}: is not a file: name a text file", name));
  auto mapping = std::make_shared<Mapping>();
  mapping->address = address;
  mapping->size = size;
  return mapping;
}

// The bytes of the UTF-8 character that starts at `at`; 0 if there is none. (Unicode 15, table
// 3-7.)
size_t character_bytes(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto within = [&](size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const auto rest = [&](size_t i) { return within(i, 0x80, 0xBF); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return rest(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    return within(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && rest(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    return within(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && rest(2) && rest(3)
               ? 4
               : 0;
  }
  return 0;
}

// Of a whole, well-formed character.
char32_t decode_character(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  constexpr unsigned kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};  // by length
  char32_t point = lead & kLeadBits[character.size()];
  for (const char byte : character.substr(1))
    point = point << 6 | (static_cast<unsigned char>(byte) & 0x3FU);
  return point;
}

std::string encode_character(char32_t point) {
  const auto rest = [point](int shift) {
    return static_cast<char>(0x80U | (point >> shift & 0x3FU));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0U | point >> 6), rest(0)};
  if (point < 0x10000) return {static_cast<char>(0xE0U | point >> 12), rest(6), rest(0)};
  return {static_cast<char>(0xF0U | point >> 18), rest(12), rest(6), rest(0)};
}

std::vector<char32_t> decode_text(std::string_view text, const std::string& name) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = character_bytes(text, at);
    if (bytes == 0) {
      throw std::invalid_argument(
          fmt::format("{}: byte {} (0x{:02x}) is not UTF-8: convert the file, or read it as bytes",
                      name,
                      at,
                      static_cast<unsigned char>(text[at])));
    }
    points.push_back(decode_character(text.substr(at, bytes)));
    at += bytes;
  }
  return points;
}

}  // namespace

Text Text::open(const std::filesystem::path& path, Unit unit) {
  const auto mapping = map(path.string());
  const std::string_view bytes(static_cast<const char*>(mapping->address), mapping->size);
  return Text(mapping, bytes, path.string(), unit);
}

Text Text::from_bytes(std::string bytes, std::string name, Unit unit) {
  const auto owner = std::make_shared<const std::string>(std::move(bytes));
  return Text(owner, *owner, std::move(name), unit);
}

Text::Text(std::shared_ptr<const void> owner, std::string_view bytes, std::string name, Unit unit)
    : owner_(std::move(owner)), bytes_(bytes), name_(std::move(name)), unit_(unit) {
  if (bytes_.empty())
    throw std::invalid_argument(fmt::format("{}: is empty: name a file with text in it", name_));
  if (unit_ == Unit::Character) number_characters();
}

void Text::number_characters() {
  const std::vector<char32_t> points = decode_text(bytes_, name_);
  std::vector<bool> occurs(kCodePoints);
  for (const char32_t point : points) occurs[point] = true;
  std::vector<uint16_t> number(kCodePoints);
  for (char32_t point = 0; point < kCodePoints; ++point) {
    if (!occurs[point]) continue;
    number[point] = static_cast<uint16_t>(vocabulary_.size());
    vocabulary_.push_back(encode_character(point));
  }
  if (!(vocabulary_.size() <= kMostCharacters)) {
    throw std::invalid_argument(
        fmt::format("{}: {} different characters, allowed {}: read it as bytes",
                    name_,
                    vocabulary_.size(),
                    kMostCharacters));
  }
  characters_.reserve(points.size());
  for (const char32_t point : points) characters_.push_back(number[point]);
}

size_t Text::size() const { return unit_ == Unit::Byte ? bytes_.size() : characters_.size(); }

size_t Text::vocabulary_size() const { return unit_ == Unit::Byte ? 256 : vocabulary_.size(); }

void Text::read(size_t offset, std::span<int32_t> out) const {
  if (!(offset <= size() && out.size() <= size() - offset)) {
    throw std::invalid_argument(fmt::format(
        "{}: tokens {}..{}, allowed 0..{}", name_, offset, offset + out.size(), size()));
  }
  if (unit_ == Unit::Byte) {
    std::transform(
        bytes_.begin() + offset, bytes_.begin() + offset + out.size(), out.begin(), [](char byte) {
          return static_cast<unsigned char>(byte);
        });
  } else {
    std::copy_n(characters_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
  }
}

std::string Text::decode(std::span<const int32_t> tokens) const {
  std::string text;
  for (const int32_t token : tokens) {
    if (!(token >= 0 && static_cast<size_t>(token) < vocabulary_size())) {
      throw std::invalid_argument(
          fmt::format("token {}, allowed 0..{}", token, vocabulary_size() - 1));
    }
    if (unit_ == Unit::Byte) {
      text += static_cast<char>(token);
    } else {
      text += vocabulary_[token];
    }
  }
  return text;
}

size_t Text::bytes_in(Range range) const {
  if (!(range.begin <= range.end && range.end <= size())) {
    throw std::invalid_argument(
        fmt::format("{}: tokens {}..{}, allowed 0..{}", name_, range.begin, range.end, size()));
  }
  if (unit_ == Unit::Byte) return range.size();
  size_t bytes = 0;
  for (size_t i = range.begin; i < range.end; ++i) bytes += vocabulary_[characters_[i]].size();
  return bytes;
}

Split split(size_t size, double train, double valid) {
  if (!(train > 0 && valid >= 0 && train + valid <= 1 + 1e-9)) {
    throw std::invalid_argument(fmt::format(
        "shares of the text: train {}, valid {}, allowed train > 0, valid >= 0, sum <= 1",
        train,
        valid));
  }
  const auto part = [size](double share) {
    return static_cast<size_t>(share * static_cast<double>(size));
  };
  const size_t first = part(std::min(train, 1.0));
  const size_t second =
      train + valid >= 1 - 1e-9 ? size : part(train + valid);  // .7 + .3 is not quite 1
  return {{0, first}, {first, second}, {second, size}};
}

}  // namespace saggio::data
