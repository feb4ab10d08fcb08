// SPDX-License-Identifier: MIT
#include "results/pages/quantity.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace saggio::results {

QuantityLabel quantity_label(const std::string& quantity) {
  static const std::map<std::string, QuantityLabel> kLedger{
      {"parameters", {"parameters", ""}},
      {"trainable_parameters", {"trainable parameters", ""}},
      {"active_parameters", {"active parameters", ""}},
      {"train_flops", {"training FLOPs", ""}},
      {"eval_flops", {"evaluation FLOPs", ""}},
      {"train_bytes", {"training data", "B"}},
      {"unique_train_bytes", {"unique training data", "B"}},
      {"peak_memory_bytes", {"peak memory", "B"}},
      {"seconds", {"time", "s"}},
      {"cpu_seconds", {"CPU time", "s"}}};
  const auto found = kLedger.find(quantity);
  if (found != kLedger.end()) return found->second;
  static const std::vector<std::pair<std::string, std::string>> kUnits{{"_ms", "ms"},
                                                                       {"_seconds", "s"},
                                                                       {"_bytes", "B"},
                                                                       {"_nats", "nats"},
                                                                       {"_bits", "bits"},
                                                                       {"_flops", "FLOP"},
                                                                       {"_tokens", "tokens"},
                                                                       {"_percent", "%"}};
  QuantityLabel label{quantity, ""};
  for (const auto& [ending, unit] : kUnits) {
    const size_t end = quantity.size() - std::min(quantity.size(), ending.size());
    if (end == 0 || quantity.compare(end, std::string::npos, ending) != 0) continue;
    if (quantity.find("_per_") != std::string::npos) continue;  // the name says it: tokens_per_ms
    label = {quantity.substr(0, end), unit};
  }
  std::replace_if(
      label.text.begin(), label.text.end(), [](char c) { return c == '_' || c == '/'; }, ' ');
  return label;
}

std::string quantity_of(const std::string& column) {
  static const std::map<std::string, std::string> kShort{{"params", "parameters"},
                                                         {"flops", "train_flops"},
                                                         {"bytes", "train_bytes"},
                                                         {"memory", "peak_memory_bytes"}};
  const auto found = kShort.find(column);
  return found == kShort.end() ? column : found->second;
}

bool is_counted(const std::string& quantity) {
  static const std::set<std::string> kCounted{"parameters",
                                              "trainable_parameters",
                                              "active_parameters",
                                              "train_flops",
                                              "eval_flops",
                                              "train_bytes",
                                              "unique_train_bytes",
                                              "peak_memory_bytes"};
  return kCounted.count(quantity) > 0;
}

}  // namespace saggio::results
