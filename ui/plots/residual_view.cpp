// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/residual_view.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/statistics.h"
#include "ui/plots/scene_series.h"

namespace isoflop::ui {
namespace {

constexpr std::size_t kBins = 12, kFewestNeighbours = 3;
constexpr double kOneSize = 1.03;  // sizes that differ by less are one
// Points far off do not decide how much of the others one sees.
constexpr double kShownShare = 0.98;

// The error of an unseen run, in percent of the observed response.
double unseen(const ComparedFit& law, const Comparison& comparison, std::size_t i) {
  const double ratio = comparison.left_out[i] != 0          ? law.held_out_residuals[i]
                       : !law.out_of_fold_residuals.empty() ? law.out_of_fold_residuals[i]
                                                            : law.residuals[i];
  return 100 * std::expm1(ratio);
}

AxisSpec size_axis(const std::string& name) {
  if (name == "flops") return {ResidualView::tr("compute C (FLOP)"), AxisScale::kLog, AxisFormat::kPower};
  if (name == "tokens") return {ResidualView::tr("tokens D"), AxisScale::kLog, AxisFormat::kCount};
  if (name == "params") return {ResidualView::tr("parameters N"), AxisScale::kLog, AxisFormat::kCount};
  return {QString::fromStdString(name), AxisScale::kLog, AxisFormat::kCount};
}

// Means over neighbours in x, about as many of each; runs of one size stay together.
void add_means(const std::vector<double>& x, const std::vector<double>& y, CurveSeries& curve) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  const std::size_t least = std::max<std::size_t>(kFewestNeighbours, x.size() / kBins);
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    double sum_x = 0, sum_y = 0;
    for (end = begin; end < order.size(); ++end) {
      const bool enough = end - begin >= least && order.size() - end >= kFewestNeighbours;
      if (enough && x[order[end]] > kOneSize * x[order[end - 1]]) break;
      sum_x += std::log(x[order[end]]);
      sum_y += y[order[end]];
    }
    const auto count = static_cast<double>(end - begin);
    curve.x.push_back(std::exp(sum_x / count));
    curve.y.push_back(sum_y / count);
  }
}

}  // namespace

ResidualView::ResidualView(const Appearance& appearance, FrameClock& clock, QWidget* parent)
    : PlotView(appearance, clock, tr("Residuals"), parent) {
  set_axes(size_axis("flops"), {tr("predicted above observed (%)"), AxisScale::kLinear, AxisFormat::kNumber});
  set_home({1e18, 1e22}, {-2, 2});
}

void ResidualView::set_comparison(std::shared_ptr<const ShownComparison> shown) {
  shown_ = std::move(shown);
  only_ = -1;
  rebuild();
}

void ResidualView::setAgainst(int against) {
  if (against == against_ || against < kSize || against > kTokens) return;
  against_ = static_cast<Against>(against);
  rebuild();
  set_ranges(home_x(), home_y());
}

void ResidualView::setOnly(int law) {
  if (law == only_) return;
  only_ = law;
  rebuild();
}

const std::vector<double>& ResidualView::abscissa() const {
  if (against_ == kParams && !shown_->params.empty()) return shown_->params;
  if (against_ == kTokens && !shown_->tokens.empty()) return shown_->tokens;
  return shown_->result->size;
}

void ResidualView::rebuild() {
  PlotContent points, curves;
  if (shown_ == nullptr || !shown_->result) {
    set_content(Depth::kStatic, {});
    set_content(Depth::kLive, {});
    return;
  }
  const Comparison& comparison = *shown_->result;
  const std::vector<double>& x = abscissa();
  const bool by_size = &x == &comparison.size;
  set_axes(size_axis(by_size ? comparison.size_name : against_ == kParams ? "params" : "tokens"), y_spec());

  Extent reach, height;
  for (const double value : x)
    if (value > 0) reach.add(value);
  const double lower = reach.lower() / 100, upper = reach.upper() * 100;
  if (by_size && comparison.n_held_out > 0) {
    // The border lies between the largest run that was fitted and the smallest left out.
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (comparison.left_out[i] == 0) largest = std::max(largest, x[i]);
    points.regions.push_back({Qt::Horizontal, std::sqrt(largest * comparison.threshold),
                              std::numeric_limits<double>::infinity(), tr("left out of the fits"), tr("left out")});
  }
  curves.curves.push_back(CurveSeries{.name = tr("no error"),
                                      .x = {lower, upper},
                                      .y = {0, 0},
                                      .ink = Ink::secondary(),
                                      .width = 1,
                                      .in_readout = false});
  for (std::size_t j = 0; j < comparison.laws.size(); ++j) {
    const ComparedFit& law = comparison.laws[j];
    if (law.failure || (only_ >= 0 && static_cast<int>(j) != only_)) continue;
    const QString name = QString::fromStdString(law.label);
    const Ink ink = Ink::law(shown_->law_slots[j]);
    std::vector<double> sizes;
    CurveSeries curve;
    for (const char left_out : {char{0}, char{1}}) {
      PointSeries series;
      series.name = left_out != 0 ? tr("%1, run left out").arg(name) : name;
      series.classes = {ink};
      series.shape = theme().law(shown_->law_slots[j]).marker;
      series.radius = left_out != 0 ? 3 : 2.2;
      series.opacity = left_out != 0 ? 0.95 : 0.55;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double error = unseen(law, comparison, i);
        if (comparison.left_out[i] != left_out || !std::isfinite(error) || !(x[i] > 0)) continue;
        series.x.push_back(x[i]);
        series.y.push_back(error);
        series.ids.push_back(static_cast<int>(comparison.rows[i]));
        sizes.push_back(std::abs(error));
      }
      if (series.x.empty()) continue;
      // Fits of one kind on this side of the border, of another beyond it.
      if (!curve.x.empty()) {
        curve.x.push_back(kNoValue);
        curve.y.push_back(kNoValue);
      }
      add_means(series.x, series.y, curve);
      points.points.push_back(std::move(series));
    }
    if (sizes.empty()) continue;
    const double shown = quantile(sizes, kShownShare);
    height.add(shown);
    height.add(-shown);
    curve.name = tr("%1, mean of neighbours").arg(name);
    curve.label = name;
    curve.ink = ink;
    curve.law_dash = true;
    curves.curves.push_back(std::move(curve));
  }
  set_content(Depth::kStatic, std::move(points));
  set_content(Depth::kLive, std::move(curves));
  if (!reach.empty() && !height.empty()) set_home(reach.padded_decades(0.15), height.padded_share(0.1));
}

QString ResidualView::readout(const Hit& hit) const {
  if (hit.kind == Hit::Kind::kCurve && hit.series == 0) return {};
  return PlotView::readout(hit);
}

}  // namespace isoflop::ui
