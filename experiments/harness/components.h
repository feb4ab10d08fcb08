// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiments/harness/study.h"
#include "experiments/harness/toml.h"

// The part of a study file that says what is compared: [component.*], [design] and `tasks`. Every
// complaint is std::invalid_argument with file:line, what is allowed and the nearest name.
namespace saggio::harness {

// A leaf as a config value; a list must be one of texts. And a table of them, checked.
Value leaf_value(const TomlItem& item, const std::string& key);
Value checked_value(const TomlItem& item, const std::string& key, const Schema& schema);
Values checked_values(const TomlItem& item, const Schema& schema);

// A relative path as one from `folder`, if this key names a file; any other value as it is.
Value starting_at(const std::filesystem::path& folder,
                  const std::string& key,
                  Value value,
                  const Schema& schema);

// In the order of the file. `metric` is what is tuned on unless a component says otherwise.
std::vector<Component> read_components(const TomlItem* item,
                                       const ModuleInfo& module,
                                       const std::string& metric);

Design read_design(const TomlItem* item,
                   const Schema& schema,
                   const std::vector<Component>& components);

// `tasks = "data"`: that component's alternatives, taken out of `components`. Without the key one
// task without a name, which changes nothing.
std::vector<Task> take_tasks(const TomlItem* item, std::vector<Component>& components);

}  // namespace saggio::harness
