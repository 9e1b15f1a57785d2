// SPDX-License-Identifier: GPL-3.0-or-later
// Requests to end the program, as bytes that can be read at leisure.
#pragma once

namespace preflab {

/// From now on SIGINT writes 'i', SIGTERM 't' and SIGHUP 'h' into a pipe (a handler may do little else); returns the end
/// to read, or -1 if there can be no pipe: then signals keep their defaults. Signals that are ignored stay so, because
/// nohup and shells' background jobs ignore them on purpose. The pipe lives as long as the process.
int openSignalPipe();

/// Writes a byte into the pipe as a signal would, to wake who reads it.
void writeToSignalPipe(char byte);

}  // namespace preflab
