// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "viz/paper/paper.h"
#include "viz/plan/backend.h"

// Pictures as files: what `saggio view --render` writes, and what the window saves.
namespace saggio::viz {

// What the name of a picture's file asks for; nullopt: pixels (.png). Throws std::invalid_argument
// for any other ending.
std::optional<PaperFormat> paper_asked(const std::string& file);

// Replaces the file as a whole, or leaves it as it was. `backend` draws pixels; it may be null for
// papers. Throws what drawing throws, and std::runtime_error if the file cannot be written.
void write_picture(const std::string& file, const RenderPlan& plan, Font& font, Backend* backend);

// The first of picture.png, picture-2.png, ... that is not there in the current folder.
std::string free_picture_name();

}  // namespace saggio::viz
