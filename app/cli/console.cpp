// SPDX-License-Identifier: GPL-3.0-or-later
// Lines, JSON lines and the progress bar.
#include "app/cli/console.h"

#include "core/base/printable.h"
#include "core/base/system.h"
#include "core/project/path_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace preflab {

namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr int kBarCells = 24;
constexpr auto kRedrawInterval = std::chrono::milliseconds(100);

std::string barText(const RunProgress& progress, int columns)
{
    std::string text = progress.phase;
    if (progress.total > 0) {
        const double share = std::clamp(double(progress.done) / double(progress.total), 0.0, 1.0);
        const int filled = int(share * kBarCells + 0.5);
        text += " [" + std::string(std::size_t(filled), '#') + std::string(std::size_t(kBarCells - filled), '-') +
                "] " + std::to_string(progress.done) + "/" + std::to_string(progress.total);
    } else if (progress.done > 0) {
        text += " " + countText(std::uint64_t(progress.done));
    }
    if (progress.secondsLeft >= 0.0) text += ", " + durationText(progress.secondsLeft) + " left";
    // The last column stays free: a full line would wrap and could not be erased.
    return std::string(wholeCharacters(printable(text), std::size_t(columns - 1)));
}

// JSON escapes controls below U+0020 only; the others, and marks that turn the direction of writing, would reach a
// terminal.
std::string jsonText(const Json& object)
{
    std::string text;
    for (const char letter : object.dump(-1, ' ', false, Json::error_handler_t::replace)) {
        if (letter == '\x7F')
            text += "\\u007f";
        else
            text += letter;
    }
    return printable(text);  // spells what is longer than a byte as \u009b, which is JSON's own way
}

// One job's speed, to say how long the rest takes.
struct JobClock {
    std::string phase;
    std::chrono::steady_clock::time_point start;
    double secondsLeft(std::string_view now, std::uint64_t done, std::uint64_t total)
    {
        const auto moment = std::chrono::steady_clock::now();
        if (phase != now) {
            phase = now;
            start = moment;
        }
        const double seconds = std::chrono::duration<double>(moment - start).count();
        if (done == 0 || total < done || seconds < 1.0) return -1.0;
        return seconds * double(total - done) / double(done);
    }
};

}  // namespace

WriteText writeToDescriptor(int descriptor)
{
    return [descriptor](std::string_view text) {
        while (!text.empty()) {
            const ssize_t written = ::write(descriptor, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return errno;
            text.remove_prefix(std::size_t(written));
        }
        return 0;
    };
}

Console::Console(Options options) : m_options(std::move(options)) {}

Console::~Console()
{
    clearProgress();
}

void Console::write(std::string_view text)
{
    if (m_writeError == 0) m_writeError = m_options.out(text);
}

void Console::eraseBar()
{
    if (m_isBarShown) m_options.err(kEraseLine);
    m_isBarShown = false;
}

void Console::drawBar()
{
    m_options.err(std::string(kEraseLine) + m_bar);
    m_isBarShown = true;
    m_lastDrawn = Clock::now();
}

void Console::line(std::string_view text)
{
    if (m_options.isJson) return;
    const std::lock_guard lock(m_mutex);
    const bool wasBarShown = m_isBarShown;
    eraseBar();
    write(printable(text) + "\n");
    if (wasBarShown) drawBar();
}

void Console::remark(std::string_view text)
{
    if (m_options.isJson) return;
    const std::lock_guard lock(m_mutex);
    eraseBar();
    m_options.err(printable(text) + "\n");
}

void Console::text(std::string_view piece)
{
    if (!m_options.isJson) raw(piece);
}

void Console::raw(std::string_view content)
{
    const std::lock_guard lock(m_mutex);
    eraseBar();
    write(printable(content, LineBreaks::Keep));
}

void Console::event(const Json& object)
{
    if (m_options.isJson) jsonLine(object);
}

void Console::jsonLine(const Json& object)
{
    const std::lock_guard lock(m_mutex);
    eraseBar();
    write(jsonText(object) + "\n");
}

void Console::progress(const RunProgress& progress)
{
    if (m_options.isJson || progress.phase.empty()) return;
    const std::lock_guard lock(m_mutex);
    const bool isNewPhase = progress.phase != m_phase;
    m_phase = progress.phase;
    if (!m_options.isTerminal) return;
    m_bar = barText(progress, m_options.columns);
    if (isNewPhase || !m_isBarShown || Clock::now() - m_lastDrawn >= kRedrawInterval) drawBar();
}

void Console::clearProgress()
{
    const std::lock_guard lock(m_mutex);
    eraseBar();
    m_phase.clear();
}

ProgressSink Console::progressSink()
{
    return
        [this, clock = std::make_shared<JobClock>()](std::string_view phase, std::uint64_t done, std::uint64_t total) {
            const double left = clock->secondsLeft(phase, done, total);
            progress({std::string(phase), std::int64_t(done), std::int64_t(total), left});
        };
}

void Console::error(const Error& error)
{
    if (m_options.isJson) {
        Json arguments = Json::object();
        for (const auto& [name, value] : error.arguments) arguments[name] = pathText(value);
        jsonLine({{"error", {{"id", errorId(error.code)}, {"sentence", sentence(error)}, {"arguments", arguments}}}});
    }
    const std::lock_guard lock(m_mutex);
    eraseBar();
    m_options.err(sentence(error) + "\n");
}

bool Console::isClosed() const
{
    const std::lock_guard lock(m_mutex);
    return m_writeError != 0;
}

bool Console::isReaderGone() const
{
    const std::lock_guard lock(m_mutex);
    return m_writeError == EPIPE;
}

Result<> Console::checkWritten() const
{
    const std::lock_guard lock(m_mutex);
    if (m_writeError == 0 || m_writeError == EPIPE) return {};
    const std::string reason = m_writeError == EBADF ? "standard output is closed" : std::strerror(m_writeError);
    return fail(ErrorCode::OutputLost, {{"reason", reason}});
}

}  // namespace preflab
