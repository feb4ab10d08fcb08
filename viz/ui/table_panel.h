// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// What is selected, or all that is shown if nothing is, in rows that can be sorted by any column.
class TablePanel {
 public:
  void draw(Panel& panel, const Box& where, uint64_t seen);

 private:
  struct Row {
    Slot node = 0;
    std::string label;  // once it was on the screen, or sorted by
    uint32_t degree = 0;
  };
  void gather(Panel& panel);
  void sort(Panel& panel, int column, bool down);
  void row(Panel& panel, Row& row, bool first);

  std::vector<Row> rows_;
  uint64_t seen_ = 0;
  bool selected_ = false, stale_ = true;
};

}  // namespace saggio::viz::ui
