// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "ui/jobs/studies.h"
#include "ui/plots/plot_view.h"

namespace isoflop::ui {

// How far each law's predictions are off, in percent, against compute, parameters or tokens. Every run is predicted by
// a fit that has not seen it: the runs left out by the fit to the others, the rest by the fits without their fold. A
// line per law follows the means of neighbours.
class ResidualView : public PlotView {
  Q_OBJECT
 public:
  enum Against { kSize, kParams, kTokens };

  ResidualView(const Appearance& appearance, FrameClock& clock, QWidget* parent = nullptr);

  void set_comparison(std::shared_ptr<const ShownComparison> shown);  // null: nothing to show
  Against against() const { return against_; }
  int only() const { return only_; }

 public slots:
  void setAgainst(int against);
  // The law, by its place in the comparison, that is shown alone; -1: all.
  void setOnly(int law);

 protected:
  QString readout(const Hit& hit) const override;

 private:
  const std::vector<double>& abscissa() const;
  void rebuild();

  std::shared_ptr<const ShownComparison> shown_;
  Against against_ = kSize;
  int only_ = -1;
};

}  // namespace isoflop::ui
