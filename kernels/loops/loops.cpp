// SPDX-License-Identifier: MIT
// Compiled once per instruction set; SAGGIO_LOOPS is the table's name in each (CMakeLists.txt).
// Includes nothing of the standard library: an inline function that the linker takes from the unit
// with the widest instructions would fault on a processor without them.
#include "kernels/loops/loops.h"

#include "kernels/loops/activation_loop.h"
#include "kernels/loops/adamw_loop.h"
#include "kernels/loops/gradient_loop.h"
#include "kernels/loops/relational_loop.h"
#include "kernels/loops/segment_loop.h"
#include "kernels/loops/spmm_loop.h"

namespace saggio::kernels {

extern const Loops SAGGIO_LOOPS;
const Loops SAGGIO_LOOPS = {adamw_loop,
                            sum_of_squares_loop,
                            scale_loop,
                            activation_loop,
                            exp_minus_loop,
                            spmm_sum_loop,
                            spmm_max_loop,
                            spmm_max_backward_loop,
                            edge_dot_loop,
                            segment_softmax_loop,
                            segment_softmax_backward_loop,
                            relational_sum_loop,
                            relational_pna_loop,
                            sender_gradient_loop,
                            type_gradient_loop};

}  // namespace saggio::kernels
