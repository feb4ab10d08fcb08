// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

// The parts of a line. All complaints are std::invalid_argument, without the place.
namespace saggio::graph {

// Without white space at its ends.
std::string_view trimmed(std::string_view text);

// The fields of a line between white space, one after the other; borrows it.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_(trimmed(line)) {}

  bool more() const { return !rest_.empty(); }
  // Throws "no WHAT" if there is none.
  std::string_view next(std::string_view what);
  // Throws "more than ALLOWED" unless all have been taken.
  void end(std::string_view allowed) const;

 private:
  std::string_view rest_;
};

// Throws "WHAT = TEXT, allowed FIRST..LAST" if it is none of them.
uint64_t whole_number(std::string_view text,
                      std::string_view what,
                      uint64_t first,
                      uint64_t last = UINT64_MAX);

// As a store keeps weights. Throws "WHAT = TEXT, allowed a finite number".
float finite_number(std::string_view text, std::string_view what);

}  // namespace saggio::graph
