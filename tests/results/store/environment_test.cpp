// SPDX-License-Identifier: MIT
#include "results/store/environment.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "results/store/git_state.h"
#include "results/store/hash.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using namespace std::chrono_literals;

TEST(Environment, DescribesThisMachine) {
  const TemporaryFolder folder;
  const Json json = capture_environment(
      {.versions = {{"torch", "2.11.0"}}, .threads = 3, .folder = folder.path()});

  EXPECT_EQ(json["versions"]["torch"], "2.11.0");
  EXPECT_EQ(json["threads"], 3);
  EXPECT_EQ(json["host"].get<std::string>() + "\n", run_program({"uname", "-n"}, 10s).out);
  EXPECT_EQ(std::to_string(json["cores"].get<int>()) + "\n",
            run_program({"env", "-u", "OMP_NUM_THREADS", "nproc"}, 10s).out);
  EXPECT_EQ(json["kernel"].get<std::string>() + "\n", run_program({"uname", "-srm"}, 10s).out);
  EXPECT_GT(json["memory_bytes"].get<int64_t>(), int64_t{1} << 26);
  for (const char* key : {"cpu", "os", "compiler", "time"})
    EXPECT_FALSE(json[key].get<std::string>().empty()) << key;
  EXPECT_EQ(json["git"], Json({{"state", "no repository"}}));
}

TEST(RunProgram, GivesOutputErrorsAndStatus) {
  const ProgramOutput output = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10s);

  EXPECT_EQ(output.end, ProgramOutput::End::kExited);
  EXPECT_EQ(output.status, 3);
  EXPECT_EQ(output.out, "out\n");
  EXPECT_EQ(output.err, "err\n");
}

TEST(RunProgram, ReadsMoreThanAPipeHolds) {
  EXPECT_EQ(
      run_program({"sh", "-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"}, 10s)
          .out.size(),
      1'000'000U);
}

TEST(RunProgram, SaysWhenThereIsNone) {
  EXPECT_EQ(run_program({"no-such-program-here"}, 10s).end, ProgramOutput::End::kNotFound);
}

TEST(RunProgram, EndsAtTheDeadlineWithItsChildren) {
  const TemporaryFolder folder;
  const std::string script = "sleep 60 & echo $! >" + (folder / "pid").string() + "; wait";
  const auto start = std::chrono::steady_clock::now();

  EXPECT_EQ(run_program({"sh", "-c", script}, 200ms).end, ProgramOutput::End::kTimedOut);
  EXPECT_EQ(run_program({"sh", "-c", "exec >&- 2>&-; sleep 60"}, 50ms).end,
            ProgramOutput::End::kTimedOut);

  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
  const std::string grandchild = slurp(folder / "pid");
  const std::string status =
      slurp("/proc/" + grandchild.substr(0, grandchild.size() - 1) + "/stat");
  EXPECT_TRUE(status.empty() || status.find(" Z ") != std::string::npos) << status;
}

TEST(RunProgram, StopsAnEndlessAnswer) {
  EXPECT_EQ(run_program({"cat", "/dev/zero"}, 10s, 100'000).end, ProgramOutput::End::kTooLong);
}

class GitState : public testing::Test {
 protected:
  void SetUp() override {
    if (run_program({"git", "--version"}, 10s).end != ProgramOutput::End::kExited)
      GTEST_SKIP() << "git is not installed";
    fs::create_directories(repository_ / "sub");
    git({"init", "-q", "-b", "trunk"});
    spill(repository_ / "code.cpp", "one\n");
  }

  void git(std::vector<std::string> arguments) const {
    arguments.insert(
        arguments.begin(),
        {"git", "-C", repository_.string(), "-c", "user.name=n", "-c", "user.email=e@x"});
    const ProgramOutput output = run_program(arguments, 10s);
    ASSERT_EQ(output.status, 0) << output.err;
  }

  void commit() const {
    git({"add", "-A"});
    git({"commit", "-q", "-m", "m"});
  }

  Json state() const { return git_state(repository_ / "sub", patches_, 10s); }

  const TemporaryFolder folder_;
  const fs::path repository_ = folder_ / "repository", patches_ = folder_ / "patches";
};

TEST_F(GitState, OfACommittedTreeIsClean) {
  commit();

  const Json state = this->state();

  EXPECT_EQ(state["state"], "clean");
  EXPECT_EQ(state["branch"], "trunk");
  EXPECT_EQ(state["commit"].get<std::string>() + "\n",
            run_program({"git", "-C", repository_, "rev-parse", "HEAD"}, 10s).out);
  EXPECT_EQ(state["patch"], "");
  EXPECT_TRUE(state["untracked"].empty());
  EXPECT_FALSE(fs::exists(patches_));
}

TEST_F(GitState, KeepsThePatchThatMakesTheTreeAgain) {
  spill(repository_ / "binary", std::string("\0\1\2", 3));
  commit();
  spill(repository_ / "code.cpp", "two\n");
  spill(repository_ / "binary", std::string("\2\1\0\xff", 4));
  git({"add", "binary"});

  const Json state = this->state();

  EXPECT_EQ(state["state"], "changed");
  const fs::path patch = patches_ / (state["patch"].get<std::string>() + ".patch");
  EXPECT_EQ(sha256_file(patch), state["patch"]);
  git({"reset", "-q", "--hard"});
  git({"apply", patch.string()});
  EXPECT_EQ(slurp(repository_ / "code.cpp"), "two\n");
  EXPECT_EQ(slurp(repository_ / "binary"), std::string("\2\1\0\xff", 4));
}

TEST_F(GitState, DoesNotDependOnTheUsersSettings) {
  commit();
  spill(repository_ / "code.cpp", "two\n");
  const Json before = state();
  for (const char* setting : {"diff.noprefix=true",
                              "diff.external=false",
                              "color.ui=always",
                              "status.relativePaths=true",
                              "diff.relative=true",
                              "status.showUntrackedFiles=no"}) {
    const std::string text = setting;
    git({"config", text.substr(0, text.find('=')), text.substr(text.find('=') + 1)});
  }

  EXPECT_EQ(state(), before);
}

TEST_F(GitState, ListsUntrackedFilesWithSizeAndHash) {
  spill(repository_ / ".gitignore", "ignored\n");
  commit();
  spill(repository_ / "ignored", "x");
  spill(repository_ / "sub/new \xff.txt", "abc");
  spill(repository_ / "large", std::string(2 << 20, 'x'));
  fs::create_symlink("/etc", repository_ / "link");

  const Json state = this->state();

  EXPECT_EQ(state["state"], "changed");
  EXPECT_EQ(state["untracked"],
            Json::parse(R"([
    {"path": "large", "bytes": 2097152},
    {"path": "link"},
    {"path": "sub/new \\xff.txt", "bytes": 3, "sha256": ")" +
                        sha256("abc") + "\"}]"));
}

TEST_F(GitState, CountsTheUntrackedFilesThatItLeavesOut) {
  commit();
  for (int i = 0; i < 60; ++i) spill(repository_ / ("new" + std::to_string(i)), "");

  const Json state = this->state();

  EXPECT_EQ(state["untracked"].size(), 50U);
  EXPECT_EQ(state["untracked_omitted"], 10);
}

TEST_F(GitState, BeforeTheFirstCommitHasNone) {
  const Json state = this->state();

  EXPECT_EQ(state["commit"], "");
  EXPECT_EQ(state["branch"], "trunk");
  EXPECT_EQ(state["untracked"].size(), 1U);
}

TEST_F(GitState, DetachedHasNoBranch) {
  commit();
  git({"checkout", "-q", "--detach"});

  EXPECT_EQ(state()["branch"], "");
}

TEST_F(GitState, IgnoresTheRepositoryOfTheCallersEnvironment) {
  commit();
  ::setenv("GIT_DIR", "/no/such/repository", 1);

  const Json state = this->state();

  ::unsetenv("GIT_DIR");
  EXPECT_EQ(state["state"], "clean");
}

TEST_F(GitState, AProgramThatHangsOrFailsIsRecorded) {
  const std::string path = ::getenv("PATH");
  const auto with_git = [&](const std::string& script) {
    spill(folder_ / "git", "#!/bin/sh\n" + script + "\n");
    fs::permissions(folder_ / "git", fs::perms::owner_all);
    ::setenv("PATH", (folder_.path().string() + ":" + path).c_str(), 1);
    const Json state = git_state(repository_, patches_, 100ms);
    ::setenv("PATH", path.c_str(), 1);
    return state;
  };

  EXPECT_EQ(with_git("sleep 60"), Json({{"state", "git took over 100 ms"}}));
  EXPECT_EQ(with_git("echo 'fatal: detected dubious ownership' >&2; exit 128"),
            Json({{"state", "git failed: fatal: detected dubious ownership"}}));
  ::setenv("PATH", "/nowhere", 1);
  const Json state = git_state(repository_, patches_, 10s);
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(state, Json({{"state", "git is not installed"}}));
}

}  // namespace
}  // namespace saggio::results
