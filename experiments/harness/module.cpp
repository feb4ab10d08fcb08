// SPDX-License-Identifier: MIT
#include "experiments/harness/module.h"

#include <fmt/format.h>

namespace saggio::harness {
namespace {

struct Registry {
  std::map<std::string, ModuleEntry> entries;
  std::vector<std::string> problems;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

}  // namespace

const std::map<std::string, ModuleEntry>& modules() { return registry().entries; }

std::vector<std::string> registration_problems() { return registry().problems; }

void register_module(ModuleEntry entry) {
  const std::string name = entry.name;
  if (!registry().entries.emplace(name, std::move(entry)).second)
    registry().problems.push_back(
        fmt::format("two modules are called '{}'; rename one of them", name));
}

}  // namespace saggio::harness
