// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line asks of the window.
#pragma once

#include <QStringList>

#include <filesystem>
#include <vector>

namespace preflab {

/// "preflab [--demo] [--components] [file or folder...]"
struct WindowOptions {
    std::vector<std::filesystem::path> paths;  ///< projects, models and data files to open, in this order
    bool isDemoWanted = false;                 ///< run the demo experiment at once
    bool areComponentsShown = false;           ///< the sheet of controls, for work on the design
};

/// Reads them, the program's name first; prints help or version and ends the program where asked to, as programs do.
WindowOptions readWindowOptions(const QStringList& arguments);

}  // namespace preflab
