// SPDX-License-Identifier: MIT
#include "experiments/harness/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

extern char** environ;

namespace saggio::harness {
namespace {

constexpr int kPatienceMs = 30'000;  // for a checkpoint, when the launcher itself ends

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::runtime_error(fmt::format("pipe: {}", std::strerror(errno)));
  return ends;
}

// The environment with the thread counts of the numeric libraries fixed: they must never depend on
// the machine.
std::vector<std::string> environment_with_threads(int threads) {
  std::vector<std::string> variables;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    if (!text.starts_with("OMP_NUM_THREADS=") && !text.starts_with("MKL_NUM_THREADS="))
      variables.emplace_back(text);
  }
  for (const char* name : {"OMP_NUM_THREADS", "MKL_NUM_THREADS"})
    variables.push_back(fmt::format("{}={}", name, threads));
  return variables;
}

// While it lives, writing into a pipe that nobody reads is an error here and no end of the program.
// The handling of the signal itself stays as it is: programs that we start inherit it.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
  ~NoBrokenPipe() {
    const timespec at_once{};
    ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{}, before_{};
};

std::string described(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

WorkerProcess::WorkerProcess(const std::filesystem::path& program, int threads) {
  const auto requests = make_pipe(), replies = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, requests[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, replies[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> variables = environment_with_threads(threads);
  std::vector<char*> pointers;
  for (std::string& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  std::string name = program.string(), serve = "serve";
  char* arguments[] = {name.data(), serve.data(), nullptr};
  const int error =
      ::posix_spawn(&pid_, name.c_str(), &actions, &attributes, arguments, pointers.data());

  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(requests[0]);
  ::close(replies[1]);
  input_ = requests[1];
  output_ = replies[0];
  if (error != 0) {
    ::close(input_);
    ::close(output_);
    throw std::runtime_error(fmt::format(
        "{}: cannot be started: {}; build Saggio again (make build)", name, std::strerror(error)));
  }
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
}

WorkerProcess::~WorkerProcess() {
  ::close(input_);  // the worker's sign to save and stop
  for (int waited_ms = 0; !status_ && !ended_ && waited_ms < kPatienceMs; waited_ms += 100) {
    pollfd output{output_, POLLIN, 0};
    ::poll(&output, 1, 100);
    read_available(false);
  }
  if (!ended_) kill();
  how_it_ended();
  ::close(output_);
}

void WorkerProcess::send(const nlohmann::json& request) {
  const NoBrokenPipe guard;  // a worker that died is noticed by its silence
  const std::string line = request.dump() + "\n";
  for (size_t sent = 0; sent < line.size();) {
    const ssize_t n = ::write(input_, line.data() + sent, line.size() - sent);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    sent += static_cast<size_t>(n);
  }
}

void WorkerProcess::read_available(bool block) {
  char chunk[4096];
  while (!ended_) {
    const ssize_t n = ::read(output_, chunk, sizeof chunk);
    if (n > 0) {
      buffer_.append(chunk, static_cast<size_t>(n));
      if (block) return;
    } else if (n == 0) {
      ended_ = true;
    } else if (errno == EAGAIN) {
      if (!block) return;
      pollfd wait{output_, POLLIN, 0};
      ::poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      ended_ = true;
    }
  }
}

std::optional<nlohmann::json> WorkerProcess::receive() {
  read_available(false);
  const size_t end = buffer_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  auto reply = nlohmann::json::parse(buffer_.substr(0, end), nullptr, false);
  buffer_.erase(0, end + 1);
  return reply;
}

nlohmann::json WorkerProcess::wait_for_reply() {
  while (true) {
    if (auto reply = receive()) {
      if (reply->value("event", "") == "error")
        throw std::runtime_error(reply->value("message", "the worker failed"));
      return *reply;
    }
    if (ended_) throw std::runtime_error(fmt::format("the worker {}", how_it_ended()));
    read_available(true);
  }
}

std::string WorkerProcess::how_it_ended() {
  if (!status_) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    status_ = status;
  }
  return described(*status_);
}

void WorkerProcess::kill() {
  if (!status_) ::kill(pid_, SIGKILL);
}

}  // namespace saggio::harness
