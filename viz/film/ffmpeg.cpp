// SPDX-License-Identifier: MIT
#include "viz/film/ffmpeg.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace saggio::viz {
namespace {

namespace fs = std::filesystem;

// What becomes of standard input, output and error of a program; below 0: /dev/null.
struct Streams {
  int in = -1, out = -1, error = -1;
};

// 0 if there is no such program.
pid_t started(std::vector<std::string> arguments, const Streams& streams) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (const auto& [stream, number] :
       {std::pair(streams.in, 0), std::pair(streams.out, 1), std::pair(streams.error, 2)}) {
    if (stream >= 0)
      ::posix_spawn_file_actions_adddup2(&actions, stream, number);
    else
      ::posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0);
  }
  pid_t process = 0;
  const int error =
      ::posix_spawnp(&process, pointers[0], &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? process : 0;
}

// The status of a program that ends; -1: of one that was killed.
int status_of(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The name ends as it did: ffmpeg reads the format off it.
std::string aside_of(const std::string& file) {
  const fs::path path(file);
  const std::string name = path.stem().string() + ".part" + path.extension().string();
  return (path.parent_path() / name).string();
}

}  // namespace

bool Ffmpeg::is_there() {
  const pid_t process = started({"ffmpeg", "-version"}, {});
  return process != 0 && status_of(process) == 0;
}

Ffmpeg::Ffmpeg(const std::string& file, int32_t frames_a_second)
    : file_(file), aside_(aside_of(file)), frames_a_second_(frames_a_second) {}

Ffmpeg::~Ffmpeg() {
  if (process_ == 0) return;
  hang_up();
  wait();
  std::error_code ignored;
  fs::remove(aside_, ignored);
}

void Ffmpeg::start(uint32_t width, uint32_t height) {
  int ends[2];
  said_.reset(std::tmpfile());
  if (!said_ || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::runtime_error("ffmpeg could not be started: too many files are open");
  line_ = ends[0];
  const bool as_gif = fs::path(file_).extension() == ".gif";
  // Films have an even number of pixels a side, and most players want their colours halved.
  const std::string shape =
      as_gif ? "null" : "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white,format=yuv420p";
  process_ = started({"ffmpeg",
                      "-nostdin",
                      "-loglevel",
                      "error",
                      "-y",
                      "-f",
                      "rawvideo",
                      "-pixel_format",
                      "rgba",
                      "-video_size",
                      fmt::format("{}x{}", width, height),
                      "-framerate",
                      fmt::format("{}", frames_a_second_),
                      "-i",
                      "pipe:0",
                      "-an",
                      "-vf",
                      shape,
                      "file:" + aside_},
                     {.in = ends[1], .error = ::fileno(said_.get())});
  ::close(ends[1]);
  if (process_ == 0) throw std::runtime_error("ffmpeg could not be started");
}

void Ffmpeg::hang_up() {
  if (line_ >= 0) ::close(std::exchange(line_, -1));
}

int Ffmpeg::wait() { return status_of(std::exchange(process_, 0)); }

void Ffmpeg::fail() {
  hang_up();
  if (process_ != 0) wait();
  std::error_code ignored;
  fs::remove(aside_, ignored);
  std::string said(200, '\0');
  std::rewind(said_.get());
  said.resize(std::fread(said.data(), 1, said.size(), said_.get()));
  std::replace(said.begin(), said.end(), '\n', ' ');
  throw std::runtime_error(
      fmt::format("{}: ffmpeg did not write it: {}; a name without an ending gives PNG files",
                  file_,
                  said.empty() ? "it ended early" : said));
}

void Ffmpeg::write(const Frame& frame) {
  if (process_ == 0) start(frame.width, frame.height);
  const uint8_t* at = frame.rgba.data();
  for (size_t left = frame.rgba.size(); left > 0;) {
    const ssize_t sent = ::send(line_, at, left, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) fail();
    at += sent;
    left -= static_cast<size_t>(sent);
  }
}

void Ffmpeg::finish() {
  hang_up();
  if (process_ == 0 || wait() != 0) fail();
  std::error_code error;
  fs::rename(aside_, file_, error);
  if (error) fail();
}

}  // namespace saggio::viz
