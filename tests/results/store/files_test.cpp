// SPDX-License-Identifier: MIT
#include "results/store/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>
#include <vector>

#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

namespace fs = std::filesystem;

TEST(WriteDurably, ReplacesTheContentAndLeavesNothingElse) {
  const TemporaryFolder folder;

  write_durably(folder / "file", "old, and longer");
  write_durably(folder / "file", "new");

  EXPECT_EQ(slurp(folder / "file"), "new");
  EXPECT_FALSE(fs::exists(folder / "file.tmp"));
}

TEST(WriteDurably, UsesAgainWhatADeadWriterLeftAside) {
  const TemporaryFolder folder;
  spill(folder / "file.tmp", "much longer than the text to come");

  write_durably(folder / "file", "text");

  EXPECT_EQ(slurp(folder / "file"), "text");
  EXPECT_FALSE(fs::exists(folder / "file.tmp"));
}

TEST(WriteDurably, ManyWritersOfOneFileNeverMixTheirTexts) {
  const TemporaryFolder folder;
  write_durably(folder / "file", std::string(50'000, '0'));
  std::vector<std::thread> writers;
  for (const char letter : {'a', 'b', 'c', 'd'})
    writers.emplace_back([&, letter] {
      for (int i = 0; i < 20; ++i) write_durably(folder / "file", std::string(50'000, letter));
    });

  for (int i = 0; i < 200; ++i) {
    const std::string text = read_file(folder / "file");
    EXPECT_EQ(text, std::string(50'000, text.at(0)));
  }

  for (std::thread& writer : writers) writer.join();
}

TEST(WriteDurably, NamesAFolderThatIsNotThere) {
  EXPECT_EQ(error_of([] { write_durably("/no/such/file", "x"); }),
            "/no/such/file.tmp: cannot open for writing: No such file or directory");
}

TEST(ReadFile, ReadsAnySizeIncludingFilesThatSayTheyAreEmpty) {
  const TemporaryFolder folder;
  for (const size_t bytes : {0, 1, 4095, 4096, 100'000}) {
    spill(folder / "file", std::string(bytes, 'x'));

    EXPECT_EQ(read_file(folder / "file"), std::string(bytes, 'x'));
  }
  EXPECT_EQ(read_file("/proc/self/status").substr(0, 5), "Name:");
}

TEST(MakeFolder, MakesThoseAboveAndRefusesAFileInItsPlace) {
  const TemporaryFolder folder;

  make_folder(folder / "a/b/c");
  make_folder(folder / "a/b/c");
  spill(folder / "file", "");

  EXPECT_TRUE(fs::is_directory(folder / "a/b/c"));
  EXPECT_NE(error_of([&] { make_folder(folder / "file"); }).find("cannot make this folder"),
            std::string::npos);
}

TEST(Descriptor, IsClosedInProgramsThatAreStarted) {
  const TemporaryFolder folder;
  const Descriptor file = open_file(folder / "file", OpenFor::kAppending);

  EXPECT_TRUE(::fcntl(file.number(), F_GETFD) & FD_CLOEXEC);
}

// Runs `body` in a child, which may change limits and mounts; returns what it wrote into `answer`.
std::string in_child(const std::function<std::string()>& body) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    spill(folder / "answer", body());
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? slurp(folder / "answer") : "the child was killed";
}

// A file system of 64 KiB that only this process sees; false if it may not mount.
bool mount_small(const fs::path& where) {
  const int user = ::geteuid() == 0 ? 0 : CLONE_NEWUSER;
  return ::unshare(CLONE_NEWNS | user) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", where.c_str(), "tmpfs", 0, "size=64k") == 0;
}

TEST(WriteDurably, OnAFullDiskSaysSoAndKeepsTheOldContent) {
  const TemporaryFolder folder;
  const std::string answer = in_child([&]() -> std::string {
    const fs::path mounted = folder / "disk";
    fs::create_directory(mounted);
    if (!mount_small(mounted)) return "skip";
    const fs::path file = mounted / "file";
    write_durably(file, "old");
    const std::string error = error_of([&] { write_durably(file, std::string(100'000, 'x')); });
    const std::string left = fs::exists(mounted / "file.tmp") ? "left aside" : "";
    const std::string again = error_of([&] { write_durably(file, std::string(20'000, 'y')); });
    return error + "|" + std::to_string(slurp(file).size()) + left + again;
  });

  if (answer == "skip") GTEST_SKIP() << "may not mount a small file system here";
  EXPECT_EQ(
      answer,
      (folder / "disk/file").string() + ": no space left on device; free some and run again|20000");
}

TEST(WriteDurably, WritesThatStopShortKeepTheOldContent) {
  const TemporaryFolder folder;
  write_durably(folder / "file", "old");
  const std::string answer = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{5'000, 5'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return error_of([&] { write_durably(folder / "file", std::string(100'000, 'x')); });
  });

  EXPECT_EQ(answer, (folder / "file").string() + ": cannot write: File too large");
  EXPECT_EQ(slurp(folder / "file"), "old");
  EXPECT_FALSE(fs::exists(folder / "file.tmp"));
}

}  // namespace
}  // namespace saggio::results
