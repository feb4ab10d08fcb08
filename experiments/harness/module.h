// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/harness/config.h"
#include "experiments/harness/context.h"
#include "experiments/harness/probe.h"
#include "results/record.h"

// A pluggable experiment. One file in experiments/modules defines a struct that fulfils `Module`
// and registers it:
//
//   struct Hello {
//     static constexpr std::string_view name = "hello", version = "1",
//                                       summary = "Does X help Y at equal cost?";
//     struct Config { ... void visit(auto& v); };
//     static results::Record run(const Config& config, Context& context);
//   };
//   const harness::Register<Hello> registered;
//
// Optional members: `static Probe probe(const Config&, Context&)` for the honesty gates; `static
// std::map<std::string, double> count(const Config&)` (cheap: no training; "params", ...) and
// `static constexpr std::string_view match_by` (the key that `match` may solve for) for arms of
// equal cost. `version` changes when the same config would give other results.
namespace saggio::harness {

template <typename T>
concept Module = requires(const typename T::Config& config,
                          typename T::Config& mutable_config,
                          Fields& fields,
                          Context& context) {
  { T::name } -> std::convertible_to<std::string_view>;
  { T::version } -> std::convertible_to<std::string_view>;
  { T::summary } -> std::convertible_to<std::string_view>;
  mutable_config.visit(fields);
  { T::run(config, context) } -> std::same_as<results::Record>;
};

// Thrown by a module that was asked for a device which this program or machine does not have.
struct DeviceMissing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Counts = std::map<std::string, double>;

// A module without its types.
struct ModuleEntry {
  std::string name, version, summary;
  Schema schema;
  std::string match_by;  // empty: cannot be matched
  std::function<results::Record(const Values&, Context&)> run;
  std::function<Probe(const Values&, Context&)> probe;  // empty: has none
  std::function<Counts(const Values&)> count;           // empty: has none
};

// The registered modules, by name: the only process-wide state, filled before main.
const std::map<std::string, ModuleEntry>& modules();
std::vector<std::string>
registration_problems();  // duplicate names, reported by the program rather than thrown before main
void register_module(ModuleEntry entry);

template <Module T>
struct Register {
  Register() {
    ModuleEntry entry{.name = std::string(T::name),
                      .version = std::string(T::version),
                      .summary = std::string(T::summary),
                      .schema = schema_of<typename T::Config>(),
                      .match_by = {},
                      .run = [](const Values& v,
                                Context& c) { return T::run(config_of<typename T::Config>(v), c); },
                      .probe = {},
                      .count = {}};
    if constexpr (requires { T::match_by; }) entry.match_by = T::match_by;
    if constexpr (requires(const typename T::Config& c, Context& x) { T::probe(c, x); })
      entry.probe = [](const Values& v, Context& c) {
        return T::probe(config_of<typename T::Config>(v), c);
      };
    if constexpr (requires(const typename T::Config& c) { T::count(c); })
      entry.count = [](const Values& v) { return T::count(config_of<typename T::Config>(v)); };
    register_module(std::move(entry));
  }
};

}  // namespace saggio::harness
