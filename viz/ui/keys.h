// SPDX-License-Identifier: MIT
#pragma once

// Keys as GLFW numbers them, which is by what is printed on them where that is a character.
namespace saggio::viz::ui::key {

inline constexpr int kSpace = 32, kMinus = 45, kComma = 44, kPeriod = 46, kSlash = 47, kEqual = 61,
                     kBefore = 91, kAfter = 93, kEscape = 256, kEnter = 257, kTab = 258,
                     kBackspace = 259, kDelete = 261, kRight = 262, kLeft = 263, kDown = 264,
                     kUp = 265, kHome = 268, kEnd = 269, kF1 = 290, kPadMinus = 333, kPadPlus = 334,
                     kLeftShift = 340, kLeftControl = 341, kLeftAlt = 342, kRightShift = 344,
                     kRightControl = 345, kRightAlt = 346;

}  // namespace saggio::viz::ui::key
