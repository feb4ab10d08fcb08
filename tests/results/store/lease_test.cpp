// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <thread>

#include "results/store/run_dir.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

TEST(Lease, IsHeldByOneUntilItEnds) {
  const TemporaryFolder folder;
  std::string holder;
  EXPECT_EQ(Lease::holder(folder / "lease"), std::nullopt);
  {
    const auto first = Lease::take(folder / "lease");
    ASSERT_TRUE(first);

    EXPECT_FALSE(Lease::take(folder / "lease", &holder));

    EXPECT_EQ(Lease::holder(folder / "lease"), holder);
    EXPECT_TRUE(holder.starts_with("pid " + std::to_string(::getpid()) + " on ")) << holder;
  }
  EXPECT_EQ(Lease::holder(folder / "lease"), std::nullopt);
  EXPECT_TRUE(Lease::take(folder / "lease"));
}

TEST(Lease, FileSaysWhoWhereAndSinceWhen) {
  const TemporaryFolder folder;
  const auto lease = Lease::take(folder / "lease");

  const auto json = nlohmann::json::parse(slurp(folder / "lease"));

  EXPECT_EQ(json["pid"], ::getpid());
  EXPECT_EQ(json["boot_id"].get<std::string>() + "\n", slurp("/proc/sys/kernel/random/boot_id"));
  EXPECT_EQ(json["since"].get<std::string>().size(), std::string("2026-01-01T00:00:00Z").size());
  EXPECT_FALSE(json["host"].get<std::string>().empty());
}

TEST(Lease, EndsWithTheProcessThatIsKilled) {
  const TemporaryFolder folder;
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lease = Lease::take(folder / "lease");
    [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  std::string holder;
  EXPECT_FALSE(Lease::take(folder / "lease", &holder));
  EXPECT_NE(holder.find("pid " + std::to_string(child)), std::string::npos);

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);

  EXPECT_TRUE(Lease::take(folder / "lease"));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(Lease, IsNotLostToThoseWhoAsk) {
  const TemporaryFolder folder;
  spill(folder / "lease", "");
  std::jthread asker([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) Lease::holder(folder / "lease");
  });

  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += Lease::take(folder / "lease").has_value();

  EXPECT_EQ(taken, 100);
}

TEST(Lease, OfARemovedRunDoesNotBlockItsSuccessor) {
  const TemporaryFolder folder;
  const auto old = Lease::take(folder / "lease");
  std::filesystem::remove(folder / "lease");

  EXPECT_TRUE(Lease::take(folder / "lease"));
}

}  // namespace
}  // namespace saggio::results
