// SPDX-License-Identifier: GPL-3.0-or-later
// The lowest free descriptor is what open gives.
#include "core/base/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace preflab {

void reserveStandardStreams()
{
    int descriptor = 0;
    do {
        // Nobody sees what is written to a closed stream: whoever writes shall be told, and not by a signal.
        descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor > STDERR_FILENO) ::close(descriptor);
}

}  // namespace preflab
