// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW and clipping against the executed numbers of trl-spec section 3.
#include "core/plan/schedule.h"
#include "core/train/optimizers/clip.h"
#include "core/train/optimizers/optimizer.h"

#include <ATen/ops/tensor.h>
#include <ATen/TensorOperators.h>

#include <QTest>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace preflab;

namespace {

std::unique_ptr<Optimizer> adamW(const NamedParameters& parameters, const OptimizerOptions& options)
{
    return findOptimizer("adamw")->make(parameters, options);
}

}  // namespace

class OptimizerTraceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsTheGoldenTrace()
    {
        Tensor p = at::tensor({1.0, -2.0, 0.5}, at::kFloat).requires_grad_(true);
        const Tensor a[2] = {at::tensor({0.3, 0.1, -0.2}, at::kFloat), at::tensor({-0.5, 0.7, 0.1}, at::kFloat)};
        const double targets[4][2] = {{1, 2}, {-3, 0.5}, {0.2, 0.1}, {6, -4}};
        const double losses[4] = {3.955625, 3.609396, 0.939638, 10.212121};
        const double norms[4] = {1.619172, 1.299341, 0.823577, 1.675702};
        const double after[4][3] = {{0.99, -1.99, 0.51},
                                    {0.982599, -1.982826, 0.516376},
                                    {0.977778, -1.977971, 0.5203},
                                    {0.977184, -1.976354, 0.520154}};
        const auto optimizer = adamW({{"p", p}}, {});
        const Schedule schedule = Schedule::make(**findSchedule("linear"), 4, 0);
        for (int s = 0; s < 4; ++s) {
            optimizer->clearGradients();
            double sum = 0.0;
            for (int k = 0; k < 2; ++k) {
                const Tensor loss = ((p * a[k]).sum() - targets[s][k]).pow(2) * 0.25;
                sum += loss.item<double>();
                loss.backward();
            }
            std::vector<Tensor> gradients = gradientsOf(optimizer->parameters());
            const double norm = globalNorm(gradients);
            clipGradients(gradients, norm, 1.0);
            optimizer->step(1e-2 * schedule.factor(s + 1));
            QVERIFY(std::abs(sum - losses[s]) < 1e-6);
            QVERIFY(std::abs(norm - norms[s]) < 1e-6);
            for (int i = 0; i < 3; ++i) QVERIFY(std::abs(p[i].item<double>() - after[s][i]) < 1e-6);
        }
    }

    void decaysOnlyMatrices()
    {
        for (const char* name : {"model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight",
                                 "lm_head.weight", "model.layers.0.normal.weight"})
            QVERIFY2(isDecayed(name), name);
        for (const char* name :
             {"model.norm.weight", "model.layers.3.input_layernorm.weight", "model.layers.3.self_attn.q_proj.bias",
              "model.layers.0.self_attn.q_norm.weight", "transformer.RMSNorm_1.weight", "norm"})
            QVERIFY2(!isDecayed(name), name);

        Tensor matrix = at::tensor({1.0, 2.0}, at::kFloat).requires_grad_(true);
        Tensor norm = at::tensor({1.0, 2.0}, at::kFloat).requires_grad_(true);
        const auto optimizer = adamW({{"a.weight", matrix}, {"norm.weight", norm}}, {.weightDecay = 0.5});
        (matrix.sum() * 0.0 + norm.sum() * 0.0).backward();
        optimizer->step(0.1);
        QVERIFY(std::abs(matrix[1].item<double>() - 2.0 * (1.0 - 0.1 * 0.5)) < 1e-6);
        QCOMPARE(norm[1].item<double>(), 2.0);
    }

    void leavesParametersWithoutGradientAlone()
    {
        Tensor used = at::tensor({1.0}, at::kDouble).requires_grad_(true);
        Tensor unused = at::tensor({1.0}, at::kDouble).requires_grad_(true);
        const auto optimizer = adamW({{"used", used}, {"unused", unused}}, {});
        used.sum().backward();
        optimizer->step(0.1);
        QVERIFY(std::abs(used.item<double>() - 0.9) < 1e-6);
        QCOMPARE(unused.item<double>(), 1.0);
        optimizer->clearGradients();
        QVERIFY(gradientsOf(optimizer->parameters()).empty());
        QCOMPARE(globalNorm({}), 0.0);
    }

    void clipsLongGradientsOnly()
    {
        std::vector<Tensor> gradients{at::tensor({3.0, 0.0}, at::kDouble), at::tensor({4.0}, at::kDouble)};
        QCOMPARE(globalNorm(gradients), 5.0);
        clipGradients(gradients, 5.0, 0.0);
        clipGradients(gradients, 5.0, 10.0);
        QCOMPARE(gradients[1].item<double>(), 4.0);
        clipGradients(gradients, 5.0, 1.0);
        QVERIFY(std::abs(globalNorm(gradients) - 5.0 / (5.0 + 1e-6)) < 1e-12);
    }
};

QTEST_GUILESS_MAIN(OptimizerTraceTest)
#include "optimizer_trace_test.moc"
