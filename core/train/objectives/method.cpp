// SPDX-License-Identifier: GPL-3.0-or-later
// Look-up of methods and the preview of their losses.
#include "core/train/objectives/method.h"

namespace preflab {

Result<const MethodInfo*> findMethod(std::string_view id)
{
    std::string supported;
    for (const MethodInfo* method : methods()) {
        if (method->id == id) return method;
        supported += (supported.empty() ? "" : ", ") + method->id;
    }
    return fail(ErrorCode::UnknownMethod, {{"found", std::string(id)}, {"supported", supported}});
}

Result<double> methodCurve(const MethodInfo& method, const ParamValues& params, double margin)
{
    const std::vector<LossTerm> terms = method.terms(params);
    if (terms.empty()) {
        return fail(ErrorCode::WrongUse,
                    {{"reason", "The method " + method.id + " compares no pairs, so it has no loss of a margin"}});
    }
    double sum = 0.0;
    for (const LossTerm& term : terms) sum += term.weight * term.loss->curve(margin, params);
    return sum;
}

}  // namespace preflab
