// SPDX-License-Identifier: MIT
#pragma once

#include <string>

// What metrics and ledger quantities are called on paper.
namespace saggio::results {

struct QuantityLabel {
  std::string text, unit;
};

// "heldout/bits_per_byte" -> "heldout bits per byte"; "seconds" -> "time", "s"; "latency_ms" ->
// "latency", "ms".
QuantityLabel quantity_label(const std::string& quantity);

// The ledger quantity behind a short name: "params" -> "parameters"; anything else is itself.
std::string quantity_of(const std::string& column);

// A cost that is counted, not measured: written exactly or with an SI prefix.
bool is_counted(const std::string& quantity);

}  // namespace saggio::results
