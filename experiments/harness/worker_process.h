// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

// A worker program that was started here: requests in, replies out, and its end noticed. In a
// process group of its own, so that Ctrl-C reaches only the launcher, which then asks. Destroying
// it closes its input, upon which it stops by itself.
namespace saggio::harness {

class WorkerProcess {
 public:
  // Throws std::runtime_error if the program cannot be started.
  WorkerProcess(const std::filesystem::path& program, int threads);
  WorkerProcess(WorkerProcess&&) = delete;
  ~WorkerProcess();

  void send(const nlohmann::json& request);   // a worker that is gone is noticed by receive()
  int descriptor() const { return output_; }  // readable when a reply or the end is there

  // The next complete reply; nullopt if there is none yet, or never will be (then ended() is true).
  std::optional<nlohmann::json> receive();
  // Blocks. Throws std::runtime_error if the worker ends or answers with an error.
  nlohmann::json wait_for_reply();
  bool ended() const { return ended_; }
  std::string how_it_ended();  // "killed by signal 9", "exit code 127"; waits for it
  void kill();

 private:
  void read_available(bool block);
  pid_t pid_ = -1;
  int input_ = -1, output_ = -1;
  std::string buffer_;
  bool ended_ = false;
  std::optional<int> status_;
};

}  // namespace saggio::harness
