// SPDX-License-Identifier: MIT
#include "viz/paper/picture_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "viz/plan/overlay.h"

namespace saggio::viz {
namespace fs = std::filesystem;

namespace {

// Beside its place first, so that a picture is there whole or not at all.
void write_file(const std::string& file, const std::string& bytes) {
  const std::string aside = file + ".part";
  std::ofstream out(aside, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code error;
  if (out) fs::rename(aside, file, error);
  if (out && !error) return;
  std::error_code ignored;
  fs::remove(aside, ignored);
  throw std::runtime_error(fmt::format(
      "{}: the picture cannot be written there; give another place, or make room", file));
}

}  // namespace

std::optional<PaperFormat> paper_asked(const std::string& file) {
  const std::string kind = fs::path(file).extension().string();
  if (kind == ".svg") return PaperFormat::Svg;
  if (kind == ".pdf") return PaperFormat::Pdf;
  if (kind == ".png") return std::nullopt;
  throw std::invalid_argument(
      fmt::format("a picture called {}, allowed: a name that ends in .png, .svg or .pdf", file));
}

void write_picture(const std::string& file, const RenderPlan& plan, Font& font, Backend* backend) {
  const std::optional<PaperFormat> paper = paper_asked(file);
  write_file(file,
             paper ? paper_of(plan, font, standard_font_file(), *paper)
                   : png(backend->draw(plan, overlay_of(plan, font))));
}

std::string free_picture_name() {
  std::string name = "picture.png";
  for (int number = 2; fs::exists(name); ++number) name = fmt::format("picture-{}.png", number);
  return name;
}

}  // namespace saggio::viz
