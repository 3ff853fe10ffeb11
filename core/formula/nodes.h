// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/formula/expression.h"

namespace isoflop {

// Nodes of expressions that are put together instead of read.
inline NodePtr number_node(double value) {
  auto node = std::make_shared<Node>();
  node->number = value;
  return node;
}

inline NodePtr name_node(std::string name) {
  auto node = std::make_shared<Node>();
  node->kind = NodeKind::kName;
  node->text = std::move(name);
  return node;
}

inline NodePtr call_node(Function function, std::vector<NodePtr> arguments) {
  auto node = std::make_shared<Node>();
  node->kind = NodeKind::kCall;
  node->function = function;
  node->arguments = std::move(arguments);
  return node;
}

}  // namespace isoflop
