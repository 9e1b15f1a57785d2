// SPDX-License-Identifier: GPL-3.0-or-later
// Results in test comparisons: QCOMPARE(problemOf(result), QString()) prints the sentence when it fails.
#pragma once

#include "core/base/result.h"

#include <QString>

namespace preflab::test {

/// The sentence of a failure; empty for success.
template <class T>
QString problemOf(const Result<T>& result)
{
    return result ? QString() : QString::fromStdString(sentence(result.error()));
}

/// "file-not-found", or "" for success.
template <class T>
QString codeOf(const Result<T>& result)
{
    if (result) return {};
    const std::string_view id = errorId(result.error().code);
    return QString::fromUtf8(id.data(), static_cast<qsizetype>(id.size()));
}

/// One argument of a failure; empty if there is no failure or no such argument.
template <class T>
QString argumentOf(const Result<T>& result, const char* name)
{
    if (result) return {};
    const auto found = result.error().arguments.find(name);
    return found == result.error().arguments.end() ? QString() : QString::fromStdString(found->second);
}

}  // namespace preflab::test
