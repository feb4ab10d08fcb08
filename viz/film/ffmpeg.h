// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "viz/film/film.h"

namespace saggio::viz {

// The program ffmpeg, which is given raw frames and writes a file beside its place, to be renamed
// at the end. No shell stands between; its end of the line is a socket, so that a write after it
// has died is an error and no signal.
class Ffmpeg : public FilmWriter {
 public:
  static bool is_there();  // can be started

  Ffmpeg(const std::string& file, int32_t frames_a_second);
  Ffmpeg(const Ffmpeg&) = delete;
  ~Ffmpeg() override;  // ends it, and removes what it wrote, unless finish() was called

  void write(const Frame& frame) override;
  void finish() override;
  const std::string& place() const override { return file_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void start(uint32_t width, uint32_t height);
  void hang_up();
  int wait();
  [[noreturn]] void fail();

  std::string file_, aside_;
  int32_t frames_a_second_;
  std::unique_ptr<std::FILE, Close> said_;  // what it says on standard error
  int line_ = -1;
  pid_t process_ = 0;  // 0: not started, or ended
};

}  // namespace saggio::viz
