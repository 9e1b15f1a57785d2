// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of sampling, checked while they are typed.
#include "ui/pages/model/sampling_form.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_row.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QHBoxLayout>
#include <QRandomGenerator>
#include <QVBoxLayout>

#include <cmath>
#include <utility>

namespace preflab {
namespace {

constexpr double kMostTemperature = 2.0;
constexpr double kMostTokens = 8192;
constexpr double kMostSeed = 9007199254740992.0;  // what a double holds exactly

}  // namespace

SamplingForm::SamplingForm(QWidget* parent) : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(currentTheme().px(8));
    m_error = makeLabel({}, "small", "danger");
    m_error->setWordWrap(true);
    m_error->hide();
    column->addWidget(makeFolded());
    column->addWidget(makeAtHand());
    column->addWidget(m_error);
    setUnfolded(false);
    for (const Entry* entry : {&m_temperature, &m_seed, &m_length, &m_topK, &m_topP})
        connect(entry->field, &QLineEdit::textChanged, this, &SamplingForm::check);
    connect(m_slider, &ScaledSlider::numberChanged, this,
            [this](double value) { m_temperature.field->setValue(std::round(value * 20) / 20); });
    check();
}

QWidget* SamplingForm::makeAtHand()
{
    const Theme& theme = currentTheme();
    auto* line = new QWidget;
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.px(8));
    m_slider = new ScaledSlider;
    m_slider->setScale(0.0, kMostTemperature, ScaledSlider::Scale::Linear);
    m_slider->setAccessibleName(tr("Temperature"));
    m_temperature = {new NumberField,  nullptr, 0.0,
                     kMostTemperature, false,   tr("Temperature must be between 0 and 2.")};
    m_seed = {new NumberField, nullptr, 0.0, kMostSeed, true, tr("The seed must be a whole number from 0.")};
    const QString temperatureHelp = tr("0 always takes the most likely token; higher takes more chances.");
    const QString seedHelp = tr("The same seed gives the same answer again.");
    m_temperature.field->setFixedWidth(theme.px(56));
    m_seed.field->setFixedWidth(theme.px(72));
    for (const auto& [field, help] :
         {std::pair(m_temperature.field, temperatureHelp), std::pair(m_seed.field, seedHelp)}) {
        field->setProperty("dense", true);
        field->setToolTip(help);
        field->setAccessibleDescription(help);
    }
    m_slider->setToolTip(temperatureHelp);
    m_temperature.field->setValue(0.8);
    m_slider->setNumber(0.8);
    m_seed.field->setValue(42);
    m_temperature.field->setAccessibleName(tr("Temperature, exact"));
    m_seed.field->setAccessibleName(tr("Seed"));
    QLabel* temperature = makeLabel(tr("Temperature"), "small");
    QLabel* seed = makeLabel(tr("Seed"), "small");
    temperature->setBuddy(m_temperature.field);
    seed->setBuddy(m_seed.field);
    auto* dice = new Button({}, QStringLiteral("dice"), Button::Kind::Bare);
    dice->setDense();
    dice->setAccessibleName(tr("Another seed"));
    dice->setToolTip(tr("Another seed, for another answer"));
    connect(dice, &Button::clicked, this, &SamplingForm::rollSeed);
    row->addWidget(temperature);
    row->addWidget(m_slider, 1);
    row->addWidget(m_temperature.field);
    row->addSpacing(theme.px(8));
    row->addWidget(seed);
    row->addWidget(m_seed.field);
    row->addWidget(dice);
    return line;
}

QWidget* SamplingForm::makeFolded()
{
    m_folded = new QWidget;
    auto* column = new QVBoxLayout(m_folded);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(currentTheme().px(8));
    m_length = {new NumberField, nullptr, 1,
                kMostTokens,     true,    tr("The length must be a whole number from 1 to 8192.")};
    m_topK = {new NumberField, nullptr, 0, 1e6, true, tr("Top k must be a whole number from 0.")};
    m_topP = {new NumberField, nullptr, 1e-9, 1, false, tr("Top p must be above 0 and at most 1.")};
    const auto add = [&](Entry& entry, const QString& label, const QString& help, double value) {
        entry.field->setProperty("dense", true);
        entry.field->setValue(value);
        entry.row = new FormRow(label, entry.field, help);
        column->addWidget(entry.row);
    };
    add(m_length, tr("Length"), tr("At most so many tokens; the model may end earlier."), 128);
    add(m_topK, tr("Top k"), tr("Only the k most likely tokens; 0 for all."), 0);
    add(m_topP, tr("Top p"), tr("Only the most likely tokens that share this probability; 1 for all."), 1);
    return m_folded;
}

void SamplingForm::setUnfolded(bool isUnfolded)
{
    m_folded->setVisible(isUnfolded);
}

void SamplingForm::rollSeed()
{
    m_seed.field->setValue(QRandomGenerator::global()->bounded(1000000));
}

std::optional<double> SamplingForm::valueOf(const Entry& entry)
{
    const auto value = entry.field->value();
    if (!value || *value < entry.lowest || *value > entry.highest) return std::nullopt;
    if (entry.isWhole && *value != std::floor(*value)) return std::nullopt;
    return value;
}

void SamplingForm::check()
{
    m_isUsable = true;
    QString atHand;
    for (const Entry* entry : {&m_temperature, &m_seed, &m_length, &m_topK, &m_topP}) {
        const bool isGood = valueOf(*entry).has_value();
        m_isUsable = m_isUsable && isGood;
        const QString sentence = isGood ? QString() : entry->sentence;
        if (entry->row != nullptr) {
            entry->row->setError(sentence);
        } else {
            entry->field->setInvalid(!isGood);
            if (!isGood) atHand = sentence;
        }
    }
    m_error->setText(atHand);
    m_error->setVisible(!atHand.isEmpty());
    if (const auto temperature = valueOf(m_temperature)) m_slider->setNumber(*temperature);
    Q_EMIT changed();
}

bool SamplingForm::fill(GenerateRequest& request) const
{
    if (!m_isUsable) return false;
    request.temperature = *valueOf(m_temperature);
    request.seed = static_cast<std::uint64_t>(*valueOf(m_seed));
    request.maxNewTokens = static_cast<std::int64_t>(*valueOf(m_length));
    request.topK = static_cast<std::int64_t>(*valueOf(m_topK));
    request.topP = *valueOf(m_topP);
    return true;
}

}  // namespace preflab
