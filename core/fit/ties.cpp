// SPDX-License-Identifier: Apache-2.0
#include "core/fit/ties.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "core/laws/suggestion.h"

namespace isoflop {
namespace {

// Nodes are shared within an expression, so what became of each is remembered.
class Substitution {
 public:
  explicit Substitution(const ResolvedTies& ties) : ties_(ties) {}

  NodePtr operator()(const NodePtr& node) {
    if (const auto known = done_.find(node.get()); known != done_.end()) return known->second;
    NodePtr result = node;
    if (node->kind == NodeKind::kName) {
      if (const auto tie = ties_.find(node->text); tie != ties_.end()) result = tie->second.root;
    } else if (!node->arguments.empty()) {
      std::vector<NodePtr> arguments;
      bool changed = false;
      for (const NodePtr& argument : node->arguments) {
        arguments.push_back((*this)(argument));
        changed |= arguments.back() != argument;
      }
      if (changed) {
        Node copy = *node;
        copy.arguments = std::move(arguments);
        result = std::make_shared<const Node>(std::move(copy));
      }
    }
    done_.emplace(node.get(), result);
    return result;
  }

 private:
  const ResolvedTies& ties_;
  std::unordered_map<const Node*, NodePtr> done_;
};

class Resolver {
 public:
  Resolver(const Law& law, std::map<std::string, Expression> raw) : law_(law), raw_(std::move(raw)) {}

  Status add(const std::string& name) {
    if (resolved_.count(name)) return Done{};
    for (const std::string& open : open_)
      if (open == name) return invalid_argument("the ties go in a circle: " + name + " is tied to itself", name);
    open_.push_back(name);
    const Expression& tie = raw_.at(name);
    for (const std::string& used : tie.names()) {
      if (raw_.count(used)) {
        if (auto status = add(used); !status) return status;
      } else if (law_.parameter_index(used) < 0) {
        std::vector<std::string> names;
        for (const LawParameter& parameter : law_.parameters) names.push_back(parameter.name);
        return invalid_argument("the tie of " + name + " names \"" + used + "\", which is no parameter of " +
                                    law_.title + suggestion(used, names),
                                name);
      }
    }
    open_.pop_back();
    resolved_[name] = substitute(tie, resolved_);
    return Done{};
  }

  ResolvedTies take() { return std::move(resolved_); }

 private:
  const Law& law_;
  std::map<std::string, Expression> raw_;
  std::vector<std::string> open_;
  ResolvedTies resolved_;
};

}  // namespace

Expression substitute(const Expression& expression, const ResolvedTies& ties) {
  if (ties.empty()) return expression;
  Expression result = expression;
  result.root = Substitution(ties)(expression.root);
  return result;
}

Result<ResolvedTies> resolve_ties(const Law& law, const std::map<std::string, std::string>& ties) {
  std::map<std::string, Expression> raw;
  for (const auto& [name, text] : ties) {
    if (law.parameter_index(name) < 0) {
      std::vector<std::string> names;
      for (const LawParameter& parameter : law.parameters) names.push_back(parameter.name);
      return invalid_argument(law.title + " has no parameter \"" + name + "\" to tie" + suggestion(name, names), name);
    }
    auto parsed = parse_expression(text);
    if (!parsed) {
      Error error = parsed.error();
      error.message = "the tie of " + name + ", \"" + text + "\": " + error.message;
      return error;
    }
    raw.emplace(name, *std::move(parsed));
  }
  Resolver resolver(law, raw);
  for (const auto& [name, expression] : raw)
    if (auto status = resolver.add(name); !status) return status.error();
  return resolver.take();
}

}  // namespace isoflop
