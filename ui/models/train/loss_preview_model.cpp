// SPDX-License-Identifier: GPL-3.0-or-later
// Which curve, over whose margins; one computation at a time, the newest settings next.
#include "ui/models/train/loss_preview_model.h"

#include "core/base/system.h"
#include "ui/models/app/background.h"
#include "ui/models/app/compute_job.h"
#include "ui/models/app/number_text.h"
#include "ui/models/runs/run_center.h"

#include <QLocale>
#include <QtConcurrent>

#include <algorithm>

namespace preflab {
namespace {

constexpr std::uint32_t kScoredPairs = 256;
constexpr double kComparedFactor = 3.0;

QString number(double value)
{
    return QString::fromStdString(toText(ParamValue{value}));
}

}  // namespace

/// What scoring found, for both kinds of methods.
struct LossPreviewModel::Scores {
    std::vector<double> logRatios;
    std::vector<double> logOdds;
    double nll = 0.0;  ///< of the chosen answers, per token
};

LossPreviewModel::LossPreviewModel(const Backend& backend, RunDraft& draft, QObject* parent)
    : QObject(parent), m_backend(backend), m_draft(draft)
{
    m_pool.setMaxThreadCount(1);
    connect(&draft, &RunDraft::changed, this, &LossPreviewModel::update);
    connect(&draft, &RunDraft::choiceChanged, this, &LossPreviewModel::takeSources);
    connect(&draft, &RunDraft::sourcesChanged, this, &LossPreviewModel::takeSources);
    update();
}

LossPreviewModel::~LossPreviewModel()
{
    m_pool.waitForDone();
}

void LossPreviewModel::setRuns(RunCenter* runs)
{
    cancelScores();
    m_runs = runs;
    if (runs) connect(runs, &RunCenter::listChanged, this, &LossPreviewModel::takeSources);
    takeSources();
}

const ComponentDescription* LossPreviewModel::method() const
{
    const MethodChoice& choice = m_draft.choice();
    if (!choice.needsPairs) return nullptr;
    const auto shown = std::find_if(choice.methods.begin(), choice.methods.end(),
                                    [&](const ComponentDescription& method) { return method.id == m_method; });
    return shown == choice.methods.end() ? &choice.methods.front() : &*shown;
}

void LossPreviewModel::showMethod(const std::string& id)
{
    if (m_method == id) return;
    m_method = id;
    takeSources();
    update();
}

const ParamSpec* LossPreviewModel::strength() const
{
    const ComponentDescription* shown = method();
    if (!shown) return nullptr;
    const auto found =
        std::find_if(shown->params.begin(), shown->params.end(), [](const ParamSpec& spec) { return spec.isLogScale; });
    return found == shown->params.end() ? nullptr : &*found;
}

QString LossPreviewModel::strengthLabel() const
{
    const ParamSpec* spec = strength();
    return spec ? paramText(spec->title) : QString();
}

QString LossPreviewModel::marginLabel() const
{
    const ComponentDescription* shown = method();
    if (!shown) return {};
    return shown->needsReference ? tr("margin in log-probability: chosen minus rejected, against the reference")
                                 : tr("log-odds of chosen over rejected, per token");
}

/// With a reference, the policy starts as the reference: every margin is 0, and nothing has to be computed.
bool LossPreviewModel::startsAtZero() const
{
    const ComponentDescription* shown = method();
    return shown && shown->needsReference && m_source.isEmpty();
}

std::vector<MarginSource> LossPreviewModel::sources() const
{
    const ComponentDescription* shown = method();
    if (!shown) return {};
    std::vector<MarginSource> all{{{}, shown->needsReference ? tr("the start") : tr("the base model")}};
    if (!m_runs) return all;
    for (const RunEntry& run : m_runs->runs()) {
        if (run.summary.checkpoints.empty() || run.record.spec.model != m_draft.model()) continue;
        all.push_back({QString::fromStdString(run.record.id), QString::fromStdString(run.record.name)});
    }
    return all;
}

void LossPreviewModel::takeSources()
{
    const std::vector<MarginSource> all = sources();
    const bool isThere =
        std::any_of(all.begin(), all.end(), [this](const MarginSource& source) { return source.id == m_source; });
    if (!isThere) m_source.clear();
    if (m_job && m_jobKey != scoreKey()) cancelScores();
    Q_EMIT sourcesChanged();
}

void LossPreviewModel::setSource(const QString& id)
{
    if (m_source == id) return;
    m_source = id;
    m_scoreError.reset();
    cancelScores();
    Q_EMIT sourcesChanged();
    update();
    if (needsScores()) computeScores();
}

QString LossPreviewModel::scoreKey() const
{
    const ComponentDescription* shown = method();
    const auto length = m_draft.maxLength();
    const QStringList parts{QString::fromStdString(m_draft.model().string()),
                            QString::fromStdString(m_draft.data().path.string()),
                            m_source,
                            shown ? QString::fromStdString(shown->recipe) : QString(),
                            length ? QString::number(*length) : QString(),
                            QString::fromStdString(std::string(splitRuleId(m_draft.splitRule()))),
                            QString::fromStdString(m_draft.chatTemplate().id)};
    return parts.join(QLatin1Char('\n'));
}

std::shared_ptr<const LossPreviewModel::Scores> LossPreviewModel::scores() const
{
    return m_scores.value(scoreKey());
}

bool LossPreviewModel::needsScores() const
{
    return method() && !startsAtZero() && !scores() && !m_job && scoreRequest().has_value();
}

std::optional<ScoreRequest> LossPreviewModel::scoreRequest() const
{
    const ComponentDescription* shown = method();
    if (!shown || !m_runs || !m_draft.modelReport() || m_draft.data().kind != RowKind::Preference) return std::nullopt;
    ScoreRequest request;
    request.model = m_draft.model();
    if (!m_source.isEmpty()) {
        const RunEntry* run = m_runs->find(m_source);
        if (!run || run->summary.checkpoints.empty()) return std::nullopt;
        request.model = m_runs->project().runFolder(run->record.id) / run->summary.checkpoints.back();
        if (shown->needsReference) request.reference = m_draft.model();
    }
    request.data = m_draft.data().path;
    request.columns = m_draft.data().columns;
    request.cacheFolder = cacheFolder();
    request.recipeId = shown->recipe;
    request.recipe.split = m_draft.splitRule();
    request.chatTemplate = &m_draft.chatTemplate();
    request.limit = kScoredPairs;
    if (const auto length = m_draft.maxLength()) request.recipe.maxLength = *length == 0 ? std::nullopt : length;
    return request;
}

void LossPreviewModel::computeScores()
{
    const auto request = scoreRequest();
    if (!request) return;
    m_scoreError.reset();
    m_jobKey = scoreKey();
    m_job = m_runs->score(*request);
    connect(m_job.get(), &ComputeJob::scoresArrived, this, &LossPreviewModel::scoringChanged);
    connect(m_job.get(), &ComputeJob::ended, this, &LossPreviewModel::takeScores);
    Q_EMIT scoringChanged();
}

void LossPreviewModel::cancelScores()
{
    if (!m_job) return;
    m_job->disconnect(this);
    m_job.reset();
    Q_EMIT scoringChanged();
}

int LossPreviewModel::scoredPairs() const
{
    return m_job ? static_cast<int>(m_job->scores().size()) : 0;
}

void LossPreviewModel::takeScores()
{
    // The job is the sender: it goes once its signal has been delivered.
    ComputeJob* job = m_job.release();
    job->deleteLater();
    if (job->error()) {
        m_scoreError = job->error();
    } else {
        auto scores = std::make_shared<Scores>();
        for (const PairScore& pair : job->scores()) {
            if (const auto margin = pair.logRatioMargin()) scores->logRatios.push_back(*margin);
            scores->logOdds.push_back(pair.logOdds);
            const auto tokens = static_cast<double>(std::max<std::int64_t>(1, pair.chosenTokens));
            scores->nll -= pair.chosenLogProb / tokens / static_cast<double>(job->scores().size());
        }
        m_scores[m_jobKey] = std::move(scores);
    }
    Q_EMIT scoringChanged();
    update();
}

std::optional<LossCurvesInput> LossPreviewModel::input() const
{
    const ParamSpec* spec = strength();
    if (!spec) return std::nullopt;
    const ComponentDescription& shown = *method();
    LossCurvesInput input;
    input.method = shown.id;
    input.strength = spec->key;
    input.params = defaultsOf(shown.params);
    for (auto& [key, value] : input.params) value = m_draft.form().value(key).value_or(value);
    input.value = std::get<double>(input.params.at(spec->key));
    const double standard = std::get<double>(spec->defaultValue);
    input.compared = input.value == standard ? kComparedFactor * standard : standard;
    if (input.value <= 0.0) return std::nullopt;
    if (startsAtZero()) {
        input.margins.assign(std::min(m_draft.trainedPairs(), kScoredPairs), 0.0);
    } else if (const auto known = scores()) {
        input.margins = shown.needsReference ? known->logRatios : known->logOdds;
    }
    return input;
}

void LossPreviewModel::update()
{
    m_isStale = true;
    if (!m_isComputing) compute();
}

void LossPreviewModel::compute()
{
    m_isStale = false;
    const auto wanted = input();
    if (!wanted) {
        if (m_preview) {
            m_preview.reset();
            Q_EMIT previewChanged();
        }
        return;
    }
    m_isComputing = true;
    whenDone(QtConcurrent::run(&m_pool,
                               [&backend = m_backend, wanted = *wanted] { return computeLossCurves(backend, wanted); }),
             this, [this, id = wanted->method](const Result<LossCurves>& result) {
                 m_isComputing = false;
                 // While a slider is dragged, a curve that is a step behind is better than none; one of another method is wrong.
                 const ComponentDescription* shown = method();
                 if (!m_isStale || (shown && shown->id == id)) {
                     m_preview = result ? std::optional(*result) : std::nullopt;
                     Q_EMIT previewChanged();
                 }
                 if (m_isStale) compute();
             });
}

QString LossPreviewModel::sentence() const
{
    const ComponentDescription* drawn = method();
    if (!m_preview || !drawn) return {};
    const LossCurves& shown = *m_preview;
    const QString label = strengthLabel().toLower();
    if (startsAtZero()) {
        return tr("Before training every pair stands at margin 0, with half of its full pull, whatever %1 is. %2 "
                  "decides how "
                  "soon the pull fades.")
            .arg(label, strengthLabel());
    }
    if (shown.margins.empty()) return tr("The bars appear once the pairs have been scored by the model.");
    if (drawn->needsReference) {
        return tr("At %1 %2 the loss still pulls on %3 of the pairs (a pull above %4). At %5 it would be %6.")
            .arg(label, number(shown.value), percentText(shown.stillPulling), QLocale().toString(kStrongPull),
                 number(shown.compared), percentText(shown.comparedStillPulling));
    }
    const double nll = scores() ? scores()->nll : 0.0;
    return tr("At %1 %2 the preference makes up %3 of the loss; the rest, %4, is learning the chosen answers.")
        .arg(label, number(shown.value), percentText(shown.meanLoss / std::max(1e-9, shown.meanLoss + nll)),
             QLocale().toString(nll, 'f', 2));
}

}  // namespace preflab
