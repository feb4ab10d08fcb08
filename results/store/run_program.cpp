// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <set>
#include <thread>

#include "results/store/files.h"
#include "results/store/git_state.h"

namespace saggio::results {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Descriptor read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("pipe", "open");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// A repository named by the caller's environment (inside a git hook) is not the one that was asked
// about. No prompts, no locks taken from somebody at work, messages in English.
std::vector<std::string> child_environment() {
  const std::set<std::string_view> dropped = {"GIT_DIR",
                                              "GIT_WORK_TREE",
                                              "GIT_INDEX_FILE",
                                              "GIT_COMMON_DIR",
                                              "GIT_OBJECT_DIRECTORY",
                                              "GIT_PREFIX",
                                              "GIT_EXTERNAL_DIFF",
                                              "LC_ALL"};
  std::vector<std::string> kept = {"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"};
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    if (!dropped.contains(text.substr(0, text.find('=')))) kept.emplace_back(text);
  }
  return kept;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// Killed with its children, as a process group of its own, unless it ended before.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  ~Child() {
    if (ended_) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // Its exit status, or 128 + signal; nullopt if it does not end by the deadline.
  std::optional<int> wait_until(Clock::time_point deadline) {
    int status = 0;
    while (true) {
      const pid_t pid = ::waitpid(pid_, &status, WNOHANG);
      if (pid < 0 && errno != EINTR) throw_errno("program", "wait for it");
      if (pid == pid_) break;
      if (Clock::now() >= deadline) return std::nullopt;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
  bool ended_ = false;
};

// 0 if it started, else the reason as errno.
int spawn(const std::vector<std::string>& command, const Pipe& out, const Pipe& err, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.write.number(), 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.write.number(), 2);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  const std::vector<std::string> environment = child_environment();
  const int error = ::posix_spawnp(&pid,
                                   command.at(0).c_str(),
                                   &actions,
                                   &attributes,
                                   pointers(command).data(),
                                   pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return error;
}

// False at the end of the stream.
bool drain(const Descriptor& in, std::string& text) {
  std::array<char, 16384> buffer;
  const size_t count = read_some(in, buffer, "pipe");
  text.append(buffer.data(), count);
  return count > 0;
}

void collect(ProgramOutput& output,
             const Descriptor& out,
             const Descriptor& err,
             Clock::time_point deadline,
             size_t most) {
  std::array<pollfd, 2> streams = {pollfd{out.number(), POLLIN, 0},
                                   pollfd{err.number(), POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int ready = left > 0 ? ::poll(streams.data(), streams.size(), static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) throw_errno("pipe", "wait");
    if (ready == 0) output.end = ProgramOutput::End::kTimedOut;
    if (output.out.size() + output.err.size() > most) output.end = ProgramOutput::End::kTooLong;
    if (output.end != ProgramOutput::End::kExited) return;
    if (streams[0].revents && !drain(out, output.out)) streams[0].fd = -1;
    if (streams[1].revents && !drain(err, output.err)) streams[1].fd = -1;
  }
}

}  // namespace

ProgramOutput run_program(const std::vector<std::string>& command,
                          std::chrono::milliseconds timeout,
                          size_t most_bytes) {
  ProgramOutput output;
  Pipe out = make_pipe(), err = make_pipe();
  pid_t pid = -1;
  if (const int error = spawn(command, out, err, pid)) {
    output.end = ProgramOutput::End::kNotFound;
    errno = error;
    if (error != ENOENT && error != EACCES) throw_errno(command.at(0), "start");
    return output;
  }
  Child child(pid);
  out.write = Descriptor(-1);  // else our own end keeps the stream open
  err.write = Descriptor(-1);
  const Clock::time_point deadline = Clock::now() + timeout;
  collect(output, out.read, err.read, deadline, most_bytes);
  if (output.end != ProgramOutput::End::kExited) return output;
  if (const std::optional<int> status = child.wait_until(deadline)) {
    output.status = *status;
  } else {
    output.end = ProgramOutput::End::kTimedOut;
  }
  return output;
}

}  // namespace saggio::results
