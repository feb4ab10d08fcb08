// SPDX-License-Identifier: MIT
#include "kernels/flop_counter.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

namespace saggio::kernels {
namespace {

using Inputs = c10::ArrayRef<c10::IValue>;
using Formula = double (*)(Inputs);

at::IntArrayRef sizes(Inputs inputs, size_t index) {
  return inputs[index].toTensor().unsafeGetTensorImpl()->sizes();
}

double product(at::IntArrayRef dims) {
  double result = 1;
  for (const int64_t dim : dims) result *= static_cast<double>(dim);
  return result;
}

// [*, m, k] @ [*, k, n] or [m, k] @ [k]: every element of the left operand meets every column of
// the right one.
template <size_t kLeft>
double matrix_product(Inputs inputs) {
  const at::IntArrayRef right = sizes(inputs, kLeft + 1);
  const double columns = right.size() < 2 ? 1 : static_cast<double>(right.back());
  return 2 * product(sizes(inputs, kLeft)) * columns;
}

// query [B, H, T, Dh], key [B, H, S, Dh], value [B, H, S, Dv]: `wide` products over Dh and `deep`
// ones over Dv, each of B H T S multiply-adds per unit of width.
double attention(Inputs inputs, size_t query, double wide, double deep) {
  const at::IntArrayRef q = sizes(inputs, query), k = sizes(inputs, query + 1),
                        v = sizes(inputs, query + 2);
  const double scores = product(q.slice(0, q.size() - 1)) * static_cast<double>(k[k.size() - 2]);
  return 2 * scores * (wide * static_cast<double>(q.back()) + deep * static_cast<double>(v.back()));
}

double attention_forward(Inputs inputs) { return attention(inputs, 0, 1, 1); }  // scores; values
double attention_backward(Inputs inputs) {
  return attention(inputs, 1, 3, 2);
}  // scores, dQ, dK; dP, dV

// The distances of [*, P, D] from [*, R, D]: a difference, its power and a sum for each number.
double distances(Inputs inputs) {
  const at::IntArrayRef right = sizes(inputs, 1);
  return 3 * product(sizes(inputs, 0)) * static_cast<double>(right[right.size() - 2]);
}
// The gradient [*, P, R] goes to one of the sides; ATen calls this once for each.
double distances_backward(Inputs inputs) {
  return 3 * product(sizes(inputs, 0)) * static_cast<double>(sizes(inputs, 1).back());
}

const std::unordered_map<std::string_view, Formula>& formulas() {
  static const std::unordered_map<std::string_view, Formula> table = {
      {"mm", matrix_product<0>},
      {"bmm", matrix_product<0>},
      {"mv", matrix_product<0>},
      {"dot", matrix_product<0>},
      {"vdot", matrix_product<0>},
      {"addmm", matrix_product<1>},
      {"_addmm_activation", matrix_product<1>},
      {"addmv", matrix_product<1>},
      {"addbmm", matrix_product<1>},
      {"baddbmm", matrix_product<1>},
      {"_cdist_forward", distances},
      {"_cdist_backward", distances_backward},
      {"_scaled_dot_product_flash_attention_for_cpu", attention_forward},
      {"_scaled_dot_product_flash_attention_for_cpu_backward", attention_backward},
  };
  return table;
}

// O(1) per element, and neither pointwise by ATen's own tag, nor a view, nor a factory that says so
// in its schema.
constexpr std::string_view kMovesOrReduces =
    " _local_scalar_dense _reshape_copy _to_copy _unsafe_view cat clone constant_pad_nd copy "
    "detach embedding "
    "embedding_dense_backward"
    " fill flip gather index index_add index_copy index_put _index_put_impl index_select "
    "masked_fill masked_select nonzero"
    " repeat resize roll scatter scatter_add select_backward set slice_backward stack tril triu "
    "zero"
    " all amax amin any argmax argmin cumsum equal is_nonzero linalg_vector_norm logsumexp max "
    "mean min prod sum var var_mean"
    " _fused_rms_norm _fused_rms_norm_backward _log_softmax _log_softmax_backward_data _softmax "
    "_softmax_backward_data"
    " native_layer_norm native_layer_norm_backward nll_loss_forward nll_loss_backward"
    " elu elu_backward leaky_relu leaky_relu_backward"  // pointwise, but without the tag
    " _fused_sdp_choice"                                // chooses a kernel
    " _foreach_add _foreach_mul _foreach_norm _foreach_zero _fused_adamw _fused_sgd ";  // per
                                                                                        // parameter
                                                                                        // and step

bool moves_or_reduces(std::string_view name) {
  return kMovesOrReduces.find(" " + std::string(name) + " ") != std::string_view::npos ||
         name.ends_with("_like") || name.starts_with("new_");
}

bool is_view(const c10::FunctionSchema& schema) {
  for (const c10::Argument& result : schema.returns())
    if (result.alias_info() == nullptr || result.alias_info()->isWrite()) return false;
  return !schema.returns().empty();
}

bool reads_tensors(const c10::FunctionSchema& schema) {
  const auto is_tensor = [](const c10::Argument& argument) {
    const c10::TypePtr& type = argument.type();
    return type->isSubtypeOf(*c10::TensorType::get()) ||
           type->isSubtypeOf(*c10::ListType::ofTensors()) ||
           type->isSubtypeOf(*c10::OptionalType::ofTensor());
  };
  return std::ranges::any_of(schema.arguments(),
                             [&](const c10::Argument& a) { return !a.is_out() && is_tensor(a); });
}

enum class Kind { kFree, kComposed, kUncounted };

// What to do about an operation that has no formula.
Kind kind_of(std::string_view name, const c10::OperatorName& full_name) {
  if (moves_or_reduces(name)) return Kind::kFree;
  const auto op = c10::Dispatcher::singleton().findSchema(full_name);
  if (!op)
    return Kind::kUncounted;  // not the dispatcher's: a profiler's mark, a TorchScript function
  if (op->hasTag(at::Tag::pointwise) || is_view(op->schema()) || !reads_tensors(op->schema()))
    return Kind::kFree;
  return op->hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd)
             ? Kind::kComposed
             : Kind::kUncounted;
}

struct Tally {
  FlopCount count;
  int inside = 0;  // how many operations with a formula are running: what they call is theirs
  std::unordered_map<c10::OperatorName, Kind> kinds;
};

thread_local Tally* active =
    nullptr;  // ATen calls a plain function: this is the only way to reach the tally

struct Counted : at::ObserverContext {};

// "aten::addmm_" -> "addmm": in-place and out variants share their operation's formula.
std::string_view base_name(std::string_view name) {
  if (name.starts_with("aten::")) name.remove_prefix(6);
  if (name.ends_with('_')) name.remove_suffix(1);
  return name;
}

std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& function) {
  if (active == nullptr || active->inside > 0) return nullptr;
  const std::string_view name = base_name(function.name());
  if (const auto formula = formulas().find(name); formula != formulas().end()) {
    const double flops = formula->second(function.inputs());
    active->count.flops += flops;
    active->count.by_operation[std::string(name)] += flops;
    ++active->inside;
    return std::make_unique<Counted>();
  }
  const auto full_name = function.operator_name();
  if (!full_name) return nullptr;
  auto [kind, is_new] = active->kinds.try_emplace(*full_name);
  if (is_new) kind->second = kind_of(name, *full_name);
  if (kind->second == Kind::kUncounted) ++active->count.uncounted[std::string(name)];
  return nullptr;
}

void on_end(const at::RecordFunction&, at::ObserverContext* context) {
  if (context != nullptr && active != nullptr) --active->inside;
}

// Watches this thread while it lives.
class Watch {
 public:
  explicit Watch(Tally& tally) {
    active = &tally;
    handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(on_start, on_end)
                                             .needsInputs(true)
                                             .scopes({at::RecordScope::FUNCTION}));
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    at::removeCallback(handle_);
    active = nullptr;
  }

 private:
  at::CallbackHandle handle_ = 0;
};

}  // namespace

FlopCount count_flops(const std::function<void()>& work) {
  if (active != nullptr)
    throw std::logic_error("count_flops inside count_flops: count the outer work only");
  Tally tally;
  const Watch watch(tally);
  const at::RecordFunctionGuard enabled;
  work();
  return std::move(tally.count);
}

void count_kernel(const char* operation, double flops) {
  if (active == nullptr || active->inside > 0) return;
  active->count.flops += flops;
  active->count.by_operation[operation] += flops;
}

}  // namespace saggio::kernels
