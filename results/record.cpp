// SPDX-License-Identifier: MIT
#include "results/record.h"

#include <array>
#include <stdexcept>

namespace saggio::results {
namespace {
constexpr std::array<std::string_view, 5> kNames = {
    "finished", "diverged", "budget exhausted", "stopped", "failed"};
}

std::string_view name(Outcome outcome) { return kNames.at(static_cast<size_t>(outcome)); }

Outcome outcome_from_name(std::string_view text) {
  for (size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == text) return static_cast<Outcome>(i);
  throw std::invalid_argument("outcome '" + std::string(text) +
                              "', allowed finished, diverged, budget exhausted, stopped, failed");
}

void Ledger::set(std::string_view component, std::string_view quantity, double value) {
  components_[std::string(component)][std::string(quantity)] = value;
}

void Ledger::add(std::string_view component, std::string_view quantity, double value) {
  components_[std::string(component)][std::string(quantity)] += value;
}

double Ledger::total(std::string_view quantity) const {
  const std::string key(quantity);
  double sum = 0;
  for (const auto& [component, entries] : components_) {
    const auto entry = entries.find(key);
    if (entry == entries.end()) continue;
    if (component.empty()) return entry->second;
    sum += entry->second;
  }
  return sum;
}

bool Ledger::has(std::string_view quantity) const {
  for (const auto& [component, entries] : components_)
    if (entries.contains(std::string(quantity))) return true;
  return false;
}

}  // namespace saggio::results
