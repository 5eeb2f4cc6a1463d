#include "tools/explore/runs/result_record.hpp"

#include <catch2/catch.hpp>

using namespace seamount;
using namespace seamount::explore;

namespace {

ResultRecord bad_input_of(std::vector<Diagnostic> findings) {
    return {EndStatus::kBadInput, std::move(findings), "", ""};
}

const Diagnostic kWarning{"CMP-CLIP", {"n.yaml", 2, 3}, "clipped", "", Severity::kWarning};
const Diagnostic kTooLarge{
    "CMP-FIT", {"n.yaml", 4, 5}, "needs [9] axons", "a larger chip", Severity::kError};
const Diagnostic kMissing{
    "YML-MISSING", {"n.yaml", 1, 1}, "'size' is missing", "", Severity::kError};

}  // namespace

TEST_CASE("a record that was handed back reads as it was written", "[result_record]") {
    const ResultRecord written{EndStatus::kBadInput,
                               {kWarning, kTooLarge},
                               "a \"word\"\nand a line",
                               "{\n  \"steps\": 5\n}\n"};
    const std::string text = text_of(written);
    CHECK(text.find('\n') == text.size() - 1);
    const auto read = record_of(text_of({}) + text);
    REQUIRE(read);
    CHECK(read->status == written.status);
    CHECK(read->message == written.message);
    CHECK(read->summary == written.summary);
    REQUIRE(read->findings.size() == 2);
    CHECK(to_string(read->findings[0]) == to_string(kWarning));
    CHECK(to_string(read->findings[1]) == to_string(kTooLarge));
}

TEST_CASE("what was cut off counts as far as it is complete, and nonsense not at all",
          "[result_record]") {
    const std::string done = text_of({EndStatus::kDone, {}, "", "{}"});
    CHECK(record_of(text_of({}) + done.substr(0, 20))->status == EndStatus::kStarted);
    CHECK_FALSE(record_of(""));
    CHECK_FALSE(record_of(done.substr(0, 20)));
    CHECK_FALSE(record_of("3\n"));
    CHECK_FALSE(record_of("{\"status\": \"asleep\"}\n"));
}

TEST_CASE("the code of the first error tells what does not fit from what is wrong",
          "[result_record]") {
    CHECK(is_infeasible(bad_input_of({kTooLarge})));
    CHECK(is_infeasible(bad_input_of({kWarning, kTooLarge, kMissing})));
    CHECK_FALSE(is_infeasible(bad_input_of({kWarning, kMissing, kTooLarge})));
    CHECK_FALSE(is_infeasible(bad_input_of({kWarning})));
    CHECK_FALSE(is_infeasible({EndStatus::kInternalError, {kTooLarge}, "", ""}));
    CHECK(words_of(bad_input_of({kWarning, kMissing})) ==
          "n.yaml:1:1: error: 'size' is missing [YML-MISSING]");
}

TEST_CASE("the status of a run goes with its exit code", "[result_record]") {
    CHECK(end_status_of(0) == EndStatus::kDone);
    CHECK(end_status_of(1) == EndStatus::kCheckFailed);
    CHECK(end_status_of(2) == EndStatus::kBadInput);
    CHECK(end_status_of(3) == EndStatus::kInternalError);
    CHECK(end_status_of(4) == EndStatus::kOutOfMemory);
}
