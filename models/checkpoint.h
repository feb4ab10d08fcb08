// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "models/named_tensors.h"
#include "results/random.h"

// A point of a run that it can continue from with the same bits: tensors.safetensors and, for all
// that is no tensor (step, stream positions, position in the data), state.json. Which folder, when
// and how durably is the caller's business.
namespace saggio::models {

void save_checkpoint(const std::filesystem::path& folder,
                     const NamedTensors& tensors,
                     const nlohmann::json& state);

// Copies the stored values into the tensors of the same names and returns the state. Throws
// std::runtime_error naming the file and the tensor if the names, types or shapes are not exactly
// those stored; nothing has been copied then.
nlohmann::json load_checkpoint(const std::filesystem::path& folder, const NamedTensors& tensors);

nlohmann::json to_json(const results::Stream& stream);
results::Stream stream_from_json(const nlohmann::json& json);

}  // namespace saggio::models
