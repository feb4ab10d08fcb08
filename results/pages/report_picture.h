// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace saggio::results {

// A picture as a piece of HTML that needs no file beside it: an SVG as an element whose ids start
// with `prefix` (so that several go on one page), a PNG as data. `description` is for readers who
// do not see it. Throws std::runtime_error naming the file if it is neither, or holds a script.
std::string inline_picture(const std::filesystem::path& file,
                           const std::string& prefix,
                           const std::string& description);

}  // namespace saggio::results
