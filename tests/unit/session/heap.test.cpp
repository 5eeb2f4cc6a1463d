#include "tools/base/heap.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <vector>

#include "tests/support/skip.hpp"

namespace seamount::tools {
namespace {

/// Pages that the process had to fetch while it made a table of so many bytes and dropped it.
[[maybe_unused]] long faults_of_table(std::size_t bytes) {
    const auto faults = [] {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_minflt;
    };
    const long before = faults();
    const std::vector<char> table(bytes, 1);
    const long after = faults();
    // Where nothing else looked at the table, clang++ would make none.
    const volatile char* const last = &table.back();
    return *last == 1 ? after - before : -1;
}

/// Pages that the process holds.
[[maybe_unused]] long pages_held() {
    std::ifstream file{"/proc/self/statm"};
    long size = 0;
    long held = 0;
    file >> size >> held;
    return held;
}

TEST_CASE("what is large goes back when it is freed, however often it was", "[heap]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
    SKIP_TEST("malloc is not that of glibc");
#else
    constexpr std::size_t kBytes = std::size_t{24} << 20U;
    return_large_memory();
    (void)faults_of_table(kBytes);
    const long before = pages_held();
    for (int i = 0; i < 3; ++i) {
        (void)faults_of_table(kBytes);
        (void)faults_of_table(kBytes / 3);
    }
    CHECK((pages_held() - before) * ::sysconf(_SC_PAGESIZE) < (1 << 20));
#endif
}

TEST_CASE("what a process frees is used again without a page being fetched", "[heap]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
    SKIP_TEST("malloc is not that of glibc");
#else
    constexpr std::size_t kBytes = std::size_t{24} << 20U;  // 6144 pages of 4 kB
    keep_freed_memory();
    (void)faults_of_table(kBytes);
    CHECK(faults_of_table(kBytes) < 100);
    CHECK(faults_of_table(kBytes / 3) < 100);
#endif
}

}  // namespace
}  // namespace seamount::tools
