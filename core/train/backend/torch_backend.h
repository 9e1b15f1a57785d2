// SPDX-License-Identifier: GPL-3.0-or-later
// The engine behind the contract: core/runs/backend.h implemented on LibTorch.
#pragma once

#include "core/runs/backend.h"

#include <memory>

namespace preflab {

/// Stateless; its verbs may be called from any thread, one at a time. What LibTorch throws comes back as an error.
class TorchBackend final : public Backend {
public:
    std::vector<ComponentDescription> describeComponents() const override;
    Result<ModelReport> inspectModel(const std::filesystem::path& path) const override;
    Result<Estimate> estimate(const RunSpec& spec, const RunFolders& folders, const RunData& data,
                              const ProgressSink& progress, std::stop_token stop) override;
    Result<std::vector<double>> curve(const std::string& method, const ParamValues& params,
                                      const std::vector<double>& margins) const override;
    Outcome train(const RunSpec& spec, const RunFolders& folders, const RunData& data, RunControl& control,
                  RunLog& log) override;
    Result<> generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop) override;
    Result<RowCounts> score(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                            std::stop_token stop) override;
    Result<ParityReport> parity(const ParityRequest& request, std::stop_token stop) override;
};

}  // namespace preflab
