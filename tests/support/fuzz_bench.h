// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a reader over mutated files. A reader gives a value, or an error of one bounded sentence; it never throws,
// crashes or takes memory without bound.
//
//   PREFLAB_FUZZ_INPUTS   how many times the usual number of inputs (1)
//   PREFLAB_FUZZ_SEED     the first seed (1)
#pragma once

#include "core/base/error.h"
#include "core/base/system.h"
#include "core/base/utf8.h"
#include "support/files.h"
#include "support/mutator.h"
#include "support/sanitizers.h"

#include <QtTest>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace preflab::test {

/// A file of tests/fixtures.
inline std::string fixture(const std::string& name)
{
    return readFile(std::filesystem::path(PREFLAB_TEST_FIXTURES) / name);
}

/// What is wrong with an error's sentence; empty if nothing is.
inline std::string faultOfSentence(const Error& error)
{
    constexpr std::size_t kLongest = 1000;
    const std::string text = sentence(error);
    if (text.size() < 20) return "it says too little: " + text;
    if (text.size() >= kLongest) return "it has " + std::to_string(text.size()) + " bytes: " + text.substr(0, 300);
    if (firstInvalidUtf8(text))
        return "it is not UTF-8: " + QByteArray::fromStdString(text).toPercentEncoding(" ").toStdString();
    const bool hasControl = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (hasControl) return "it holds control characters: " + text;
    return text.back() == '.' ? std::string() : "it does not end with a full stop: " + text;
}

/// One reader under test.
class FuzzBench {
public:
    /// What the reader made of the file: nothing for a value, else its error.
    using Reader = std::function<std::optional<Error>(const std::filesystem::path& file)>;

    /// Reads `count` mutations of `corpus`, each as a file of this name. The file of a crash stays in the build
    /// folder's tests/fuzz.
    static void run(const std::string& name, const Corpus& corpus, int count, const Reader& reader)
    {
        for (const std::string& good : corpus.files) QVERIFY2(!good.empty(), "a file of the corpus is not there");
        const auto folder = std::filesystem::path(PREFLAB_BINARY_FOLDER) / "tests/fuzz" / QTest::currentTestFunction();
        std::filesystem::create_directories(folder);
        const auto file = folder / name;
        const std::uint64_t first = numberFrom("PREFLAB_FUZZ_SEED", 1);
        const std::uint64_t inputs = static_cast<std::uint64_t>(count) * numberFrom("PREFLAB_FUZZ_INPUTS", 1);
        const std::uint64_t before = peakResidentMemory();
        std::uint64_t values = 0;
        for (std::uint64_t seed = first; seed < first + inputs; ++seed) {
            writeFile(file, Mutator(corpus, seed).next());
            const std::string fault = faultOf(reader, file, values);
            QVERIFY2(fault.empty(), ("seed " + std::to_string(seed) + ": " + fault).c_str());
        }
        std::filesystem::remove_all(folder);
        // Mutations that are all refused at the first byte would prove little.
        QVERIFY2(values > 0, "no mutation was accepted");
        QVERIFY2(values < inputs, "no mutation was refused");
        checkMemory(peakResidentMemory() - before);
    }

private:
    static std::uint64_t numberFrom(const char* variable, std::uint64_t usual)
    {
        bool isNumber = false;
        const qulonglong value = qEnvironmentVariable(variable).toULongLong(&isNumber);
        return isNumber && value > 0 ? value : usual;
    }

    static std::string faultOf(const Reader& reader, const std::filesystem::path& file, std::uint64_t& values)
    {
        try {
            const std::optional<Error> error = reader(file);
            if (!error) ++values;
            return error ? faultOfSentence(*error) : std::string();
        } catch (const std::exception& exception) {
            return std::string("it throws ") + exception.what();
        }
    }

    /// The files have a few kilobytes. Sanitizers keep freed memory for a while, which says nothing.
    static void checkMemory(std::uint64_t growth)
    {
        if (!isSanitized()) QVERIFY2(growth < std::uint64_t{512} << 20, byteText(growth).c_str());
    }
};

/// For readers: the error of a result, or nothing.
template <class T>
std::optional<Error> errorOf(const tl::expected<T, Error>& result)
{
    return result ? std::optional<Error>() : result.error();
}

}  // namespace preflab::test
