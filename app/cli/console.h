// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line says: results on standard output (lines, or JSON with --json), progress and errors on
// standard error.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/runs/run_log.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace preflab {

/// Writes a text somewhere; returns 0, or the errno of the failure.
using WriteText = std::function<int(std::string_view text)>;

/// Writes to a file descriptor, with retries.
WriteText writeToDescriptor(int descriptor);

/// Thread-safe. A closed pipe ends output, never the work behind it. Whatever is written has gone through
/// core/base/printable.h, so that no name or text from a file steers the terminal.
class Console {
public:
    /// Where things go and how.
    struct Options {
        WriteText out;
        WriteText err;
        bool isTerminal = false;  ///< a progress bar may be drawn on standard error
        int columns = 80;         ///< width of that terminal
        bool isJson = false;      ///< --json: one object a line on standard output, no other text
    };
    explicit Console(Options options);
    ~Console();

    bool isJson() const { return m_options.isJson; }
    bool isTerminal() const { return m_options.isTerminal; }
    void setJson(bool isJson) { m_options.isJson = isJson; }

    /// One line for people on standard output, whatever names it holds; nothing with --json.
    void line(std::string_view text = {});
    /// A line for people on standard error, beside a result that other programs may read; nothing with --json.
    void remark(std::string_view text);
    /// A text of several lines, or a piece of one (an answer while it is generated), as it is but for what a terminal would
    /// obey; nothing with --json.
    void text(std::string_view piece);
    /// A text of several lines, always: a file that goes to standard output.
    void raw(std::string_view content);
    /// One JSON object as one line, only with --json.
    void event(const Json& object);
    /// One JSON object as one line, always: for output that is JSON by nature.
    void jsonLine(const Json& object);
    /// The progress bar on a terminal, redrawn at most ten times a second; nothing elsewhere.
    void progress(const RunProgress& progress);
    void clearProgress();
    /// Progress of a job, with a time left estimated from its speed.
    ProgressSink progressSink();
    /// The sentence of an error on standard error; with --json the error also as the last object of the output.
    void error(const Error& error);

    /// True once standard output cannot be written.
    bool isClosed() const;
    /// Whoever read standard output wants no more of it, as `head` does.
    bool isReaderGone() const;
    /// OutputLost if any of the output was, for another reason than a reader that went away: a full disk, a closed stream.
    Result<> checkWritten() const;

private:
    void write(std::string_view text);  // m_mutex held
    void eraseBar();                    // m_mutex held
    void drawBar();                     // m_mutex held

    using Clock = std::chrono::steady_clock;
    mutable std::mutex m_mutex;  ///< protects everything below, and keeps lines whole
    Options m_options;
    int m_writeError = 0;
    bool m_isBarShown = false;
    std::string m_bar;
    std::string m_phase;
    Clock::time_point m_lastDrawn;
};

}  // namespace preflab
