// SPDX-License-Identifier: MIT
#include <elf.h>
#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <stdexcept>

#include "results/store/environment.h"
#include "results/store/files.h"
#include "results/store/hash.h"

// The note is found through the program headers, which are there in a stripped program too. Layout:
// elf(5).
namespace saggio::results {
namespace fs = std::filesystem;
namespace {

// A part of the file; every access is checked, for the file may be cut short or lie.
struct Bytes {
  std::string_view all;
  const fs::path& file;

  std::string_view part(uint64_t offset, uint64_t length) const {
    if (offset > all.size() || length > all.size() - offset)
      throw std::runtime_error(
          fmt::format("{}: not a whole ELF file, it ends at byte {}; build it again",
                      file.string(),
                      all.size()));
    return all.substr(offset, length);
  }

  template <typename Header>
  Header read(uint64_t offset) const {
    Header header;
    std::memcpy(&header, part(offset, sizeof header).data(), sizeof header);
    return header;
  }
};

uint64_t padded(uint64_t length, uint64_t alignment) {
  return (length + alignment - 1) / alignment * alignment;
}

std::optional<std::string> find_in_notes(const Bytes& bytes, const Elf64_Phdr& segment) {
  const Bytes notes{bytes.part(segment.p_offset, segment.p_filesz), bytes.file};
  const uint64_t alignment = segment.p_align == 8 ? 8 : 4;
  for (uint64_t at = 0; at < notes.all.size();) {
    const auto note = notes.read<Elf64_Nhdr>(at);
    const uint64_t name = at + sizeof note, content = name + padded(note.n_namesz, alignment);
    if (note.n_type == NT_GNU_BUILD_ID &&
        notes.part(name, note.n_namesz) == std::string_view("GNU\0", 4)) {
      const std::string_view id = notes.part(content, note.n_descsz);
      return fmt::format("{:02x}",
                         fmt::join(reinterpret_cast<const unsigned char*>(id.data()),
                                   reinterpret_cast<const unsigned char*>(id.data() + id.size()),
                                   ""));
    }
    at = content + padded(note.n_descsz, alignment);
  }
  return std::nullopt;
}

}  // namespace

std::string build_id(const fs::path& program) {
  const std::string text = read_file(program);
  const Bytes bytes{text, program};
  const auto header = bytes.read<Elf64_Ehdr>(0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_phentsize != sizeof(Elf64_Phdr))
    throw std::runtime_error(
        fmt::format("{}: not a 64-bit little-endian ELF file", program.string()));
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = bytes.read<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr));
    if (segment.p_type != PT_NOTE) continue;
    if (auto id = find_in_notes(bytes, segment)) return *id;
  }
  throw std::runtime_error(
      fmt::format("{}: has no build id; link it with -Wl,--build-id", program.string()));
}

std::string code_id(const fs::path& program, std::string_view versions) {
  return sha256(fmt::format("build {}\n{}", build_id(program), versions));
}

}  // namespace saggio::results
