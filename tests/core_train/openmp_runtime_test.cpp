// SPDX-License-Identifier: GPL-3.0-or-later
// Two OpenMP runtimes in one process make threads fight or crash: there must be exactly one.
#include "core/train/backend/torch_border.h"
#include "core/train/tensor.h"

#include <ATen/ops/matmul.h>
#include <ATen/ops/rand.h>
#include <ATen/Parallel.h>

#include <QtTest>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

using namespace preflab;

namespace {

/// Resolved paths of loaded libraries whose names contain one of OpenMP's runtimes.
std::set<std::string> openMpRuntimes()
{
    std::set<std::string> found;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        const std::size_t slash = line.find('/');
        if (slash == std::string::npos) continue;
        const std::filesystem::path path = line.substr(slash);
        const std::string name = path.filename().string();
        for (const char* runtime : {"libgomp", "libomp", "libiomp"})
            if (name.starts_with(runtime)) found.insert(std::filesystem::weakly_canonical(path).string());
    }
    return found;
}

}  // namespace

class OpenMpRuntimeTest : public QObject {
    Q_OBJECT

private slots:
    void onlyOneIsLoaded()
    {
        applyThreads(2);
        const Tensor product = at::matmul(at::rand({256, 256}), at::rand({256, 256}));
        QVERIFY(product.isfinite().all().item<bool>());
        const std::set<std::string> runtimes = openMpRuntimes();
        QString list;
        for (const std::string& runtime : runtimes) list += QString::fromStdString(runtime) + " ";
        QVERIFY2(runtimes.size() == 1, qPrintable("loaded: " + list));
    }

    void threadsAreSetForTheCallingThread()
    {
        std::thread([] {
            applyThreads(1);
            QCOMPARE(at::get_num_threads(), 1);
            applyThreads(0);
            QCOMPARE(std::int64_t{at::get_num_threads()}, physicalCores());
        }).join();
        QVERIFY(physicalCores() >= 1 && physicalCores() <= std::int64_t{std::thread::hardware_concurrency()});
    }

    void exceptionsBecomeErrors()
    {
        const auto shapes = guarded([]() -> Result<> {
            at::matmul(at::rand({2, 3}), at::rand({2, 3}));
            return {};
        });
        QCOMPARE(shapes.error().code, ErrorCode::Internal);
        QVERIFY(shapes.error().arguments.at("reason").find("shapes") != std::string::npos);
        QVERIFY(shapes.error().arguments.at("reason").find("frame #") == std::string::npos);
        const auto memory = guarded([]() -> Result<> {
            at::rand({std::int64_t{1} << 45});
            return {};
        });
        QCOMPARE(memory.error().code, ErrorCode::TooLittleMemory);
        QCOMPARE(memory.error().arguments.at("needed"), std::string("141 TB"));
        const auto plain = guarded([]() -> Result<int> { throw std::bad_alloc(); });
        QCOMPARE(plain.error().code, ErrorCode::TooLittleMemory);
        QCOMPARE(guarded([]() -> Result<int> { return 3; }).value(), 3);
    }
};

QTEST_GUILESS_MAIN(OpenMpRuntimeTest)
#include "openmp_runtime_test.moc"
