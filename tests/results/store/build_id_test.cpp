// SPDX-License-Identifier: MIT
#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>

#include "results/store/environment.h"
#include "results/store/git_state.h"
#include "results/store/hash.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

template <typename Header>
std::string bytes_of(const Header& header) {
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

std::string note(uint32_t type, const std::string& name, const std::string& content) {
  const auto padded = [](std::string text) { return text.append((4 - text.size() % 4) % 4, '\0'); };
  const Elf64_Nhdr header{
      static_cast<uint32_t>(name.size()), static_cast<uint32_t>(content.size()), type};
  return bytes_of(header) + padded(name) + padded(content);
}

// An ELF file with one note segment and nothing else.
std::string elf_with(const std::string& notes) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_phoff = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 1;
  Elf64_Phdr segment{};
  segment.p_type = PT_NOTE;
  segment.p_offset = sizeof header + sizeof segment;
  segment.p_filesz = notes.size();
  segment.p_align = 4;
  return bytes_of(header) + bytes_of(segment) + notes;
}

const std::string kGnu("GNU\0", 4);

TEST(BuildId, IsReadFromItsNote) {
  const TemporaryFolder folder;
  const std::string others =
      note(NT_GNU_ABI_TAG, kGnu, "x") + note(NT_GNU_BUILD_ID, std::string("Go\0", 3), "other");
  spill(folder / "program", elf_with(others + note(NT_GNU_BUILD_ID, kGnu, "\x01\xab\xff")));

  EXPECT_EQ(build_id(folder / "program"), "01abff");
}

TEST(BuildId, OfThisProgramIsWhatReadelfSays) {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  const ProgramOutput said = run_program({"readelf", "-n", program}, std::chrono::seconds(10));
  if (said.end != ProgramOutput::End::kExited) GTEST_SKIP() << "readelf is not installed";

  EXPECT_NE(said.out.find("Build ID: " + build_id(program) + "\n"), std::string::npos) << said.out;
}

TEST(BuildId, EveryPrefixOfTheFileIsRefused) {
  const TemporaryFolder folder;
  const std::string elf =
      elf_with(note(NT_GNU_ABI_TAG, kGnu, "four") + note(NT_GNU_BUILD_ID, kGnu, "12345678"));
  for (size_t length = 0; length < elf.size(); ++length) {
    spill(folder / "program", elf.substr(0, length));

    EXPECT_EQ(error_of([&] { build_id(folder / "program"); }),
              (folder / "program").string() + ": not a whole ELF file, it ends at byte " +
                  std::to_string(length) + "; build it again");
  }
}

// Every byte of the headers and of the note, changed to an extreme: an id or one clear error, never
// an access outside.
TEST(BuildId, NoChangedByteLeadsOutsideTheFile) {
  const TemporaryFolder folder;
  const std::string elf = elf_with(note(NT_GNU_BUILD_ID, kGnu, "12345678"));
  for (size_t i = 0; i < elf.size(); ++i)
    for (const char byte : {'\0', '\x01', '\x7f', '\xff'}) {
      std::string damaged = elf;
      damaged[i] = byte;
      spill(folder / "program", damaged);
      const std::string error = error_of([&] { build_id(folder / "program"); });
      EXPECT_TRUE(error.empty() || error.starts_with((folder / "program").string() + ": "))
          << error;
    }
}

TEST(BuildId, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  spill(folder / "script", "#!/bin/sh\n" + std::string(100, '#'));
  spill(folder / "program", elf_with(note(NT_GNU_ABI_TAG, kGnu, "four")));

  EXPECT_EQ(error_of([&] { build_id(folder / "script"); }),
            (folder / "script").string() + ": not a 64-bit little-endian ELF file");
  EXPECT_EQ(error_of([&] { build_id(folder / "program"); }),
            (folder / "program").string() + ": has no build id; link it with -Wl,--build-id");
  EXPECT_EQ(error_of([&] { build_id(folder / "none"); }),
            (folder / "none").string() + ": cannot read: No such file or directory");
}

TEST(CodeId, ChangesWithTheBuildAndWithTheVersions) {
  const TemporaryFolder folder;
  spill(folder / "one", elf_with(note(NT_GNU_BUILD_ID, kGnu, "1")));
  spill(folder / "two", elf_with(note(NT_GNU_BUILD_ID, kGnu, "2")));

  EXPECT_EQ(code_id(folder / "one", "torch 2.11.0"), sha256("build 31\ntorch 2.11.0"));
  EXPECT_NE(code_id(folder / "two", "torch 2.11.0"), code_id(folder / "one", "torch 2.11.0"));
  EXPECT_NE(code_id(folder / "one", "torch 2.15.0"), code_id(folder / "one", "torch 2.11.0"));
}

}  // namespace
}  // namespace saggio::results
