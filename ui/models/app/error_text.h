// SPDX-License-Identifier: GPL-3.0-or-later
// The only place where error codes become the user's language.
#pragma once

#include "core/base/error.h"

#include <QString>

namespace preflab {

/// The sentence of an error in the user's language: names the thing, the place and the remedy.
QString errorText(const Error& error);

/// What a bug report needs: the error's id and the library's own words; empty when there is nothing beyond the sentence.
QString errorDetails(const Error& error);

}  // namespace preflab
