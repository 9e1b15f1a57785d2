// SPDX-License-Identifier: GPL-3.0-or-later
// gzip, streamed: any number of members, checksums compared, bombs stopped.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/findings.h"
#include "core/data/ingest/row_writer.h"

#include <cstdint>
#include <optional>
#include <stop_token>

namespace preflab {

/// When to take a file for a decompression bomb.
struct InflateLimits {
    std::uint64_t maxRatio = 200;                       ///< output per input, once past `ratioFrom`
    std::uint64_t ratioFrom = std::uint64_t{10} << 20;  ///< bytes of output
    std::uint64_t maxBytes = std::uint64_t{64} << 30;   ///< bytes of output
};

/// Writes the content of `source` into `target`, without committing it. The value is what is wrong with the file as a
/// whole: an IncompleteFile ("the gzip data ends too early, after 1,024 bytes") or BytesBehind; nothing if it is in order.
/// DataInvalid for a wrong checksum, data that is not
/// gzip or more output than `limits` allow; Cancelled; file errors.
Result<std::optional<Finding>> inflateGzip(const FileReader& source, RowWriter& target, const InflateLimits& limits,
                                           const ProgressSink& progress, std::stop_token stop);

}  // namespace preflab
