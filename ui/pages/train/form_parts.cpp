// SPDX-License-Identifier: GPL-3.0-or-later
// Editors of parameters, bound to their model.
#include "ui/pages/train/form_parts.h"

#include "ui/models/app/number_text.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QLabel>

#include <cmath>

namespace preflab {
namespace {

constexpr int kFieldWidth = 72;

/// A slider means two digits; 3 x 0.1 must not become 0.30000000000000004.
QString sliderText(double value, const ParamSpec& spec)
{
    if (std::holds_alternative<std::int64_t>(spec.defaultValue)) return QString::number(std::llround(value));
    return NumberField::textOf(QString::number(value, 'g', 3).toDouble());
}

double numberIn(const ParamValue& value)
{
    const auto* whole = std::get_if<std::int64_t>(&value);
    return whole ? static_cast<double>(*whole) : std::get<double>(value);
}

/// 0.01, 0.03, 0.1, 0.3, 1: about two in a decade, fewer when there are many.
QList<double> ticksOf(const ParamSpec& spec)
{
    const double lowest = *spec.usualMinimum, highest = *spec.usualMaximum;
    const bool isWide = highest / lowest > 1e3;
    QList<double> ticks;
    if (std::holds_alternative<std::int64_t>(spec.defaultValue)) {
        for (double tick = lowest; tick <= highest; tick *= 4) ticks << tick;
        return ticks;
    }
    for (double decade = std::floor(std::log10(lowest)); decade <= std::log10(highest) + 1e-9; decade += 1) {
        for (const double factor : {1.0, 3.0}) {
            const double tick = QString::number(factor * std::pow(10.0, decade), 'g', 2).toDouble();
            if (tick >= lowest * 0.999 && tick <= highest * 1.001 && !(isWide && factor > 1)) ticks << tick;
        }
    }
    return ticks;
}

void placeHelp(FormRow& row, const QString& help, HelpPlace place)
{
    if (place == HelpPlace::Below) return;
    row.setHelp({});
    row.editor()->setToolTip(help);
    row.editor()->setAccessibleDescription(help);
}

ComboBox* makeChoices(ParamFormModel& form, const std::string& key)
{
    auto* box = new ComboBox;
    setLook(*box, "dense", true);
    for (const std::string& choice : form.field(key)->spec.choices)
        box->addItem(paramText(choice), QString::fromStdString(choice));
    const auto take = [box, &form, key] { box->setCurrentIndex(box->findData(form.field(key)->text)); };
    take();
    QObject::connect(box, &QComboBox::activated, &form,
                     [box, &form, key] { form.setText(key, box->currentData().toString()); });
    QObject::connect(&form, &ParamFormModel::changed, box, [take, key](const std::string& changed) {
        if (changed == key) take();
    });
    return box;
}

Switch* makeSwitch(ParamFormModel& form, const std::string& key)
{
    auto* onOff = new Switch;
    onOff->setCheckable(true);
    const auto take = [onOff, &form, key] { onOff->setChecked(form.field(key)->text == QLatin1String("true")); };
    take();
    QObject::connect(onOff, &QAbstractButton::clicked, &form, [&form, key](bool isOn) {
        form.setText(key, isOn ? QStringLiteral("true") : QStringLiteral("false"));
    });
    QObject::connect(&form, &ParamFormModel::changed, onOff, [take, key](const std::string& changed) {
        if (changed == key) take();
    });
    onOff->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    return onOff;
}

NumberField* makeField(int designWidth)
{
    auto* field = new NumberField;
    setLook(*field, "dense", true);
    keepMetrics(*field, [field, designWidth] { field->setFixedWidth(currentTheme().px(designWidth)); });
    field->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    return field;
}

bool hasSlider(const ParamSpec& spec)
{
    return spec.isLogScale && spec.usualMinimum && spec.usualMaximum && *spec.usualMinimum > 0.0;
}

}  // namespace

void bindField(NumberField& field, ParamFormModel& form, const std::string& key)
{
    const auto take = [&field, &form, key] {
        const ParamField* shown = form.field(key);
        if (!shown) return;
        if (field.text() != shown->text) field.setText(shown->text);
        field.setInvalid(!shown->error.isEmpty());
    };
    take();
    QObject::connect(&field, &NumberField::edited, &form, [&form, key](const QString& text) {
        const ParamField* edited = form.field(key);
        if (edited && (!edited->error.isEmpty() || parseParam(edited->spec, text.toStdString())))
            form.setText(key, text);
    });
    QObject::connect(&field, &NumberField::committed, &form,
                     [&form, key](const QString& text) { form.setText(key, text); });
    QObject::connect(&form, &ParamFormModel::changed, &field, [take, key](const std::string& changed) {
        if (changed == key) take();
    });
}

void bindSlider(ScaledSlider& slider, ParamFormModel& form, const std::string& key)
{
    const auto take = [&slider, &form, key] {
        const ParamField* shown = form.field(key);
        // What the slider cannot mean exactly is not moved to where it can.
        if (shown && sliderText(slider.number(), shown->spec) != shown->text) slider.setNumber(numberIn(shown->value));
    };
    take();
    QObject::connect(&slider, &ScaledSlider::numberChanged, &form, [&form, key](double value) {
        if (const ParamField* moved = form.field(key)) form.setText(key, sliderText(value, moved->spec));
    });
    QObject::connect(&form, &ParamFormModel::changed, &slider, [take, key](const std::string& changed) {
        if (changed == key) take();
    });
}

ParamRow::ParamRow(ParamFormModel& form, const std::string& key, HelpPlace help, QWidget* parent)
    : FormRow(form.field(key)->label(), makeEditor(form, key), form.field(key)->help(), parent), m_form(form),
      m_key(key)
{
    const ParamSpec& spec = form.field(key)->spec;
    if (qobject_cast<ScaledSlider*>(editor())) {
        NumberField* field = makeField(kFieldWidth);
        field->setAccessibleName(tr("%1, exact value").arg(label()));
        bindField(*field, form, key);
        addBeside(field);
    }
    if (!spec.unit.empty())
        addBeside(makeLabel(paramText(spec.unit), "small", "muted"), hasSlider(spec) ? 0 : 1);
    else if (editor()->sizePolicy().horizontalPolicy() == QSizePolicy::Fixed)
        addBeside(new QWidget, 1);
    placeHelp(*this, form.field(key)->help(), help);
    connect(this, &FormRow::resetWanted, &form, [&form, key] { form.reset(key); });
    connect(&form, &ParamFormModel::changed, this, [this](const std::string& changed) {
        if (changed == m_key) takeField();
    });
    takeField();
}

QWidget* ParamRow::makeEditor(ParamFormModel& form, const std::string& key)
{
    const ParamSpec& spec = form.field(key)->spec;
    if (!spec.choices.empty()) return makeChoices(form, key);
    if (std::holds_alternative<bool>(spec.defaultValue)) return makeSwitch(form, key);
    if (hasSlider(spec)) {
        auto* slider = new ScaledSlider;
        slider->setScale(*spec.usualMinimum, *spec.usualMaximum, ScaledSlider::Scale::Logarithmic);
        slider->setTicks(ticksOf(spec));
        bindSlider(*slider, form, key);
        return slider;
    }
    NumberField* field = makeField(110);
    bindField(*field, form, key);
    return field;
}

void ParamRow::takeField()
{
    const ParamField* field = m_form.field(m_key);
    if (!field) return;
    setError(field->error);
    setChanged(field->isChanged());
}

LengthRow::LengthRow(RunDraft& draft, HelpPlace help, QWidget* parent) : LengthRow(draft, help, parent, makeField(110))
{
}

LengthRow::LengthRow(RunDraft& draft, HelpPlace help, QWidget* parent, NumberField* field)
    : FormRow(tr("Length"), field, tr("How often training goes through the pairs, or how many steps it takes."),
              parent),
      m_draft(draft), m_field(field), m_unit(new Segmented), m_steps(makeLabel({}, "small", "muted"))
{
    m_unit->addSegment(QStringLiteral("num_train_epochs"), tr("epochs"));
    m_unit->addSegment(QStringLiteral("max_steps"), tr("steps"));
    m_unit->setAccessibleName(tr("Unit of the length"));
    addBeside(m_unit);
    addBeside(m_steps, 1);
    placeHelp(*this, tr("How often training goes through the pairs, or how many steps it takes."), help);
    connect(m_unit, &Segmented::chosen, this, [this](const QString& id) {
        const auto steps = m_draft.steps();
        m_isInSteps = id == QLatin1String("max_steps");
        // The same length in the other unit.
        if (m_isInSteps)
            m_draft.form().setText("max_steps", QString::number(steps.value_or(1)));
        else
            m_draft.form().reset("max_steps");
        takeDraft();
    });
    connect(m_field, &NumberField::edited, this, [this](const QString& text) {
        if (parseParam(m_draft.form().field(key())->spec, text.toStdString())) takeText(text);
    });
    connect(m_field, &NumberField::committed, this, &LengthRow::takeText);
    connect(this, &FormRow::resetWanted, this, [this] {
        m_draft.form().reset("max_steps");
        m_draft.form().reset("num_train_epochs");
    });
    connect(&draft, &RunDraft::changed, this, &LengthRow::takeDraft);
    takeDraft();
}

std::string LengthRow::key() const
{
    return m_isInSteps ? "max_steps" : "num_train_epochs";
}

void LengthRow::takeText(const QString& text)
{
    m_draft.form().setText(key(), text);
}

void LengthRow::takeDraft()
{
    const ParamField* steps = m_draft.form().field("max_steps");
    const ParamField* epochs = m_draft.form().field("num_train_epochs");
    if (!steps || !epochs) return;
    m_isInSteps = !steps->error.isEmpty() || std::get<std::int64_t>(steps->value) > 0;
    m_unit->setCurrent(QString::fromStdString(key()));
    const ParamField* shown = m_isInSteps ? steps : epochs;
    if (m_field->text() != shown->text) m_field->setText(shown->text);
    setError(shown->error);
    m_field->setInvalid(!shown->error.isEmpty());
    setChanged(steps->isChanged() || epochs->isChanged());
    const auto all = m_draft.steps();
    m_steps->setText(all && !m_isInSteps ? tr("= %1 steps").arg(groupedText(*all)) : QString());
}

BatchRow::BatchRow(ParamFormModel& form, HelpPlace help, QWidget* parent) : BatchRow(form, help, parent, makeField(48))
{
}

BatchRow::BatchRow(ParamFormModel& form, HelpPlace help, QWidget* parent, NumberField* batch)
    : FormRow(tr("Pairs per step"), batch,
              tr("Pairs at once, times batches added up to one step. More at once need more memory."), parent),
      m_form(form), m_accumulation(makeField(48)), m_product(makeLabel({}, "small", "muted"))
{
    batch->setAccessibleName(tr("Pairs at once"));
    m_accumulation->setAccessibleName(tr("Batches added up to one step"));
    addBeside(makeLabel(QStringLiteral("×"), "", "muted"));
    addBeside(m_accumulation);
    addBeside(m_product, 1);
    placeHelp(*this, tr("Pairs at once, times batches added up to one step. More at once need more memory."), help);
    bindField(*batch, form, "per_device_train_batch_size");
    bindField(*m_accumulation, form, "gradient_accumulation_steps");
    connect(&form, &ParamFormModel::changed, this, &BatchRow::takeForm);
    connect(this, &FormRow::resetWanted, &form, [&form] {
        form.reset("per_device_train_batch_size");
        form.reset("gradient_accumulation_steps");
    });
    takeForm();
}

void BatchRow::takeForm()
{
    const ParamField* batch = m_form.field("per_device_train_batch_size");
    const ParamField* groups = m_form.field("gradient_accumulation_steps");
    if (!batch || !groups) return;
    setError(batch->error.isEmpty() ? groups->error : batch->error);
    setChanged(batch->isChanged() || groups->isChanged());
    const std::int64_t product = std::get<std::int64_t>(batch->value) * std::get<std::int64_t>(groups->value);
    m_product->setText(tr("accumulated = %1 pairs").arg(groupedText(product)));
}

}  // namespace preflab
