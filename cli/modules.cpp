// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace saggio::cli {
namespace {

using harness::FieldSpec;
using harness::ModuleInfo;

const ModuleInfo& find_module(const harness::Modules& modules, const std::string& name) {
  const auto found = modules.find(name);
  if (found != modules.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [one, info] : modules) known.push_back(one);
  throw std::invalid_argument(fmt::format("module '{}': no such module{}; there are {}",
                                          name,
                                          harness::did_you_mean(name, known),
                                          fmt::join(known, ", ")));
}

std::string allowed(const FieldSpec& field) {
  if (!field.choices.empty()) return fmt::format("{}", fmt::join(field.choices, " | "));
  switch (field.type) {
    case FieldSpec::Type::kBool:
      return "true | false";
    case FieldSpec::Type::kInteger:
    case FieldSpec::Type::kNumber:
      return fmt::format("{:g} .. {:g}", field.range.low, field.range.high);
    case FieldSpec::Type::kText:
      return "text";
    case FieldSpec::Type::kFile:
      return "a path, or data:NAME";
    case FieldSpec::Type::kList:
      return "[\"..\", ..]";
    case FieldSpec::Type::kTable:
      return "any keys below";
  }
  return "";
}

std::string shown_default(const FieldSpec& field) {
  const std::string text = harness::text(field.fallback);
  return text.empty() ? "\"\"" : text;
}

void print_reference(const ModuleInfo& module) {
  fmt::print("{} {}: {}\n\n", module.name, module.version, module.summary);
  size_t key_width = 3, default_width = 7, allowed_width = 7;
  for (const FieldSpec& field : module.schema) {
    key_width = std::max(key_width, field.key.size());
    default_width = std::max(default_width, shown_default(field).size());
    allowed_width = std::max(allowed_width, allowed(field).size());
  }
  fmt::print("  {:<{}}  {:<{}}  {:<{}}  meaning\n",
             "key",
             key_width,
             "default",
             default_width,
             "allowed",
             allowed_width);
  for (const FieldSpec& field : module.schema)
    fmt::print("  {:<{}}  {:<{}}  {:<{}}  {}\n",
               field.key,
               key_width,
               shown_default(field),
               default_width,
               allowed(field),
               allowed_width,
               field.meaning);
  if (!module.match_by.empty()) fmt::print("\nmatch solves {}\n", module.match_by);
}

}  // namespace

int list_modules(const Program& program, const std::string& name) {
  const harness::Modules modules =
      harness::read_worker_info(program.folder / "modules.json").modules;
  if (!name.empty()) {
    const ModuleInfo& module = find_module(modules, name);
    if (program.json)
      std::cout << harness::to_json(module.schema).dump(1) << "\n";
    else
      print_reference(module);
    return 0;
  }
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [one, info] : modules) {
    list.push_back({{"name", info.name}, {"version", info.version}, {"summary", info.summary}});
    if (!program.json) fmt::print("{:<16}  {}\n", info.name, info.summary);
  }
  if (program.json) std::cout << list.dump(1) << "\n";
  return 0;
}

}  // namespace saggio::cli
