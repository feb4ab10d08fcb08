// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "viz/plan/backend.h"
#include "viz/session.h"

// A film is a command for each of its frames, and a picture after each: the same picture, bit by
// bit, that --render makes of the same state.
namespace saggio::viz {

struct FilmOptions {
  std::string path = "orbit";    // the camera once around, or "time": from the first version to the
                                 // one that is shown
  double seconds = 8;            // 0.1 to 3,600
  int32_t frames_a_second = 25;  // 1 to 120
};

// What is done before each frame, as of the session's state; while another version or another store
// is compared, a path through time compares each version with that, which stays as it is. Throws
// std::invalid_argument for options that are not allowed.
std::vector<Command> film_commands(const Session& session, const FilmOptions& options);

// Does them one by one; use(frame) after each. What `use` throws ends it.
void film(Session& session,
          Font& font,
          Backend& backend,
          const std::vector<Command>& commands,
          const std::function<void(const Frame&)>& use);

// Where frames go. What was begun and not finished leaves nothing behind but PNG files.
class FilmWriter {
 public:
  virtual ~FilmWriter() = default;
  virtual void write(const Frame& frame) = 0;
  virtual void finish() = 0;
  virtual const std::string& place() const = 0;  // the file, or the folder
};

// FILE.mp4, .mov, .mkv, .webm or .gif by ffmpeg; where that is missing numbered PNG files in the
// folder FILE.frames, and `note` says so. Any other name is that of a folder for PNG files. Throws
// std::invalid_argument for a folder that has something in it, std::runtime_error for what cannot
// be written. All frames are of one size.
std::unique_ptr<FilmWriter> film_writer(const std::string& file,
                                        int32_t frames_a_second,
                                        std::string& note);

}  // namespace saggio::viz
