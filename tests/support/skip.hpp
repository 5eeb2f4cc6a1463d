#pragma once

#include <string>

namespace seamount::test {

/// Exit code of a program whose tests were all skipped; ctest counts them apart (SKIP_RETURN_CODE).
constexpr int kSkipped = 77;

/// Prints the reason and counts the running test case as skipped.
void tell_skipped(const std::string& reason);

}  // namespace seamount::test

/// Leaves the test case, which needs something that is not here: to be used in its body, before the
/// first assertion.
#define SKIP_TEST(reason)                       \
    do {                                        \
        ::seamount::test::tell_skipped(reason); \
        return;                                 \
    } while (false)
