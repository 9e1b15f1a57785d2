// SPDX-License-Identifier: GPL-3.0-or-later
// The command line called in the test's own process.
#pragma once

#include "app/cli/command_line.h"
#include "support/fake_backend.h"

#include <QByteArray>

#include <string>
#include <utility>
#include <vector>

namespace preflab::test {

/// What a command printed and how it ended.
struct Output {
    int code = -1;
    std::string out;
    std::string err;
    std::vector<Json> objects() const
    {
        std::vector<Json> objects;
        for (const QByteArray& line : QByteArray::fromStdString(out).split('\n'))
            if (!line.isEmpty()) objects.push_back(parseJson(line.toStdString()).value_or(Json()));
        return objects;
    }
};

/// One call of the command line in this process, on the fake engine. `stops` may be asked from the script.
inline Output call(const std::vector<std::string>& words, FakeScript script = {}, StopRequests* stops = nullptr)
{
    Output output;
    Console::Options options;
    options.out = [&output](std::string_view text) {
        output.out += text;
        return 0;
    };
    options.err = [&output](std::string_view text) {
        output.err += text;
        return 0;
    };
    Console console(std::move(options));
    FakeBackend backend(std::move(script));
    StopRequests none;
    Context context{backend, console, stops != nullptr ? *stops : none, "/nowhere/preflab-cli"};
    output.code = runCommandLine(words, context);
    return output;
}

/// True if `text` has `part` in it.
inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace preflab::test
