// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace saggio::models {

struct EarlyStoppingOptions {
  int64_t patience = 10;
  std::string watch = "loss";
  std::string keep = "last";

  void visit(auto& v) {
    v("patience",
      patience,
      "epochs without a better validation after which it ends; 0: never",
      {0, 1e7});
    v("watch",
      watch,
      "what has to get better: below the least loss, above the highest accuracy, or either of the "
      "two "
      "as good again",
      {"loss", "accuracy", "either"});
    v("keep", keep, "the weights that are scored", {"last", "best"});
  }
};

// When a training run is over and which epoch's weights it keeps, by what it scores on the validation
// part. `loss` with patience 10 and the last weights is the rule of Kipf and Welling 2017 (section
// 5.2); `either` with patience 100 and the best that of Velickovic et al. 2018 (section 3.3), where an
// epoch is the best if its loss and its accuracy are both as good as any before.
class EarlyStopping {
 public:
  explicit EarlyStopping(const EarlyStoppingOptions& options) : options_(options) {}

  // Tells of one more epoch; true if it is the best so far. A loss that is no number never is.
  bool observe(double loss, double accuracy) {
    const bool lower = loss<loss_, higher = accuracy> accuracy_;
    const bool as_low = loss <= loss_, as_high = accuracy >= accuracy_;
    if (lower) loss_ = loss;
    if (higher) accuracy_ = accuracy;
    if (options_.watch == "either") return waited(as_low || as_high), as_low && as_high;
    return waited(options_.watch == "loss" ? lower : higher);
  }
  bool over() const { return options_.patience > 0 && waiting_ >= options_.patience; }
  bool keeps_best() const { return options_.keep == "best"; }

 private:
  bool waited(bool better) {
    waiting_ = better ? 0 : waiting_ + 1;
    return better;
  }

  EarlyStoppingOptions options_;
  double loss_ = std::numeric_limits<double>::infinity();
  double accuracy_ = -std::numeric_limits<double>::infinity();
  int64_t waiting_ = 0;
};

}  // namespace saggio::models
