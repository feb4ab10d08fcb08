// SPDX-License-Identifier: MIT
#include "experiments/harness/roofline.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "results/store/files.h"

namespace saggio::harness {
namespace {

constexpr double kHighestHertz = 6.5e9;  // above every processor sold so far

struct Width {
  std::string_view flag, name;
  double flops_per_cycle, bytes_per_cycle;
};

// The widest first. Two units, a multiply-add counts two; bytes: two loads and a store.
constexpr Width kWidths[] = {{"amx_bf16", "AMX bf16 tiles", 2048, 192},
                             {"avx512_bf16", "two AVX-512 bf16 dot products", 128, 192},
                             {"avx512f", "two AVX-512 multiply-adds", 64, 192},
                             {"fma", "two AVX2 multiply-adds", 32, 96},
                             {"sse2", "an SSE multiplication and an addition", 8, 48}};
constexpr Width kUnknown = {"", "eight 512-bit multiply-adds", 256, 512};

// The flags of the first processor, each between spaces.
std::string flags_of(std::string_view cpuinfo) {
  const size_t begin = cpuinfo.find("\nflags");
  if (begin == std::string_view::npos) return "";
  const size_t colon = cpuinfo.find(':', begin), end = cpuinfo.find('\n', begin + 1);
  if (colon == std::string_view::npos || colon > end) return "";
  return std::string(cpuinfo.substr(colon + 1, end - colon - 1)) + " ";
}

double highest_hertz() {
  std::ifstream file("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq");
  double kilohertz = 0;
  return file >> kilohertz && kilohertz > 0 ? 1e3 * kilohertz : kHighestHertz;
}

}  // namespace

Limits limits_of(std::string_view cpuinfo, double hertz, unsigned threads) {
  const std::string flags = flags_of(cpuinfo);
  const auto* found = std::find_if(std::begin(kWidths), std::end(kWidths), [&](const Width& width) {
    return flags.find(fmt::format(" {} ", width.flag)) != std::string::npos;
  });
  const Width& width = found == std::end(kWidths) ? kUnknown : *found;
  const double cycles = hertz * threads;
  return {.flops_per_second = cycles * width.flops_per_cycle,
          .bytes_per_second = cycles * width.bytes_per_cycle,
          .derivation = fmt::format("{} threads x {:.2g} GHz x {} or {:g} bytes a cycle",
                                    threads,
                                    hertz / 1e9,
                                    width.name,
                                    width.bytes_per_cycle)};
}

Limits limits_of_this_machine() {
  const std::string cpuinfo =
      std::filesystem::exists("/proc/cpuinfo") ? results::read_file("/proc/cpuinfo") : "";
  return limits_of(cpuinfo, highest_hertz(), std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace saggio::harness
