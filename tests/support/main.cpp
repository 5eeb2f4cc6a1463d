#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "tests/support/skip.hpp"
#include "tools/base/leak_suppressions.hpp"

namespace {

std::size_t g_started = 0;  ///< test cases
std::size_t g_skipped = 0;

class CountTests final : public Catch::TestEventListenerBase {
public:
    using TestEventListenerBase::TestEventListenerBase;
    void testCaseStarting(const Catch::TestCaseInfo& /*test*/) override { ++g_started; }
};
CATCH_REGISTER_LISTENER(CountTests)

}  // namespace

void seamount::test::tell_skipped(const std::string& reason) {
    ++g_skipped;
    Catch::cout() << "skipped: " << reason << '\n';
}

/// Exit codes: 0 passed, 77 everything that was asked for was skipped, 1 something failed, or no
/// test has the title that was asked for. Catch gives the number of failures, which may be 77 too.
int main(int argc, char** argv) {
    Catch::Session session;
    if (const int wrong = session.applyCommandLine(argc, argv); wrong != 0) return wrong;
    const Catch::ConfigData& asked = session.configData();
    const bool only_tells = asked.showHelp || asked.libIdentify || asked.listTests ||
                            asked.listTags || asked.listTestNamesOnly || asked.listReporters;
    const int result = session.run();
    if (only_tells) return result;
    if (g_started == 0) return 1;
    if (result != 0) return 1;
    return g_skipped == g_started ? seamount::test::kSkipped : 0;
}
