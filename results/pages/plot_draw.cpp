// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "results/pages/escape.h"
#include "results/pages/plot.h"
#include "results/store/files.h"
#include "results/store/git_state.h"

namespace saggio::results {
namespace {

// Pictures can be drawn again, so nothing waits for the disk.
void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) {
    throw std::runtime_error(
        fmt::format("{}: cannot be written; check the folder's rights and the room on the disk",
                    file.string()));
  }
}

// Cairo stamps a PDF with the time. The date is overwritten by another of the same length, so that
// no offset in the file moves.
void remove_date(const std::filesystem::path& pdf) {
  constexpr std::string_view kKey = "/CreationDate (D:", kDate = "20000101000000";
  std::string content = read_file(pdf);
  const size_t at = content.find(kKey);
  if (at == std::string::npos) return;
  content.replace(at + kKey.size(), kDate.size(), kDate);
  write(pdf, content);
}

void run_gnuplot(const std::filesystem::path& folder, const std::string& script) {
  // -d: nobody's start-up file changes the picture.
  const ProgramOutput output = run_program({"env", "-C", folder.string(), "gnuplot", "-d", script},
                                           std::chrono::seconds(60));
  constexpr int kNotFound = 127;  // env's status
  if (output.end == ProgramOutput::End::kExited && output.status == kNotFound) {
    throw std::runtime_error(
        "gnuplot is not installed and plots are drawn by it: install the package gnuplot-nox, or "
        "ask for no plots");
  }
  if (output.end == ProgramOutput::End::kExited && output.status == 0) return;
  const std::string words =
      output.end == ProgramOutput::End::kTimedOut ? "took over 60 s" : output.err;
  throw std::runtime_error(fmt::format(
      "gnuplot could not draw {}: {}", (folder / script).string(), escape_control(words)));
}

}  // namespace

PlotFiles draw(const Plot& plot, const std::filesystem::path& folder) {
  const auto file = [&](const char* ending) { return folder / (plot.name + ending); };
  const PlotFiles files{file(".gp"), file(".tsv"), file(".svg"), file(".png"), file(".pdf")};
  std::filesystem::create_directories(folder);
  write(files.script, plot.script);
  write(files.data, plot.data);
  run_gnuplot(folder, files.script.filename().string());
  remove_date(files.pdf);
  return files;
}

}  // namespace saggio::results
