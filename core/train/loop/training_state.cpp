// SPDX-License-Identifier: GPL-3.0-or-later
// A run's state as named tensors.
#include "core/train/loop/training_state.h"

#include "core/model/safetensors.h"
#include "core/model/safetensors_writer.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/numbers.h"

#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace preflab {
namespace {

constexpr std::string_view kTotal = "total.";
constexpr std::string_view kOptimizer = "optimizer.";

using NamedTensors = std::map<std::string, Tensor>;

void put(NamedTensors& tensors, const std::string& name, const std::vector<double>& numbers)
{
    tensors[name] = tensorOf(numbers, at::empty({0}, at::kDouble));
}

void put(NamedTensors& tensors, const std::string& name, const std::optional<ReferenceLogProbs>& reference)
{
    if (!reference) return;
    put(tensors, name + ".chosen", reference->chosen());
    put(tensors, name + ".rejected", reference->rejected());
}

/// Everything but the optimizer's tensors, which stay where they are.
NamedTensors numbersIn(const TrainingState& state)
{
    NamedTensors tensors;
    put(tensors, "step", std::vector{static_cast<double>(state.step)});
    put(tensors, "seconds", std::vector{state.seconds});
    for (const auto& [key, value] : state.totals.values()) put(tensors, std::string(kTotal) + key, std::vector{value});
    put(tensors, "reference", state.reference);
    put(tensors, "baseline", state.baselines.reference);
    if (const auto& heldOut = state.baselines.heldOut) {
        put(tensors, "held_out.chosen", heldOut->chosen);
        put(tensors, "held_out.rejected", heldOut->rejected);
        put(tensors, "held_out.chosen_tokens", heldOut->chosenTokens);
        put(tensors, "held_out.rejected_tokens", heldOut->rejectedTokens);
    }
    return tensors;
}

TensorToWrite toWrite(const std::string& name, const Tensor& tensor)
{
    const TensorType type = tensor.scalar_type() == at::kDouble ? TensorType::F64 : TensorType::F32;
    return {name, type, tensor.sizes().vec(), [tensor](std::span<std::byte> into) {
                return guarded([&]() -> Result<> {
                    copyBytes(tensor, into);
                    return {};
                });
            }};
}

/// A saved state, read by names.
class StateFile {
public:
    StateFile(const std::filesystem::path& path, SafetensorsSet set) : m_path(path), m_set(std::move(set)) {}

    bool has(const std::string& name) const { return m_set.find(name) != nullptr; }
    const std::vector<TensorEntry>& entries() const { return m_set.tensors(); }

    Result<Tensor> tensor(const std::string& name) const
    {
        const TensorEntry* const entry = m_set.find(name);
        if (entry == nullptr) return bad(name, "it is missing");
        if (entry->type != TensorType::F32 && entry->type != TensorType::F64) return bad(name, "it is of another type");
        return filledTensor(entry->shape, entry->type == TensorType::F64 ? at::kDouble : at::kFloat,
                            [&](std::span<std::byte> into) { return m_set.read(*entry, into); });
    }

    Result<std::vector<double>> numbers(const std::string& name) const
    {
        TRY(const Tensor values, tensor(name));
        return numbersOf(values);
    }

    Result<double> number(const std::string& name) const
    {
        TRY(const std::vector<double> values, numbers(name));
        if (values.size() != 1) return bad(name, "it is not one number");
        return values.front();
    }

    Result<std::optional<ReferenceLogProbs>> reference(const std::string& name) const
    {
        if (!has(name + ".chosen")) return std::nullopt;
        TRY(std::vector<double> chosen, numbers(name + ".chosen"));
        TRY(std::vector<double> rejected, numbers(name + ".rejected"));
        if (chosen.size() != rejected.size()) return bad(name, "its sides differ in length");
        return ReferenceLogProbs(std::move(chosen), std::move(rejected));
    }

    tl::unexpected<Error> bad(const std::string& name, const std::string& reason) const
    {
        return fail(ErrorCode::ConfigInvalid, {{"path", m_path.string()}, {"key", name}, {"reason", reason}});
    }

private:
    std::filesystem::path m_path;
    SafetensorsSet m_set;
};

Result<> readOptimizer(const StateFile& file, Optimizer& optimizer)
{
    const c10::NoGradGuard noGrad;
    for (auto& [name, tensor] : optimizer.state()) {
        const std::string key = std::string(kOptimizer) + name;
        TRY(const Tensor saved, file.tensor(key));
        if (saved.sizes() != tensor.sizes()) return file.bad(key, "its shape is that of another model");
        Tensor(tensor).copy_(saved);
    }
    return {};
}

Result<std::optional<HeldOutLogProbs>> readHeldOut(const StateFile& file)
{
    if (!file.has("held_out.chosen")) return std::nullopt;
    HeldOutLogProbs heldOut;
    TRY(heldOut.chosen, file.numbers("held_out.chosen"));
    TRY(heldOut.rejected, file.numbers("held_out.rejected"));
    TRY(heldOut.chosenTokens, file.numbers("held_out.chosen_tokens"));
    TRY(heldOut.rejectedTokens, file.numbers("held_out.rejected_tokens"));
    return heldOut;
}

}  // namespace

Result<> TrainingState::save(const std::filesystem::path& file) const
{
    std::vector<TensorToWrite> tensors;
    for (const auto& [name, tensor] : numbersIn(*this)) tensors.push_back(toWrite(name, tensor));
    for (const auto& [name, tensor] : optimizer->state())
        tensors.push_back(toWrite(std::string(kOptimizer) + name, tensor));
    return writeSafetensors(file, std::move(tensors), {{"format", "preflab-training-state"}, {"version", "1"}});
}

Result<> TrainingState::load(const std::filesystem::path& path)
{
    TRY(SafetensorsSet set, SafetensorsSet::openFile(path));
    const StateFile file(path, std::move(set));
    TRY(const double done, file.number("step"));
    step = static_cast<std::int64_t>(done);
    TRY(seconds, file.number("seconds"));
    NamedValues values;
    for (const TensorEntry& entry : file.entries()) {
        if (!entry.name.starts_with(kTotal)) continue;
        TRY(const double total, file.number(entry.name));
        values.emplace_back(entry.name.substr(kTotal.size()), total);
    }
    totals = RunningTotals(std::move(values));
    TRY(reference, file.reference("reference"));
    TRY(baselines.reference, file.reference("baseline"));
    TRY(baselines.heldOut, readHeldOut(file));
    return readOptimizer(file, *optimizer);
}

}  // namespace preflab
