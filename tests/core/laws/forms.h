// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "support/law_points.h"

namespace isoflop::test {

// Values of variables and parameters: x("N").
class Point {
 public:
  explicit Point(Named values) : values_(std::move(values)) {}
  double operator()(const std::string& name) const { return values_.at(name); }

 private:
  Named values_;
};

// A law written a second time in C++, as the paper writes it, by the names of its file.
using Form = std::function<double(const Point& x)>;

// By id: the laws of these categories.
const std::map<std::string, Form>& allocation_forms();
const std::map<std::string, Form>& hyperparameter_forms();
const std::map<std::string, Form>& inference_forms();
const std::map<std::string, Form>& task_forms();

}  // namespace isoflop::test
