// SPDX-License-Identifier: GPL-3.0-or-later
// Cards of controls: what is pressed, typed into and chosen with.
#include "ui/pages/components/component_cards.h"
#include "ui/pages/components/component_parts.h"
#include "ui/pages/components/components_page.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QCheckBox>
#include <QEvent>
#include <QFocusFrame>
#include <QPointer>
#include <QRadioButton>

namespace preflab {
namespace {

template <typename Control>
Control* named(Control* control, const QString& name)
{
    control->setAccessibleName(name);
    return control;
}

QHBoxLayout* makeButtonStates()
{
    auto* start = new Button(ComponentsPage::tr("Start"), Button::Kind::Primary);
    start->setPrintedKey(QStringLiteral("S"));
    auto* hovered = new Button(ComponentsPage::tr("Export"));
    hovered->setAttribute(Qt::WA_UnderMouse);
    auto* pressed = new Button(ComponentsPage::tr("Export"));
    pressed->setDown(true);
    return makeRow({start, new Button(ComponentsPage::tr("Export")), hovered, pressed});
}

/// Looks as if it had the keyboard. The ring can be made only when the button stands in its window.
class RingedButton : public Button {
public:
    using Button::Button;
    ~RingedButton() override { delete m_ring; }

protected:
    void showEvent(QShowEvent* event) override
    {
        Button::showEvent(event);
        if (m_ring == nullptr) m_ring = new QFocusFrame;
        m_ring->setWidget(this);
    }
    void changeEvent(QEvent* event) override
    {
        Button::changeEvent(event);
        // Qt hides rings when the style changes.
        if (event->type() == QEvent::StyleChange && m_ring != nullptr && isVisible()) m_ring->show();
    }

private:
    QPointer<QFocusFrame> m_ring;
};

QHBoxLayout* makeButtonKinds()
{
    auto* focused = new RingedButton(ComponentsPage::tr("Export"));
    auto* disabled = new Button(ComponentsPage::tr("Export"));
    disabled->setEnabled(false);
    disabled->setToolTip(ComponentsPage::tr("Nothing is selected"));
    auto* edit = new Button(ComponentsPage::tr("Edit"), QStringLiteral("edit"), Button::Kind::Bare);
    edit->setPrintedKey(QStringLiteral("E"));
    return makeRow({focused, disabled, edit, new Button(ComponentsPage::tr("Delete…"), Button::Kind::Danger)});
}

/// A check box or radio button without a text.
template <typename Control>
Control* makeIndicator(const QString& name)
{
    auto* control = named(new Control, name);
    keepMetrics(*control, [control] { control->setFixedWidth(currentTheme().px(16) + 4); });
    return control;
}

QHBoxLayout* makeSmallChoices()
{
    auto* segments = named(new Segmented, ComponentsPage::tr("Difference by"));
    segments->addSegment(QStringLiteral("words"), ComponentsPage::tr("Words"));
    segments->addSegment(QStringLiteral("letters"), ComponentsPage::tr("Letters"));
    segments->addSegment(QStringLiteral("off"), ComponentsPage::tr("Off"));
    auto* checked = makeIndicator<QCheckBox>(ComponentsPage::tr("Checked"));
    checked->setChecked(true);
    auto* radio = makeIndicator<QRadioButton>(ComponentsPage::tr("Picked"));
    radio->setChecked(true);
    auto* on = named(new Switch, ComponentsPage::tr("Switched on"));
    on->setChecked(true);
    QHBoxLayout* row = makeRow({segments, checked, makeIndicator<QCheckBox>(ComponentsPage::tr("Not checked")), radio,
                                makeIndicator<QRadioButton>(ComponentsPage::tr("Not picked")), on,
                                named(new Switch, ComponentsPage::tr("Switched off"))});
    row->setSpacing(currentTheme().px(4));
    return row;
}

NumberField* makeNumber(const QString& text, const QString& name)
{
    auto* field = named(new NumberField, name);
    keepMetrics(*field, [field] { field->setFixedWidth(currentTheme().px(92)); });
    field->setText(text);
    return field;
}

}  // namespace

QWidget* makeButtonsCard()
{
    Card* card = makeSheetCard(ComponentsPage::tr("Buttons: plain, hover, pressed, focus, disabled"));
    card->body().addLayout(makeButtonStates());
    card->body().addLayout(makeButtonKinds());
    card->body().addLayout(makeSmallChoices());
    card->body().addStretch(1);
    return card;
}

QWidget* makeFieldsCard()
{
    Card* card = makeSheetCard(ComponentsPage::tr("Fields"));
    auto* focused = makeNumber(QStringLiteral("0.10"), ComponentsPage::tr("With the keyboard"));
    setLook(*focused, "tone", QStringLiteral("focus"));
    auto* fixed = named(new QLineEdit(ComponentsPage::tr("read only")), ComponentsPage::tr("Read only"));
    fixed->setReadOnly(true);
    keepMetrics(*fixed, [fixed] { fixed->setFixedWidth(currentTheme().px(116)); });
    card->body().addLayout(makeRow({makeNumber(QStringLiteral("5e-6"), ComponentsPage::tr("Plain")), focused, fixed}));

    auto* wrong = makeNumber(QStringLiteral("-0.1"), ComponentsPage::tr("Wrong"));
    wrong->setInvalid(true);
    QHBoxLayout* row =
        makeRow({wrong, new IconLabel(QStringLiteral("error"), QStringLiteral("danger"), 16),
                 makeLabel(ComponentsPage::tr("Beta must be above 0. Usual: 0.01 to 0.5."), "small", "danger")});
    row->setSpacing(currentTheme().px(6));
    card->body().addLayout(row);

    auto* slider = named(new ScaledSlider, ComponentsPage::tr("Beta"));
    slider->setScale(0.01, 1.0, ScaledSlider::Scale::Logarithmic);
    slider->setTicks({0.01, 0.1, 1.0});
    slider->setNumber(0.1);
    auto* exact = named(new NumberField, ComponentsPage::tr("Beta, exact value"));
    exact->setText(QStringLiteral("0.10"));
    setLook(*exact, "dense", true);
    auto* sliding = new QHBoxLayout;
    sliding->setSpacing(currentTheme().px(12));
    sliding->addWidget(slider, 1, Qt::AlignTop);
    sliding->addWidget(exact, 0, Qt::AlignTop);
    card->body().addLayout(sliding);
    card->body().addStretch(1);
    return card;
}

QWidget* makeChipsCard()
{
    Card* card = makeSheetCard(ComponentsPage::tr("Chips, badges, keys"));
    auto* flagged = new Chip(ComponentsPage::tr("flagged"));
    flagged->setCheckable(true);
    flagged->setChecked(true);
    flagged->setRemovable();
    auto* filter = new Chip(ComponentsPage::tr("Filter"));
    filter->setIconName(QStringLiteral("plus"));
    auto* gardening = new Chip(ComponentsPage::tr("gardening"));
    gardening->setRemovable();
    const int gap = currentTheme().px(6);
    QHBoxLayout* chips = makeRow({flagged, filter, gardening});
    chips->setSpacing(gap);
    card->body().addLayout(chips);

    auto* badges = new FlowLayout(gap);
    auto* fits = new Badge(ComponentsPage::tr("fits"), QStringLiteral("ok"));
    fits->setIconName(QStringLiteral("check"));
    badges->addWidget(new Badge(ComponentsPage::tr("prefix")));
    badges->addWidget(new Badge(ComponentsPage::tr("length"), QStringLiteral("warning")));
    badges->addWidget(new Badge(ComponentsPage::tr("empty"), QStringLiteral("danger")));
    badges->addWidget(fits);
    badges->addWidget(new Badge(ComponentsPage::tr("training"), QStringLiteral("accent")));
    badges->addWidget(new Badge(ComponentsPage::tr("chosen"), QStringLiteral("chosen")));
    badges->addWidget(new Badge(ComponentsPage::tr("rejected"), QStringLiteral("rejected")));
    card->body().addLayout(badges);

    QHBoxLayout* keys = makeRow({new KeyCap(QStringLiteral("1")), new KeyCap(QStringLiteral("Space")),
                                 new KeyCap(QStringLiteral("Ctrl+Z")),
                                 makeLabel(ComponentsPage::tr("from the live key map"), "small", "muted")});
    keys->setSpacing(gap);
    card->body().addLayout(keys);
    auto* progress = new ThinProgress;
    progress->setShare(0.62);
    card->body().addWidget(progress);
    card->body().addStretch(1);
    return card;
}

}  // namespace preflab
