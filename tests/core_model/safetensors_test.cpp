// SPDX-License-Identifier: GPL-3.0-or-later
// Whole safetensors files: lengths, pickles, every truncation and changed byte, reading, writing.
#include "core/base/hash.h"
#include "core/model/safetensors.h"
#include "core/model/safetensors_header.h"
#include "core/model/safetensors_writer.h"
#include "support/files.h"
#include "support/results.h"
#include "support/safetensors_text.h"

#include <QtTest>

#include <array>
#include <chrono>

using namespace preflab;
using test::argumentOf;
using test::checkConsistent;
using test::codeOf;
using test::fileOf;
using test::kPlain;
using test::lengthPrefix;
using test::problemOf;
using test::tensor;
using test::zeros;

class SafetensorsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<SafetensorsSet> open(const std::string& content)
    {
        return SafetensorsSet::openFile(test::writeFile(m_folder / "a.safetensors", content));
    }

    static Result<std::vector<std::string>> hashesOf(const SafetensorsSet& set)
    {
        return set.readAll([](const TensorEntry&) -> Result<std::span<std::byte>> { return std::span<std::byte>(); },
                           [](const TensorEntry&) -> Result<> { return {}; });
    }

private slots:
    void refusesLengths_data()
    {
        QTest::addColumn<QByteArray>("content");
        const auto row = [](const char* name, const std::string& content) {
            QTest::newRow(name) << QByteArray::fromStdString(content);
        };
        row("empty file", "");
        row("7 bytes", zeros(7));
        row("only a length", lengthPrefix(2));
        row("9 bytes", lengthPrefix(1) + "{");
        row("length 0", lengthPrefix(0) + "{}");
        row("length 1", lengthPrefix(1) + "{}");
        row("one byte too long", lengthPrefix(3) + "{}");
        row("100,000,000", lengthPrefix(100'000'000) + kPlain);
        row("100,000,001", lengthPrefix(100'000'001) + kPlain);
        row("2^63", lengthPrefix(std::uint64_t{1} << 63) + kPlain);
        row("2^64 - 1", lengthPrefix(UINT64_MAX) + kPlain);
        row("2^64 - 8", lengthPrefix(UINT64_MAX - 7) + kPlain);
    }

    void refusesLengths()
    {
        QFETCH(QByteArray, content);
        const auto set = open(content.toStdString());
        QCOMPARE(codeOf(set), QString("weights-invalid"));
        QCOMPARE(argumentOf(set, "where"), QString("its beginning"));
    }

    void pickleIsRecognised_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("zip") << QByteArray("PK\x03\x04\x00\x00\x08\x08 archive/data.pkl", 25);
        QTest::newRow("pickle 2, old torch.save") << QByteArray("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8", 12);
        QTest::newRow("pickle 4") << QByteArray("\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00}", 12);
        QTest::newRow("tiny pickle") << QByteArray("\x80\x02}.", 4);
    }

    void pickleIsRecognised()
    {
        QFETCH(QByteArray, content);
        QCOMPARE(codeOf(open(content.toStdString())), QString("pickle-weights"));
    }

    void everyTruncationIsRefused()
    {
        const std::string content = fileOf(
            "{" + tensor("a", "F32", "[2]", "[0,8]") + "," + tensor("b", "BOOL", "[3]", "[8,11]") + "} ", zeros(11));
        QCOMPARE(problemOf(open(content)), QString());
        for (std::size_t length = 0; length < content.size(); ++length) {
            QCOMPARE(codeOf(open(content.substr(0, length))), QString("weights-invalid"));
        }
    }

    void everyChangedHeaderByteIsRefusedOrConsistent()
    {
        const std::string data = zeros(11);
        const std::string header = R"({"__metadata__":{"k":"v"},)" + tensor("a", "F32", "[2]", "[0,8]") + "," +
                                   tensor("b", "BOOL", "[3]", "[8,11]") + "}";
        const std::string content = fileOf(header, data);
        const std::size_t end = content.size() - data.size();
        int accepted = 0;
        for (std::size_t at = 0; at < end; ++at) {
            for (int value = 0; value < 256; ++value) {
                std::string changed = content;
                changed[at] = static_cast<char>(static_cast<unsigned char>(value));
                const bool isLengthByte = at < 8;
                if (isLengthByte) {
                    const auto set = open(changed);
                    if (set) checkConsistent(*set, changed.size());
                    continue;
                }
                const auto parsed = parseSafetensorsHeader(std::string_view(changed).substr(8, header.size()), 11);
                if (!parsed) continue;
                ++accepted;
                for (const TensorEntry& entry : parsed->tensors) {
                    QVERIFY(entry.offset <= 11 && entry.bytes <= 11 - entry.offset);
                    QCOMPARE(static_cast<std::uint64_t>(entry.count()) * elementSize(entry.type), entry.bytes);
                }
            }
        }
        // The unchanged file, other letters in names and metadata, I8 for U8 and the like.
        QVERIFY(accepted > 300 && accepted < 2000);
    }

    void readsBytes()
    {
        const auto set = open(fileOf("{" + tensor("b", "U8", "[2]", "[2,4]") + "," + tensor("a", "U8", "[2]", "[0,2]") +
                                         ",\"__metadata__\":{\"format\":\"pt\"}}",
                                     "abcd"));
        QCOMPARE(set->tensors()[0].name, std::string("a"));
        QVERIFY(set->find("c") == nullptr);
        std::array<std::byte, 2> bytes{};
        QCOMPARE(problemOf(set->read(*set->find("b"), bytes)), QString());
        QCOMPARE(bytes[0], std::byte{'c'});
        std::array<std::byte, 3> wrong{};
        QCOMPARE(codeOf(set->read(*set->find("b"), wrong)), QString("internal"));
    }

    void booleansAreZeroOrOne()
    {
        const auto set =
            open(fileOf("{" + tensor("a", "BOOL", "[2]", "[0,2]") + "," + tensor("b", "BOOL", "[2]", "[2,4]") + "}",
                        std::string("\0\1\1\2", 4)));
        std::array<std::byte, 2> bytes{};
        QCOMPARE(problemOf(set->read(*set->find("a"), bytes)), QString());
        const auto result = set->read(*set->find("b"), bytes);
        QCOMPARE(codeOf(result), QString("weights-invalid"));
        QCOMPARE(argumentOf(result, "where"), QString("tensor b"));
    }

    void onePassReadsAndHashes()
    {
        const auto set = open(fileOf("{" + tensor("b", "U8", "[2]", "[2,4]") + "," + tensor("a", "U8", "[2]", "[0,2]") +
                                         "," + tensor("none", "U8", "[0]", "[4,4]") + "}",
                                     "abcd"));
        std::string order;
        std::array<std::byte, 2> bytes{};
        const auto hashes = set->readAll(
            [&](const TensorEntry& entry) -> Result<std::span<std::byte>> {
                if (entry.name == "b") return std::span<std::byte>(bytes);
                return std::span<std::byte>();
            },
            [&](const TensorEntry& entry) -> Result<> {
                order += entry.name + " ";
                return {};
            });
        QCOMPARE(problemOf(hashes), QString());
        QCOMPARE(order, std::string("a b none "));
        QCOMPARE(bytes[1], std::byte{'d'});
        QCOMPARE(hashes->size(), std::size_t{1});
        QCOMPARE(hashes->front(), hashFile(set->files().front()).value());
        std::array<std::byte, 1> last{};
        QCOMPARE(problemOf(set->readPart(*set->find("b"), 1, last)), QString());
        QCOMPARE(last[0], std::byte{'d'});
        QCOMPARE(codeOf(set->readPart(*set->find("b"), 2, last)), QString("internal"));
    }

    void changesAreNoticed()
    {
        const auto set = open(fileOf(kPlain, zeros(4)));
        QCOMPARE(problemOf(hashesOf(*set)), QString());
        std::filesystem::last_write_time(set->files().front(),
                                         std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
        QCOMPARE(codeOf(hashesOf(*set)), QString("file-changed"));
        std::filesystem::resize_file(set->files().front(), 20);
        QCOMPARE(codeOf(hashesOf(*set)), QString("file-unreadable"));
        std::array<std::byte, 4> bytes{};
        QCOMPARE(codeOf(set->read(set->tensors().front(), bytes)), QString("file-unreadable"));
    }

    void opensOnlyOrdinaryFiles()
    {
        QCOMPARE(codeOf(SafetensorsSet::openFile(m_folder.path())), QString("not-a-regular-file"));
        QCOMPARE(codeOf(SafetensorsSet::openFile(m_folder / "none")), QString("file-not-found"));
    }

    void writes()
    {
        const auto fillWith = [](char value) {
            return [value](std::span<std::byte> into) -> Result<> {
                std::fill(into.begin(), into.end(), static_cast<std::byte>(value));
                return {};
            };
        };
        const auto path = m_folder / "written.safetensors";
        std::vector<TensorToWrite> tensors{{"b", TensorType::F32, {2}, fillWith('b')},
                                           {"c", TensorType::BF16, {1, 3}, fillWith('c')},
                                           {"a", TensorType::F32, {}, fillWith('a')},
                                           {"z \"é", TensorType::I64, {0, 4}, fillWith('z')}};
        QCOMPARE(problemOf(writeSafetensors(path, tensors, {{"format", "pt"}})), QString());
        const std::string json = R"({"__metadata__":{"format":"pt"},)"
                                 "\"z \\\"é\":"
                                 R"({"dtype":"I64","shape":[0,4],"data_offsets":[0,0]},)"
                                 R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                                 R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
                                 R"("c":{"dtype":"BF16","shape":[1,3],"data_offsets":[12,18]}})";
        const std::string padded = json + std::string((8 - json.size() % 8) % 8, ' ');
        QCOMPARE(test::readFile(path), fileOf(padded, "aaaabbbbbbbbcccccc"));
        QCOMPARE(problemOf(SafetensorsSet::openFile(path)), QString());

        const auto before = test::readFile(path);
        tensors[0].fill = [](std::span<std::byte>) -> Result<> { return fail(ErrorCode::Cancelled); };
        QCOMPARE(codeOf(writeSafetensors(path, tensors, {})), QString("cancelled"));
        QCOMPARE(codeOf(writeSafetensors(path, {tensors[1], tensors[1]}, {})), QString("internal"));
        QCOMPARE(codeOf(writeSafetensors(path, {{"\xFF", TensorType::U8, {0}, fillWith('x')}}, {})),
                 QString("internal"));
        QCOMPARE(codeOf(writeSafetensors(path, {{"x", TensorType::U8, {-1}, fillWith('x')}}, {})), QString("internal"));
        QCOMPARE(codeOf(writeSafetensors(path, {{"x", TensorType::U8, {std::int64_t{1} << 47}, fillWith('x')}}, {})),
                 QString("disk-full"));
        QCOMPARE(test::readFile(path), before);
        QCOMPARE(codeOf(writeSafetensors(m_folder / "none/x", {}, {})), QString("write-failed"));
    }
};

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
