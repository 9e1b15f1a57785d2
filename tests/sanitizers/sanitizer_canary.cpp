// SPDX-License-Identifier: GPL-3.0-or-later
// Commits the error that its argument names. Under the sanitizer in charge the process must fail; the test expects it.
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace {

constexpr int kRounds = 1000;

void countUp(int& counter)
{
    for (int i = 0; i < kRounds; ++i) ++counter;
}

void twoWorkers()
{
    int counter = 0;
    std::jthread one([&counter] { countUp(counter); });
    std::jthread other([&counter] { countUp(counter); });
}

void workerAndMain()
{
    int counter = 0;
    std::jthread worker([&counter] { countUp(counter); });
    countUp(counter);
}

int useAfterFree()
{
    auto owner = std::make_unique<int>(1);
    const volatile int* dangling = owner.get();
    owner.reset();
    return *dangling;
}

void leak()
{
    // Volatile, so that the allocation is not optimised away; overwritten, so that nothing points to it at the end.
    int* volatile lost = new int[kRounds];
    lost = nullptr;
    delete[] lost;
}

int overflow()
{
    volatile int largest = std::numeric_limits<int>::max();
    return largest + 1;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::map<std::string, std::function<void()>> canaries = {
        {"two_workers", twoWorkers},
        {"worker_and_main", workerAndMain},
        {"use_after_free", [] { useAfterFree(); }},
        {"leak", leak},
        {"overflow", [] { overflow(); }},
    };
    const auto canary = canaries.find(argc > 1 ? argv[1] : "");
    // A wrong name must not look like a reported error, which is a failure too.
    if (canary == canaries.end()) return 0;
    canary->second();
    return 0;
}
