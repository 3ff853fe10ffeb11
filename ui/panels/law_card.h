// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QToolButton>

#include "ui/document/document.h"
#include "ui/jobs/analysis.h"
#include "ui/panels/card.h"

namespace isoflop::ui {

class ElidedLabel;
class LogSlider;
class ParameterGrid;
class PillStrip;

// One law of the comparison: on or off, whose coefficients, its numbers and what speaks against them. A click makes it
// the focus.
class LawCard : public Card {
  Q_OBJECT
 public:
  // `index` in Document::laws; the list is made anew when laws are added or removed.
  LawCard(const Appearance& appearance, Document& document, Analysis& analysis, int index, QWidget* parent = nullptr);

  void refresh();                           // after laws or fits changed
  void show_extrapolation(double decades);  // of the frame; not positive: none

  // As tall as its width asks for; the layout's own answer is for the narrowest it could get.
  QSize minimumSizeHint() const override;

  QCheckBox& enabled_box() { return *enabled_; }
  QToolButton& origin_button() { return *origin_; }
  ParameterGrid& numbers() { return *numbers_; }
  LogSlider* unique_tokens_slider() { return unique_tokens_; }  // null for laws without unique tokens

 signals:
  void editRequested();  // a copy of it
  void fitSettingsRequested();

 private:
  const LawChoice& choice() const { return document_.laws()[static_cast<std::size_t>(index_)]; }
  void fill_origin_menu();
  QWidget* make_unique_tokens();
  void show_unique_tokens(double tokens);
  void show_pills();

  Document& document_;
  Analysis& analysis_;
  int index_;
  QCheckBox* enabled_;
  QToolButton* origin_;
  ParameterGrid* numbers_;
  ElidedLabel* status_;
  ElidedLabel* settings_;  // how it is fitted, where not as usual
  QLabel* error_;          // why there is no fit, in full
  PillStrip* pills_;
  LogSlider* unique_tokens_ = nullptr;
  ElidedLabel* unique_tokens_text_ = nullptr;
  // What the numbers were computed from; intervals cost milliseconds.
  std::string shown_set_;
  std::shared_ptr<const Fit> shown_fit_;
  std::shared_ptr<const Bootstrap> shown_resamples_;
  bool shown_ = false;
  double extrapolation_ = 0;
};

}  // namespace isoflop::ui
