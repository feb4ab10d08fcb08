// SPDX-License-Identifier: MIT
//
// Training steps of one model, to be compared with the same model in PyTorch by
// tests/peers/training_step.py, which starts both and reads the JSON that they print.
//
//   training_step nano_char|ten_million STEPS THREADS FOLDER
//
// FOLDER gets the initial weights and the batches, unless they are there: start/tensors.safetensors.
#include <ATen/ATen.h>
#include <ATen/record_function.h>
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "kernels/gradient_norm.h"
#include "models/checkpoint.h"
#include "models/numerics.h"
#include "models/optim/gradients.h"
#include "models/training.h"
#include "models/transformer.h"

namespace saggio::models {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Setting {
  TransformerOptions model;
  int64_t batch, context;
  double lr;
};
constexpr int64_t kVocabulary = 65;

// nanoGPT's configuration for a CPU, and its model for one GPU in smaller batches.
Setting setting_of(std::string_view name) {
  TransformerOptions model{.width = 128,
                           .layers = 4,
                           .heads = 4,
                           .ffn_width = 512,
                           .position = "learned",
                           .activation = {.kind = "gelu"},
                           .norm = "layernorm_nobias"};
  if (name == "nano_char") return {model, 12, 64, 1e-3};
  if (name != "ten_million")
    throw std::invalid_argument(fmt::format("'{}', allowed nano_char, ten_million", name));
  model.width = 384, model.layers = model.heads = 6, model.ffn_width = 1536;
  return {model, 4, 256, 1e-3};
}

// Time in products of matrices, forward and backward, by ATen's own account.
class ProductClock {
 public:
  ProductClock() {
    handle_ = at::addThreadLocalCallback(
        at::RecordFunctionCallback(&ProductClock::begin, &ProductClock::end)
            .scopes({at::RecordScope::FUNCTION}));
    spent_ms() = 0;
  }
  ~ProductClock() { at::removeCallback(handle_); }
  static double& spent_ms() {
    static thread_local double spent = 0;
    return spent;
  }

 private:
  struct Began : at::ObserverContext {
    Clock::time_point at = Clock::now();
  };
  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
    static constexpr std::array<std::string_view, 5> kProducts = {
        "aten::mm",
        "aten::bmm",
        "aten::addmm",
        "aten::_scaled_dot_product_flash_attention_for_cpu",
        "aten::_scaled_dot_product_flash_attention_for_cpu_backward"};
    const std::string_view name = function.name();
    const bool counts = std::find(kProducts.begin(), kProducts.end(), name) != kProducts.end();
    return counts ? std::make_unique<Began>() : nullptr;
  }
  static void end(const at::RecordFunction&, at::ObserverContext* context) {
    if (context != nullptr) spent_ms() += milliseconds_since(static_cast<Began*>(context)->at);
  }
  at::CallbackHandle handle_;
};

at::Tensor text(int64_t steps, const Setting& s) {
  at::Tensor all = at::empty({steps, s.batch, s.context + 1}, at::kLong);
  results::Stream draw(7);
  auto* tokens = all.mutable_data_ptr<int64_t>();  // a walk: something can be learned
  int64_t at = 0;
  for (int64_t i = 0; i < all.numel(); ++i)
    tokens[i] = at = (at + static_cast<int64_t>(draw.below(5))) % kVocabulary;
  return all;
}

nlohmann::json run(std::string_view name, int64_t steps, const std::filesystem::path& folder) {
  const Setting s = setting_of(name);
  const Transformer model(s.model, kVocabulary, s.context, results::Stream(1));
  at::Tensor batches = text(steps, s);
  NamedTensors start = model.parameters();
  start.push_back({"batches", batches});
  if (std::filesystem::exists(folder / "start"))
    load_checkpoint(folder / "start", start);
  else
    std::filesystem::create_directories(folder / "start"),
        save_checkpoint(folder / "start", start, {});

  Trainer trainer(model.parameters(),
                  {.steps = steps, .optimizer = {.lr = s.lr}, .schedule = {.schedule = "constant"}},
                  results::Stream(2));
  nlohmann::json losses, times, products;
  for (int64_t i = 0; i < steps; ++i) {
    const at::Tensor rows = batches[i];
    const bool watched = i % 10 == 9;  // watching costs time: these steps do not count as time
    std::optional<ProductClock> clock;
    if (watched) clock.emplace();
    const auto begin = Clock::now();
    const StepReport report = trainer.step([&] {
      const at::Tensor logits = model.forward(rows.slice(1, 0, s.context));
      return BatchLoss{cross_entropy(logits, rows.slice(1, 1)), logits};
    });
    const double took = milliseconds_since(begin);
    losses.push_back(report.loss);
    if (watched)
      products.push_back(ProductClock::spent_ms() / took);
    else
      times.push_back(took);
  }

  // The parts besides forward and backward, on the gradients of the last step.
  nlohmann::json norm_and_clip, step;
  const auto optimizer = make_optimizer({.lr = 0}, model.parameters(), steps, results::Stream(3));
  for (int i = 0; i < 20; ++i) {
    auto begin = Clock::now();
    const double factor = kernels::clip_factor(gradient_norm(model.parameters()), 1);
    norm_and_clip.push_back(milliseconds_since(begin));  // the scaling itself is part of the step
    begin = Clock::now();
    optimizer->step({.lr = 0, .gradient_scale = factor});
    step.push_back(milliseconds_since(begin));
  }
  return {{"losses", losses},
          {"step_ms", times},
          {"product_share", products},
          {"norm_and_clip_ms", norm_and_clip},
          {"optimizer_ms", step}};
}

}  // namespace
}  // namespace saggio::models

int main(int argc, char** argv) {
  try {
    if (argc != 5) throw std::invalid_argument("usage: training_step MODEL STEPS THREADS FOLDER");
    mallopt(M_MMAP_THRESHOLD, 1 << 30),
        mallopt(M_TRIM_THRESHOLD, 1 << 30);  // as saggio-worker does
    saggio::models::set_numerics(std::stoi(argv[3]));
    std::cout << saggio::models::run(argv[1], std::stoll(argv[2]), argv[4]).dump() << "\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 2;
  }
}
