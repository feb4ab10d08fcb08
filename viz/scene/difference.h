// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saggio::viz {

// What became of an element from one point to another, or from one store to another.
enum class Difference : uint8_t { Same, Added, Removed, Changed };
inline constexpr size_t kDifferences = 4;
inline constexpr std::array<std::string_view, kDifferences> kDifferenceNames = {
    "same", "added", "removed", "changed"};

// Of all elements of a scene that shows two graphs as one.
struct DifferenceColumns {
  std::vector<Difference> nodes, edges;  // [N], [M] by slot
  std::string before, after;             // what a person calls the two: "version 3"
};

using DifferenceCounts = std::array<size_t, kDifferences>;  // by Difference

}  // namespace saggio::viz
