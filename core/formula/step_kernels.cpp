// SPDX-License-Identifier: Apache-2.0
#include "core/formula/step_kernels.h"

#include <algorithm>

namespace isoflop {

using Op = Program::Op;

namespace {

Kernels::Binary binary_kernel(const Kernels& k, Op op) {
  switch (op) {
    case Op::kAdd:
      return k.add;
    case Op::kSubtract:
      return k.subtract;
    case Op::kMultiply:
      return k.multiply;
    case Op::kDivide:
      return k.divide;
    case Op::kMin:
      return k.minimum;
    case Op::kMax:
      return k.maximum;
    case Op::kLess:
      return k.less;
    case Op::kLessEqual:
      return k.less_equal;
    case Op::kEqual:
      return k.equal;
    default:
      return nullptr;
  }
}

Kernels::Unary unary_kernel(const Kernels& k, Op op) {
  switch (op) {
    case Op::kNegate:
      return k.negate;
    case Op::kExp:
      return k.exp;
    case Op::kExpm1:
      return k.expm1;
    case Op::kLog:
      return k.log;
    case Op::kLog1p:
      return k.log1p;
    case Op::kSqrt:
      return k.sqrt;
    case Op::kAbs:
      return k.abs;
    case Op::kSin:
      return k.sin;
    case Op::kCos:
      return k.cos;
    case Op::kTan:
      return k.tan;
    case Op::kAtan:
      return k.atan;
    case Op::kTanh:
      return k.tanh;
    case Op::kSigmoid:
      return k.sigmoid;
    default:
      return nullptr;
  }
}

}  // namespace

void apply_step(const Kernels& k, Op op, Operand a, Operand b, Operand c, double* out, double* scratch, std::size_t n) {
  if (const auto binary = binary_kernel(k, op)) return binary(a, b, out, n);
  if (op == Op::kSelect) {
    if (!a.values) std::fill(scratch, scratch + n, a.number);
    return k.select(a.values ? a.values : scratch, b, c, out, n);
  }
  if (op == Op::kValue) {
    if (a.values)
      std::copy(a.values, a.values + n, out);
    else
      std::fill(out, out + n, a.number);
    return;
  }
  unary_kernel(k, op)(a.values, out, n);
}

Kernels::Slope slope_kernel(const Kernels& k, Op op) {
  switch (op) {
    case Op::kExpm1:
      return k.slope_expm1;
    case Op::kLog:
      return k.slope_log;
    case Op::kLog1p:
      return k.slope_log1p;
    case Op::kSqrt:
      return k.slope_sqrt;
    case Op::kAbs:
      return k.slope_abs;
    case Op::kSin:
      return k.slope_sin;
    case Op::kCos:
      return k.slope_cos;
    case Op::kTan:
      return k.slope_tan;
    case Op::kAtan:
      return k.slope_atan;
    case Op::kTanh:
      return k.slope_tanh;
    case Op::kSigmoid:
      return k.slope_sigmoid;
    default:
      return nullptr;
  }
}

}  // namespace isoflop
