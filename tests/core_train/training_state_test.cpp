// SPDX-License-Identifier: GPL-3.0-or-later
// A run that is left between two steps and gone on with from its state takes the same steps, bit for bit.
#include "core/train/backend/torch_border.h"
#include "core/train/loop/training_state.h"
#include "support/loop_run.h"
#include "support/results.h"

#include <c10/core/GradMode.h>

#include <QTest>

#include <cmath>
#include <map>
#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

/// Saves state and parameters after one step, and then stops the run.
class LeaveAfter final : public LoopObserver {
public:
    LeaveAfter(std::int64_t step, RunControl& control, const DecoderWeights& weights, std::filesystem::path file)
        : m_step(step), m_control(control), m_weights(weights), m_file(std::move(file))
    {
    }

    void onStep(const TrainingState& state) override
    {
        if (state.step != m_step) return;
        saved = state.save(m_file);
        for (const auto& [name, parameter] : m_weights.parameters()) parameters[name] = parameter.detach().clone();
        m_control.cancel();
    }

    Result<> saved = fail(ErrorCode::Internal);
    std::map<std::string, Tensor> parameters;

private:
    std::int64_t m_step;
    RunControl& m_control;
    const DecoderWeights& m_weights;
    std::filesystem::path m_file;
};

}  // namespace

class TrainingStateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThreads(1); }

    void goesOnBitForBit_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("precision");
        for (const MethodInfo* method : methods()) {
            for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float64})
                QTest::addRow("%s %d", method->id.c_str(), static_cast<int>(precision))
                    << QString::fromStdString(method->id) << static_cast<int>(precision);
        }
    }
    void goesOnBitForBit()
    {
        QFETCH(QString, method);
        QFETCH(int, precision);
        const ScratchFolder folder;
        const auto training = [&] {
            TrainingJob fresh =
                job(method.toUtf8().constData(), {{"num_train_epochs", 2.0}, {"eval_steps", std::int64_t{2}}},
                    static_cast<Precision>(precision));
            fresh.eval = fresh.heldOut = pairs(3);
            return fresh;
        };
        TrainingJob whole = training();
        Ran expected;
        expected.run(whole);

        TrainingJob first = training();
        Ran left;
        LeaveAfter leave(3, left.control, first.weights, folder / "state.safetensors");
        left.run(first, leave);
        QCOMPARE(problemOf(leave.saved), QString());

        TrainingJob second = training();
        {
            const c10::NoGradGuard noGrad;
            for (const auto& [name, value] : leave.parameters) second.weights.tensors.at(name).copy_(value);
        }
        second.resumeFrom = folder / "state.safetensors";
        Ran went;
        went.run(second);
        QVERIFY(std::holds_alternative<Finished>(went.outcome));
        QCOMPARE(std::get<Finished>(went.outcome).steps, 8);
        for (const std::string& key : expected.log.metricNames()) {
            if (key == "pair_tokens_per_second" || key.starts_with("process/")) continue;
            const std::vector<double> all = expected.series(key.c_str()), rest = went.series(key.c_str());
            QVERIFY2(!rest.empty() && rest.size() < all.size(), key.c_str());
            QCOMPARE(rest, (std::vector<double>(all.end() - std::ssize(rest), all.end())));
        }
        for (const auto& [name, parameter] : whole.weights.parameters())
            QVERIFY2(parameter.equal(second.weights.tensors.at(name)), name.c_str());
    }

    void refusesWhatBelongsToAnotherModel()
    {
        const ScratchFolder folder;
        TrainingJob small = job("dpo", {});
        Ran left;
        LeaveAfter leave(1, left.control, small.weights, folder / "state.safetensors");
        left.run(small, leave);
        QCOMPARE(problemOf(leave.saved), QString());

        TrainingJob other = job("dpo", {});
        DecoderSizes sizes;
        sizes.inner = 14;
        other.weights = randomDecoder(sizes, Precision::Float32);
        other.resumeFrom = folder / "state.safetensors";
        Ran refused;
        refused.run(other);
        const auto* failed = std::get_if<Failed>(&refused.outcome);
        QVERIFY(failed && failed->error.code == ErrorCode::ConfigInvalid);
        QVERIFY(sentence(failed->error).find("another model") != std::string::npos);

        other.resumeFrom = folder / "none.safetensors";
        Ran missing;
        missing.run(other);
        QCOMPARE(std::get<Failed>(missing.outcome).error.code, ErrorCode::FileNotFound);
    }
};

QTEST_GUILESS_MAIN(TrainingStateTest)
#include "training_state_test.moc"
