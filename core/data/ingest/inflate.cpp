// SPDX-License-Identifier: GPL-3.0-or-later
// zlib as a stream; it compares checksum and length of every member itself.
#include "core/data/ingest/inflate.h"

#include "core/base/system.h"

#include <zlib.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kInputBytes = std::size_t{256} << 10;
constexpr std::size_t kOutputBytes = std::size_t{1} << 20;
constexpr int kGzipOnly = 16 + MAX_WBITS;

/// One inflation on its way.
class Inflation {
public:
    Inflation(const FileReader& source, RowWriter& target, const InflateLimits& limits)
        : m_source(source), m_target(target), m_limits(limits), m_input(kInputBytes), m_output(kOutputBytes)
    {
    }
    ~Inflation() { inflateEnd(&m_stream); }
    Inflation(const Inflation&) = delete;
    Inflation& operator=(const Inflation&) = delete;

    Result<std::optional<Finding>> run(const ProgressSink& progress, const std::stop_token& stop);

private:
    Result<> refill();
    Result<> inflateInput();
    Result<> checkLimits() const;
    std::uint64_t consumed() const { return m_read - m_stream.avail_in; }
    bool isNextMember() const { return m_stream.avail_in > 0 && *m_stream.next_in == 0x1F; }

    tl::unexpected<Error> invalid(std::string reason) const
    {
        return fail(ErrorCode::DataInvalid, {{"path", m_source.path().string()},
                                             {"where", "byte " + countText(consumed())},
                                             {"reason", std::move(reason)}});
    }

    const FileReader& m_source;
    RowWriter& m_target;
    const InflateLimits& m_limits;
    std::vector<Bytef> m_input;
    std::vector<Bytef> m_output;
    z_stream m_stream{};
    std::uint64_t m_read = 0;
    bool m_isMemberDone = false;
};

Result<> Inflation::refill()
{
    TRY(const auto count, m_source.readSome(m_read, std::as_writable_bytes(std::span(m_input))));
    m_read += count;
    m_stream.next_in = m_input.data();
    m_stream.avail_in = static_cast<uInt>(count);
    return {};
}

Result<> Inflation::checkLimits() const
{
    const auto written = m_target.bytes();
    if (written > m_limits.maxBytes) return invalid("it inflates to more than " + byteText(m_limits.maxBytes));
    if (written > m_limits.ratioFrom && written / m_limits.maxRatio > consumed()) {
        return invalid("it inflates to more than " + countText(m_limits.maxRatio) + " times its size");
    }
    return {};
}

/// Inflates until the input is used up or its member ends.
Result<> Inflation::inflateInput()
{
    do {
        m_stream.next_out = m_output.data();
        m_stream.avail_out = static_cast<uInt>(m_output.size());
        const int status = inflate(&m_stream, Z_NO_FLUSH);
        m_isMemberDone = status == Z_STREAM_END;
        // Z_BUF_ERROR only says that there is nothing to do with what is left of the input.
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
            return invalid("the gzip data is damaged (" + std::string(m_stream.msg ? m_stream.msg : "no reason") + ")");
        }
        const auto count = m_output.size() - m_stream.avail_out;
        TRY_VOID(m_target.write({reinterpret_cast<const char*>(m_output.data()), count}));
        TRY_VOID(checkLimits());
    } while (!m_isMemberDone && m_stream.avail_out == 0);
    return {};
}

Result<std::optional<Finding>> Inflation::run(const ProgressSink& progress, const std::stop_token& stop)
{
    if (inflateInit2(&m_stream, kGzipOnly) != Z_OK) return invalid("zlib could not be started");
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        if (m_stream.avail_in == 0) TRY_VOID(refill());
        const bool isAtEnd = m_stream.avail_in == 0;
        if (isAtEnd && m_isMemberDone) return std::nullopt;
        if (isAtEnd)
            return Finding{Finding::Kind::IncompleteFile, 0,
                           "the gzip data ends too early, after " + countText(m_read) + " bytes"};
        if (m_isMemberDone) {
            if (!isNextMember())
                return Finding{Finding::Kind::BytesBehind, 0,
                               "the bytes from " + countText(consumed()) + " on are not gzip, and are not read"};
            inflateReset(&m_stream);
        }
        TRY_VOID(inflateInput());
        if (progress) progress("Inflating", consumed(), m_source.size());
    }
}

}  // namespace

Result<std::optional<Finding>> inflateGzip(const FileReader& source, RowWriter& target, const InflateLimits& limits,
                                           const ProgressSink& progress, std::stop_token stop)
{
    return Inflation(source, target, limits).run(progress, stop);
}

}  // namespace preflab
