// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a run on one machine.
#include "core/train/loop/communicator.h"

namespace preflab {
namespace {

class OneProcess final : public Communicator {
public:
    std::int64_t rank() const override { return 0; }
    std::int64_t size() const override { return 1; }
    Result<> sum(std::span<const Tensor>) override { return {}; }
    Result<> sum(std::span<double>) override { return {}; }
    Result<> broadcast(std::span<const Tensor>) override { return {}; }
};

}  // namespace

Communicator& oneProcess()
{
    static OneProcess process;
    return process;
}

}  // namespace preflab
