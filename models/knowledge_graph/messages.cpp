// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/messages.h"

#include <torch/csrc/autograd/custom_function.h>

#include <utility>

namespace saggio::models {
namespace {

using kernels::Message;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct HeldGraph : torch::CustomClassHolder {
  explicit HeldGraph(SharedGraph held) : graph(std::move(held)) {}
  SharedGraph graph;
};

void keep(AutogradContext& context, const SharedGraph& graph, Message message) {
  context.saved_data["graph"] = at::IValue::make_capsule(c10::make_intrusive<HeldGraph>(graph));
  context.saved_data["message"] = static_cast<int64_t>(message);
}

const kernels::RelationalGraph& kept_graph(AutogradContext& context) {
  return *c10::static_intrusive_pointer_cast<HeldGraph>(context.saved_data["graph"].toCapsule())
              ->graph;
}

Message kept_message(AutogradContext& context) {
  return static_cast<Message>(context.saved_data["message"].toInt());
}

// x, r and boundary are [*, B D].
struct Sum : torch::autograd::Function<Sum> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& x,
                            const at::Tensor& r,
                            const at::Tensor& boundary,
                            const SharedGraph& graph,
                            Message message) {
    keep(*context, graph, message);
    context->save_for_backward({x, r});
    return kernels::relational_sum(*graph, message, x, r, boundary);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto result = kernels::relational_sum_backward(
        kept_graph(*context), kept_message(*context), gradients[0], saved[0], saved[1]);
    return {result.x, result.r, result.boundary, {}, {}};
  }
};

struct Statistics : torch::autograd::Function<Statistics> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& x,
                            const at::Tensor& r,
                            const at::Tensor& boundary,
                            const SharedGraph& graph,
                            Message message) {
    keep(*context, graph, message);
    auto result = kernels::relational_pna(*graph, message, x, r, boundary);
    context->save_for_backward({x, r, boundary, result.statistics, result.winner});
    return result.statistics;
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto result = kernels::relational_pna_backward(kept_graph(*context),
                                                         kept_message(*context),
                                                         gradients[0],
                                                         saved[0],
                                                         saved[1],
                                                         saved[2],
                                                         {saved[3], saved[4]});
    return {result.x, result.r, result.boundary, {}, {}};
  }
};

}  // namespace

at::Tensor message_sums(const SharedGraph& graph,
                        Message message,
                        const at::Tensor& x,
                        const at::Tensor& r,
                        const at::Tensor& boundary) {
  return Sum::apply(x.flatten(1), r.flatten(1), boundary.flatten(1), graph, message).view_as(x);
}

at::Tensor message_statistics(const SharedGraph& graph,
                              Message message,
                              const at::Tensor& x,
                              const at::Tensor& r,
                              const at::Tensor& boundary) {
  return Statistics::apply(x.flatten(1), r.flatten(1), boundary.flatten(1), graph, message);
}

}  // namespace saggio::models
