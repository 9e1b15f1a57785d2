// SPDX-License-Identifier: GPL-3.0-or-later
// The words of the window in the user's language.
#pragma once

class QCoreApplication;

namespace preflab {

/// Installs what there is for the system's language; English always, for its plurals. Once, before the first window.
void installTranslations(QCoreApplication& application);

}  // namespace preflab
