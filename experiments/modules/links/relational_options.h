// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "models/knowledge_graph/nbfnet.h"

// What link prediction asks of the models that read the graph.
namespace saggio::experiments {

struct NbfnetTrainOptions {
  models::NbfnetOptions model;
  int64_t negatives = 32;
  double temperature = 1;
  std::string hidden = "facts";

  void visit(auto& v) {
    model.visit(v);
    v("negatives", negatives, "wrong answers that the truth is held against", {1, 1e5}, 32);
    v("temperature",
      temperature,
      "of the weights of wrong answers, the likelier the heavier; 0: all alike",
      {0, 100},
      1);
    v("hidden",
      hidden,
      "what a batch's questions may not see: the facts asked for, or every fact between the ends "
      "of an answer, right or wrong",
      {"facts", "pairs"},
      "facts");
  }
};

struct UltraLinkOptions {
  std::string weights;

  void visit(auto& v) {
    v.file("weights", weights, "a published checkpoint: data:weights/ultra_3g");
  }
};

}  // namespace saggio::experiments
