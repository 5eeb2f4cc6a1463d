#include "tools/session/optimise/optimise.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "isa/image/image.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/session/drive/simulation.hpp"
#include "tools/session/optimise/candidates.hpp"
#include "tools/session/settings.hpp"

namespace seamount::session {
namespace {

using Catch::Contains;
using compiler::Objective;

const std::filesystem::path kBalanced =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks" / "balanced.yaml";
const std::filesystem::path kDigits =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks" / "digits.yaml";

CompileSettings best_for(Objective objective, std::uint32_t candidates) {
    CompileSettings settings;
    settings.optimise = objective;
    settings.candidates = candidates;
    return settings;
}

std::uint64_t hash_of(Loaded loaded, std::uint64_t steps) {
    Simulation simulation{std::make_shared<const Loaded>(std::move(loaded))};
    simulation.run(steps);
    return simulation.result().spike_hash;
}

template <class Function>
std::string error_of(Function&& function) {
    try {
        function();
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

TEST_CASE("a mapping for time takes a fifth less than the default and spikes alike",
          "[optimise][study]") {
    Listener silent;
    for (const std::filesystem::path& network : {kBalanced, kDigits}) {
        Loaded best = open_best(network, best_for(Objective::kTime, 6), silent);
        REQUIRE(best.report);
        REQUIRE(best.report->optimisation);
        const compiler::Optimisation& found = *best.report->optimisation;
        REQUIRE(found.measured.size() == 6);
        CHECK(found.kept != 0);
        CHECK_FALSE(found.budget_over);
        CHECK(found.measured[found.kept].step_time_s < 0.8 * found.measured[0].step_time_s);
        CHECK(best.report->cores == found.measured[found.kept].cores);
        const Loaded plain = open_network(network, {}, silent);
        CHECK(plain.report->cores == found.measured[0].cores);
        CHECK(hash_of(std::move(best), 100) == hash_of(plain, 100));
    }
}

TEST_CASE("the same candidates find the same mapping", "[optimise]") {
    Listener silent;
    for (const Objective objective : {Objective::kEnergy, Objective::kPackets}) {
        const Loaded one = open_best(kDigits, best_for(objective, 5), silent);
        const Loaded two = open_best(kDigits, best_for(objective, 5), silent);
        CHECK(isa::serialize(one.image) == isa::serialize(two.image));
    }
}

TEST_CASE("a budget that is over leaves the mapping that was measured first", "[optimise]") {
    Listener silent;
    CompileSettings settings = best_for(Objective::kTime, 6);
    settings.budget = "0.001s";
    const Loaded best = open_best(kDigits, settings, silent);
    CHECK(best.report->optimisation->budget_over);
    CHECK(best.report->optimisation->measured.size() == 1);
    CHECK(isa::serialize(best.image) == isa::serialize(open_network(kDigits, {}, silent).image));
}

TEST_CASE("options that are given stay in every candidate", "[optimise]") {
    CompileSettings given = best_for(Objective::kTime, 12);
    given.partitioner = compiler::Partitioner::kGreedy;
    given.placer = compiler::Placer::kHilbert;
    const isa::ChipSpec chip = load_chip("loihi1", {});
    auto all = first_candidates(given, Objective::kTime, chip, 1);
    REQUIRE_FALSE(all.empty());
    const auto more = further_candidates(given, all.front(), chip, 12);
    CHECK(more.size() == 12);
    all.insert(all.end(), more.begin(), more.end());
    for (const Candidate& one : all) {
        CHECK(one.settings.partitioner == compiler::Partitioner::kGreedy);
        CHECK(one.settings.placer == compiler::Placer::kHilbert);
    }
}

TEST_CASE("what cannot be optimised is refused", "[optimise]") {
    Listener silent;
    CompileSettings idle;
    idle.budget = "60s";
    CHECK_THAT(error_of([&] { (void)open_best(kDigits, idle, silent); }),
               Contains("--budget") && Contains("without --optimise"));
    CompileSettings bad = best_for(Objective::kTime, 3);
    for (const char* const budget : {"soon", "0s", "-3", "1e400", "5 s"}) {
        bad.budget = budget;
        CHECK_THAT(error_of([&] { (void)open_best(kDigits, bad, silent); }),
                   Contains("is not a time"));
    }
    CHECK(seconds_of("1.5m", "--budget") == 90.0);

    const test::TemporaryFolder folder;
    std::ofstream{folder / "free.yaml"} << "extends: loihi1\nchip: free\nprices: none\n";
    CompileSettings unpriced = best_for(Objective::kTime, 3);
    unpriced.chip = folder / "free.yaml";
    CHECK_THAT(error_of([&] { (void)open_best(kDigits, unpriced, silent); }),
               Contains("CLI-OPTIMISE") && Contains("has no prices"));
}

}  // namespace
}  // namespace seamount::session
