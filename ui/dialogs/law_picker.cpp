// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/law_picker.h"

#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/dialogs/law_details.h"
#include "ui/document/law_draft.h"
#include "ui/document/law_needs.h"

namespace isoflop::ui {
namespace {

constexpr int kLawRole = Qt::UserRole, kTextRole = Qt::UserRole + 1;
constexpr int kListWidth = 330;

QString text(const std::string& s) {
  return QString::fromStdString(s);
}

// What a search goes through: the words of the law, its symbols, its columns, those who published it.
QString words_of(const Law& law) {
  QStringList words{text(law.id),
                    text(law.title),
                    text(law.summary),
                    text(law.citation),
                    text(law.response),
                    category_label(law.category),
                    QString::number(law.year)};
  for (const LawVariable& variable : law.variables) words << text(variable.role) << text(variable.label);
  for (const LawParameter& parameter : law.parameters) words << text(parameter.meaning);
  for (const CoefficientSet& set : law.sets) words << text(set.label) << text(set.data);
  return words.join(' ').toCaseFolded();
}

}  // namespace

Status add_to_comparison(Document& document, const std::shared_ptr<const Law>& law,
                         const std::optional<std::string>& set_id) {
  std::shared_ptr<const Law> added = law;
  const auto runs = document.runs();
  if (law->is_template()) {
    if (runs == nullptr) return invalid_argument("no runs are open");
    auto made = instantiate(*law, numeric_columns(*runs));
    if (!made) return made.error();
    added = std::make_shared<const Law>(*std::move(made));
  }
  if (set_id) {
    document.add_law(added, *set_id);
    return Done{};
  }
  bool published = !can_be_fitted(*law, runs.get());
  for (const LawChoice& choice : document.laws())
    published = published || (choice.law == added && choice.set_id.empty());
  document.add_law(added, published && !added->sets.empty() ? added->sets.front().id : std::string());
  return Done{};
}

LawPicker::LawPicker(const Appearance& appearance, Document& document,
                     const std::vector<std::shared_ptr<const Law>>& library, UserLaws& user_laws,
                     const std::vector<Error>& errors, QWidget* parent)
    : QDialog(parent),
      appearance_(appearance),
      document_(document),
      library_(library),
      user_laws_(user_laws),
      errors_(errors) {
  setWindowTitle(tr("Laws"));
  auto* halves = new QHBoxLayout(this);
  halves->setContentsMargins(16, 14, 16, 14);
  halves->setSpacing(16);
  halves->addWidget(make_list());
  halves->addWidget(make_details(), 1);
  resize(QSize(960, 600).boundedTo(screen()->availableSize() - QSize(16, 48)));
  connect(search_, &QLineEdit::textChanged, this, &LawPicker::filter);
  connect(list_, &QTreeWidget::currentItemChanged, this, &LawPicker::show_law);
  connect(list_, &QTreeWidget::itemActivated, this, &LawPicker::add);
  connect(&user_laws_, &UserLaws::changed, this, &LawPicker::fill_list);
  connect(&document_, &Document::runsChanged, this, &LawPicker::fill_list);
  connect(&document_, &Document::lawsChanged, this, &LawPicker::show_law);
  search_->installEventFilter(this);
  fill_list();
  search_->setFocus();
}

QWidget* LawPicker::make_list() {
  auto* left = new QWidget(this);
  left->setFixedWidth(kListWidth);
  search_ = new QLineEdit(left);
  search_->setPlaceholderText(tr("Search laws: name, author, column, year"));
  search_->setAccessibleName(tr("Search laws"));
  search_->setClearButtonEnabled(true);
  list_ = new QTreeWidget(left);
  list_->setAccessibleName(tr("Laws"));
  list_->setColumnCount(2);
  list_->setHeaderHidden(true);
  list_->setRootIsDecorated(false);
  list_->setIndentation(0);
  list_->setItemsExpandable(false);
  list_->setUniformRowHeights(false);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->header()->setStretchLastSection(false);
  list_->header()->setMinimumSectionSize(20);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  list_->header()->setSectionResizeMode(1, QHeaderView::Fixed);
  list_->header()->resizeSection(1, 64);
  list_->setStyleSheet(QStringLiteral("QTreeView { border-radius: 8px; } QTreeView::item { padding: 3px 8px; }"));
  nothing_ = new QLabel(left);
  nothing_->setProperty("role", "note");
  nothing_->setText(tr("No law has these words."));
  nothing_->hide();
  auto* fresh = new QPushButton(tr("&New law…"), left);
  fresh->setAutoDefault(false);
  connect(fresh, &QPushButton::clicked, this, &LawPicker::newRequested);
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(search_);
  column->addWidget(nothing_);
  column->addWidget(list_, 1);
  column->addWidget(fresh, 0, Qt::AlignLeft);
  return left;
}

QWidget* LawPicker::make_details() {
  auto* right = new QWidget(this);
  details_ = new LawDetails(appearance_);
  auto* scroll = new QScrollArea(right);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(details_);
  details_->setAutoFillBackground(false);
  scroll->viewport()->setAutoFillBackground(false);

  numbers_ = new QComboBox(right);
  numbers_->setAccessibleName(tr("Coefficients to start with"));
  numbers_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  numbers_->setMinimumContentsLength(16);
  map_ = new QPushButton(tr("&Map columns…"), right);
  edit_ = new QPushButton(tr("&Edit a copy…"), right);
  auto* close = new QPushButton(tr("Close"), right);
  add_ = new QPushButton(tr("A&dd"), right);
  add_->setProperty("kind", "primary");
  for (QPushButton* button : {map_, edit_, close, add_}) button->setAutoDefault(false);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(edit_);
  buttons->addWidget(map_);
  buttons->addStretch(1);
  buttons->addWidget(numbers_);
  buttons->addWidget(close);
  buttons->addWidget(add_);
  auto* whole = new QVBoxLayout(right);
  whole->setContentsMargins(0, 0, 0, 0);
  whole->setSpacing(10);
  whole->addWidget(scroll, 1);
  whole->addLayout(buttons);
  connect(map_, &QPushButton::clicked, this, &LawPicker::mappingRequested);
  connect(edit_, &QPushButton::clicked, this, [this] {
    if (const auto law = current()) emit editRequested(law);
  });
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  connect(add_, &QPushButton::clicked, this, &LawPicker::add);
  return right;
}

void LawPicker::fill_list() {
  const auto before = current();
  list_->clear();
  laws_.clear();
  add_category(tr("My laws"), user_laws_.laws());
  for (const std::string_view category : law_categories()) {
    std::vector<std::shared_ptr<const Law>> laws;
    for (const auto& law : library_)
      if (law->category == category) laws.push_back(law);
    add_category(category_label(std::string(category)), laws);
  }
  const auto add_errors = [&](const std::vector<Error>& errors) {
    for (const Error& error : errors) {
      if (!error.where.file.ends_with(".toml")) continue;
      auto* item = new QTreeWidgetItem(list_, {tr("could not be read: %1").arg(text(error.where.file)), QString()});
      item->setFlags(Qt::NoItemFlags);
      item->setToolTip(0, text(error.to_string()));
      item->setFirstColumnSpanned(true);
    }
  };
  add_errors(errors_);
  add_errors(user_laws_.errors());
  filter();
  if (before != nullptr) select(*before);
}

void LawPicker::add_category(const QString& title, const std::vector<std::shared_ptr<const Law>>& laws) {
  if (laws.empty()) return;
  auto* heading = new QTreeWidgetItem(list_, {title, QString()});
  heading->setFlags(Qt::ItemIsEnabled);
  heading->setFirstColumnSpanned(true);
  QFont font = appearance_.type().note;
  font.setWeight(QFont::DemiBold);
  heading->setFont(0, font);
  heading->setForeground(0, appearance_.theme().secondary);
  heading->setSizeHint(0, QSize(0, 30));
  const RunTable* runs = document_.runs().get();
  std::vector<std::shared_ptr<const Law>> sorted = laws;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a->year > b->year; });
  for (const auto& law : sorted) {
    auto* item = new QTreeWidgetItem(heading, {text(law->title), QString::number(law->year)});
    item->setData(0, kLawRole, static_cast<int>(laws_.size()));
    item->setData(0, kTextRole, words_of(*law));
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    const QString reason = why_not_added(*law, runs);
    item->setToolTip(0, reason.isEmpty() ? text(law->summary) : text(law->summary) + '\n' + reason);
    item->setForeground(1, appearance_.theme().secondary);
    if (!reason.isEmpty())
      for (const int column : {0, 1}) item->setForeground(column, appearance_.theme().disabled);
    laws_.push_back(law);
  }
  heading->setExpanded(true);
}

void LawPicker::filter() {
  const QStringList words = search_->text().toCaseFolded().split(' ', Qt::SkipEmptyParts);
  QTreeWidgetItem *first = nullptr, *named = nullptr;  // the first that fits, and the first whose title does
  for (int i = 0; i < list_->topLevelItemCount(); ++i) {
    QTreeWidgetItem* heading = list_->topLevelItem(i);
    int shown = 0;
    for (int j = 0; j < heading->childCount(); ++j) {
      QTreeWidgetItem* item = heading->child(j);
      const QString in = item->data(0, kTextRole).toString();
      const bool fits = std::all_of(words.begin(), words.end(), [&](const QString& word) { return in.contains(word); });
      item->setHidden(!fits);
      const QString title = item->text(0).toCaseFolded();
      const bool by_title =
          fits && std::all_of(words.begin(), words.end(), [&](const QString& word) { return title.contains(word); });
      if (by_title && named == nullptr && !words.isEmpty()) named = item;
      if (fits && first == nullptr) first = item;
      shown += fits ? 1 : 0;
    }
    heading->setHidden(shown == 0 && !(heading->flags() == Qt::NoItemFlags && words.isEmpty()));
  }
  nothing_->setVisible(first == nullptr);
  QTreeWidgetItem* item = list_->currentItem();
  if (named != nullptr || item == nullptr || item->isHidden()) list_->setCurrentItem(named != nullptr ? named : first);
  // With the first law its heading is to be seen.
  if (list_->currentItem() == first)
    list_->scrollToTop();
  else if (list_->currentItem() != nullptr)
    list_->scrollToItem(list_->currentItem());
  show_law();
}

std::shared_ptr<const Law> LawPicker::current() const {
  const QTreeWidgetItem* item = list_->currentItem();
  if (item == nullptr || item->isHidden() || !item->data(0, kLawRole).isValid()) return nullptr;
  return laws_[static_cast<std::size_t>(item->data(0, kLawRole).toInt())];
}

void LawPicker::select(const Law& law) {
  for (int i = 0; i < list_->topLevelItemCount(); ++i) {
    for (int j = 0; j < list_->topLevelItem(i)->childCount(); ++j) {
      QTreeWidgetItem* item = list_->topLevelItem(i)->child(j);
      const Law& other = *laws_[static_cast<std::size_t>(item->data(0, kLawRole).toInt())];
      if (&other == &law || (other.id == law.id && other.file == law.file)) {
        list_->setCurrentItem(item);
        list_->scrollToItem(item);
      }
    }
  }
}

void LawPicker::show_law() {
  const auto law = current();
  details_->setVisible(law != nullptr);
  for (QWidget* widget : {static_cast<QWidget*>(add_), static_cast<QWidget*>(edit_), static_cast<QWidget*>(numbers_)})
    widget->setEnabled(law != nullptr);
  map_->hide();
  if (law == nullptr) return numbers_->hide();
  const RunTable* runs = document_.runs().get();
  const QString reason = why_not_added(*law, runs);
  const bool compared = std::any_of(document_.laws().begin(), document_.laws().end(),
                                    [&](const LawChoice& choice) { return choice.law == law; });
  details_->show_law(*law, runs, compared);
  show_numbers(*law);
  add_->setEnabled(reason.isEmpty());
  add_->setToolTip(reason.isEmpty() ? tr("Compare it with the other laws") : reason);
  map_->setVisible(runs != nullptr && !can_be_fitted(*law, runs));
  const bool editable = std::none_of(law->parameters.begin(), law->parameters.end(), [](const LawParameter& parameter) {
    return parameter.name.find('[') != std::string::npos;
  });
  const bool own = std::find(user_laws_.laws().begin(), user_laws_.laws().end(), law) != user_laws_.laws().end();
  edit_->setText(own ? tr("&Edit…") : tr("&Edit a copy…"));
  edit_->setEnabled(editable);
  edit_->setToolTip(editable ? (own ? tr("Change it") : tr("Write a law that starts from this one"))
                             : tr("Its formula goes over a list of columns: change its file"));
}

void LawPicker::show_numbers(const Law& law) {
  numbers_->clear();
  if (can_be_fitted(law, document_.runs().get())) numbers_->addItem(tr("Fit to the runs"), QString());
  if (!law.is_template())
    for (const CoefficientSet& set : law.sets) numbers_->addItem(text(set.label), text(set.id));
  numbers_->setVisible(numbers_->count() > 1);
  bool fit_there = false;
  for (const LawChoice& choice : document_.laws())
    fit_there = fit_there || (choice.law->id == law.id && choice.law->file == law.file && choice.set_id.empty());
  if (fit_there && numbers_->count() > 1 && numbers_->itemData(0).toString().isEmpty()) numbers_->setCurrentIndex(1);
}

void LawPicker::add() {
  const auto law = current();
  if (law == nullptr || !add_->isEnabled() || numbers_->count() == 0) return;
  const Status added = add_to_comparison(document_, law, numbers_->currentData().toString().toStdString());
  if (!added) details_->set_note(text(added.error().message));
}

QStringList LawPicker::shown() const {
  QStringList titles;
  for (int i = 0; i < list_->topLevelItemCount(); ++i) {
    const QTreeWidgetItem* heading = list_->topLevelItem(i);
    for (int j = 0; j < heading->childCount(); ++j)
      if (!heading->child(j)->isHidden()) titles << heading->child(j)->text(0);
  }
  return titles;
}

QString LawPicker::note() const {
  return details_->note();
}

// To the next law that is shown, over headings.
void LawPicker::move(int step) {
  QTreeWidgetItem* item = list_->currentItem();
  while (item != nullptr) {
    item = step > 0 ? list_->itemBelow(item) : list_->itemAbove(item);
    if (item != nullptr && item->data(0, kLawRole).isValid() && !item->isHidden()) {
      list_->setCurrentItem(item);
      return;
    }
  }
}

// While words are typed, arrows choose among what they leave, and Return adds.
bool LawPicker::eventFilter(QObject* watched, QEvent* event) {
  if (watched == search_ && event->type() == QEvent::KeyPress) {
    switch (static_cast<QKeyEvent*>(event)->key()) {
      case Qt::Key_Down:
        move(1);
        return true;
      case Qt::Key_Up:
        move(-1);
        return true;
      case Qt::Key_Return:
      case Qt::Key_Enter:
        add();
        return true;
      default:
        break;
    }
  }
  return QDialog::eventFilter(watched, event);
}

}  // namespace isoflop::ui
