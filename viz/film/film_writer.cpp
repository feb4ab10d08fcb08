// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "viz/film/ffmpeg.h"
#include "viz/film/film.h"

namespace saggio::viz {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_place(const std::string& place) {
  throw std::runtime_error(
      fmt::format("{}: the film cannot be written there; give another place, or make room", place));
}

// Numbered PNG files.
class Pictures : public FilmWriter {
 public:
  explicit Pictures(std::string folder) : folder_(std::move(folder)) {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error || !fs::is_directory(folder_, error)) refuse_place(folder_);
    if (!fs::is_empty(folder_, error))
      throw std::invalid_argument(fmt::format(
          "{}: this folder has something in it; give another one, or empty it", folder_));
  }
  void write(const Frame& frame) override {
    const std::string file = fmt::format("{}/frame_{:05}.png", folder_, count_++);
    const std::string bytes = png(frame);
    std::ofstream out(file, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) refuse_place(file);
  }
  void finish() override {}
  const std::string& place() const override { return folder_; }

 private:
  std::string folder_;
  size_t count_ = 0;
};

}  // namespace

std::unique_ptr<FilmWriter> film_writer(const std::string& file,
                                        int32_t frames_a_second,
                                        std::string& note) {
  constexpr std::array<std::string_view, 5> kFilms = {".mp4", ".mov", ".mkv", ".webm", ".gif"};
  const std::string ending = fs::path(file).extension().string();
  if (std::find(kFilms.begin(), kFilms.end(), ending) == kFilms.end())
    return std::make_unique<Pictures>(file);
  const fs::path folder = fs::path(file).parent_path();
  std::error_code error;
  if (!folder.empty() && !fs::is_directory(folder, error)) refuse_place(file);
  if (Ffmpeg::is_there()) return std::make_unique<Ffmpeg>(file, frames_a_second);
  auto pictures = std::make_unique<Pictures>(file + ".frames");
  note = fmt::format(
      "ffmpeg is not there (apt-get install ffmpeg), so the film is PNG files: with it, ffmpeg "
      "-framerate {} -i {}/frame_%05d.png -pix_fmt yuv420p {}",
      frames_a_second,
      pictures->place(),
      file);
  return pictures;
}

}  // namespace saggio::viz
