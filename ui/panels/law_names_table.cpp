// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/law_names_table.h"

#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTimer>
#include <algorithm>
#include <array>

#include "ui/math/math_type.h"
#include "ui/panels/cell_delegate.h"
#include "ui/theme/glyph.h"

namespace isoflop::ui {
namespace {

constexpr int kRowHeight = 26;
constexpr double kSymbolPoints = 11.5;
// Room that each column needs, and its share of what is left over.
struct ColumnWidth {
  int narrowest, share;
};
constexpr std::array<ColumnWidth, LawNamesModel::kColumns> kWidths{
    {{56, 1}, {96, 2}, {62, 0}, {104, 2}, {100, 2}, {62, 1}, {118, 2}, {84, 4}}};

class NameDelegate : public CellDelegate {
 public:
  using CellDelegate::CellDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    if (index.column() == LawNamesModel::kSymbol) return paint_symbol(*painter, option, index);
    const bool listed = index.data(LawNamesModel::kChoicesRole).isValid() && (index.flags() & Qt::ItemIsEditable);
    QStyleOptionViewItem text = option;
    CellDelegate::paint(painter, text, index);
    if (listed && option.rect.width() > 50) {
      const QPointF corner(option.rect.right() - 13, option.rect.center().y() - 4.5);
      draw_glyph(*painter, Glyph::kChevronDown, corner, 10, appearance().theme().disabled);
    }
  }

  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const override {
    const QStringList choices = index.data(LawNamesModel::kChoicesRole).toStringList();
    if (choices.isEmpty()) {
      auto* edit = new QLineEdit(parent);
      edit->setStyleSheet(QStringLiteral("padding: 0 3px; min-height: 0; border-radius: 3px;"));
      edit->setAccessibleName(index.data(Qt::AccessibleTextRole).toString());
      return edit;
    }
    auto* box = new QComboBox(parent);
    box->addItems(choices);
    box->setAccessibleName(index.data(Qt::AccessibleTextRole).toString());
    box->setStyleSheet(QStringLiteral("padding: 0 4px; min-height: 0; border-radius: 3px;"));
    connect(box, &QComboBox::activated, this, [this, box] {
      auto* self = const_cast<NameDelegate*>(this);
      emit self->commitData(box);
      emit self->closeEditor(box);
    });
    QTimer::singleShot(0, box, &QComboBox::showPopup);
    return box;
  }

  void setEditorData(QWidget* editor, const QModelIndex& index) const override {
    const QString text = index.data(Qt::EditRole).toString();
    if (auto* box = qobject_cast<QComboBox*>(editor))
      box->setCurrentText(text);
    else if (auto* edit = qobject_cast<QLineEdit*>(editor); edit != nullptr && edit->text().isEmpty())
      edit->setText(text);
  }

  void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override {
    const auto* box = qobject_cast<QComboBox*>(editor);
    model->setData(index, box != nullptr ? box->currentText() : qobject_cast<QLineEdit*>(editor)->text());
  }

  void paint_symbol(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    draw_ground(painter, option, index);
    const MathBox symbol =
        MathType(kSymbolPoints)
            .symbol(index.data(LawNamesModel::kNameRole).toString().toStdString(), MathStyle::kDisplay,
                    index.data(LawNamesModel::kShownRole).toString().toStdString());
    const auto ink = index.data(Qt::ForegroundRole).value<QColor>();
    painter.save();
    painter.setClipRect(option.rect);
    // On the line of the other cells.
    const QFontMetricsF text(option.font);
    const double baseline = option.rect.center().y() + 0.5 * (text.ascent() - text.descent()) + 1;
    draw_math(painter, symbol, QPointF(option.rect.left() + kPadding, baseline),
              [&](const std::string&) { return ink; });
    painter.restore();
  }

  void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex&) const override {
    editor->setGeometry(option.rect.adjusted(0, 1, 0, -1));
  }
};

}  // namespace

LawNamesTable::LawNamesTable(const Appearance& appearance, LawNamesModel& model, QWidget* parent)
    : QTableView(parent), model_(model) {
  setModel(&model_);
  setItemDelegate(new NameDelegate(appearance, this));
  setStyleSheet(QStringLiteral("QHeaderView::section { padding: 4px %1px; }").arg(CellDelegate::kPadding));
  setAccessibleName(tr("Names in the formula"));
  setSelectionBehavior(SelectItems);
  setSelectionMode(SingleSelection);
  setEditTriggers(DoubleClicked | EditKeyPressed | AnyKeyPressed | SelectedClicked);
  setShowGrid(false);
  setWordWrap(false);
  setTabKeyNavigation(false);
  setMouseTracking(true);
  setHorizontalScrollMode(ScrollPerPixel);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setDefaultSectionSize(kRowHeight);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  horizontalHeader()->setMinimumSectionSize(40);
  connect(&appearance, &Appearance::themeChanged, viewport(), [this] { viewport()->update(); });
}

void LawNamesTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  emit currentNameChanged(current.isValid() ? model_.names()[static_cast<std::size_t>(current.row())].name
                                            : std::string());
}

void LawNamesTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  share_width();
}

void LawNamesTable::share_width() {
  int narrowest = 0, shares = 0;
  for (const ColumnWidth& width : kWidths) {
    narrowest += width.narrowest;
    shares += width.share;
  }
  const int over = std::max(0, viewport()->width() - narrowest);
  for (int i = 0; i < LawNamesModel::kColumns; ++i) {
    const ColumnWidth& width = kWidths[static_cast<std::size_t>(i)];
    setColumnWidth(i, width.narrowest + over * width.share / shares);
  }
}

// Delete frees a parameter that is held, Return edits.
void LawNamesTable::keyPressEvent(QKeyEvent* event) {
  // The Return that ends an edit also arrives here.
  if (state() == EditingState) return event->ignore();
  const QModelIndex index = currentIndex();
  if (event->key() == Qt::Key_Delete && index.column() == LawNamesModel::kHeld) {
    model_.setData(index, QString());
  } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
             (index.flags() & Qt::ItemIsEditable)) {
    edit(index);
  } else {
    QTableView::keyPressEvent(event);
  }
}

}  // namespace isoflop::ui
