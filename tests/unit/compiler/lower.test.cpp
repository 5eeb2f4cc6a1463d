#include "compiler/lower/lower.hpp"

#include <catch2/catch.hpp>

#include "isa/assembly/assembler.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Catch::Contains;

TEST_CASE("arguments become the parameters and state words of every neuron", "[lower]") {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        const Network network = random_network(seed);
        Diagnostics found;
        const Lowered lowered = lower(network, small_chip(), found);
        REQUIRE_FALSE(found.has_errors());
        REQUIRE(verify(lowered).empty());
        for (std::size_t p = 0; p < network.populations.size(); ++p) {
            const Population& asked = network.populations[p];
            const LoweredPopulation& got = lowered.populations[p];
            const auto arg = [&](const char* name, std::uint32_t i) {
                const auto given = asked.args.find(name);
                return given == asked.args.end() ? std::int64_t{0} : given->second.at(i);
            };
            for (std::uint32_t i = 0; i < asked.size; ++i) {
                const auto& profile =
                    got.profiles.at(got.profile_of.empty() ? 0 : got.profile_of.at(i));
                REQUIRE(profile[0] == 4096 - arg("decay", i));
                REQUIRE(got.state.at(0).at(i) == 0);
                REQUIRE(got.state.at(1).at(i) == arg("bias", i) * 4);
                REQUIRE(got.state.at(2).at(i) == arg("vth", i) * 64);
            }
        }
    }
}

TEST_CASE("equal parameter sets share a profile", "[lower]") {
    Network network;
    Population& population = add_population(network, "p", 6);
    population.args["decay"] = {{5, 7, 5, 5, 7, 9}};
    population.args["bias"] = {{1, 2, 3, 4, 5, 6}};
    add_population(network, "q", 2).args["decay"] = {{3, 3}};
    Diagnostics found;
    const Lowered lowered = lower(network, small_chip(), found);
    CHECK(lowered.populations[0].profile_of == std::vector<std::uint32_t>{0, 1, 0, 0, 1, 2});
    CHECK(lowered.populations[0].profiles.size() == 3);
    CHECK(lowered.populations[1].profiles.size() == 1);
    CHECK(lowered.populations[1].profile_of.empty());
    CHECK(lowered.programs.size() == 1);
}

TEST_CASE("a required argument that is absent is named with its range", "[lower]") {
    Network network;
    add_population(network, "hidden", 2).args.clear();
    Diagnostics found;
    (void)lower(network, small_chip(), found);
    CHECK_THAT(find_text(found, "CMP-ARG"),
               Contains("net.yaml:3:3: error: population 'hidden' gives no value for 'vth'") &&
                   Contains("[0, 131071]"));
}

TEST_CASE("words that do not fit 32 bits or have no value name neuron and value", "[lower]") {
    Network network;
    Population& population = add_population(network, "hidden", 4);
    population.program = std::make_shared<const isa::Program>(isa::assemble(
        ".arg x 0..100000 = 0\n.param big = x * 65536\n.state q = 100 / x\nend\n", "big.asm"));
    population.args = {{"x", {{1, 40000, 0, 40000}}}};
    Diagnostics found;
    (void)lower(network, small_chip(), found);
    REQUIRE(found.all().size() == 2);
    CHECK_THAT(to_string(found.all()[0]),
               Contains("population 'hidden', neuron 1: parameter 'big'") &&
                   Contains("2621440000") && Contains("[-2147483648, 2147483647]") &&
                   Contains("2 such neurons") && Contains("CMP-VALUE"));
    CHECK_THAT(to_string(found.all()[1]),
               Contains("neuron 2: state 'q'") && Contains("1 such neuron)"));
}

TEST_CASE("a program longer than the microcode memory is refused", "[lower]") {
    Network network;
    add_population(network, "hidden", 4);
    isa::ChipSpec chip = small_chip();
    chip.limits.microcode_words = 6;
    Diagnostics found;
    (void)lower(network, chip, found);
    CHECK_THAT(find_text(found, "CMP-PROGRAM"), Contains("has 7 words") && Contains("holds 6"));
}

TEST_CASE("a program that pushes to its neighbours is refused for each population that runs it",
          "[lower]") {
    Network network;
    add_population(network, "plain", 4);
    const auto pushing = std::make_shared<const isa::Program>(
        isa::assemble(".acc input\n.state s\n psh #1, input, #1\n end\n", "push.asm"));
    for (const char* name : {"a", "b"}) {
        Population& population = add_population(network, name, 4);
        population.program = pushing;
        population.args.clear();
    }
    Diagnostics found;
    (void)lower(network, small_chip(), found);
    REQUIRE(found.all().size() == 2);
    CHECK(
        to_string(found.all()[0]) ==
        "net.yaml:4:3: error: program 'push' of population 'a' pushes between compartments (PSH), "
        "but has no parent to push to [CMP-PROGRAM]\n"
        "    hint: declare it as one of the 'compartments:' of a population, with its 'parent:'");
    CHECK_THAT(to_string(found.all()[1]), Contains("net.yaml:5:3") && Contains("'b'"));
}

TEST_CASE("programs with the same microcode but other views stay apart", "[lower]") {
    const auto assembled = [](const char* view) {
        return std::make_shared<const isa::Program>(
            isa::assemble(std::string{".state v\n.view shown = "} + view + "\n end\n", "p.asm"));
    };
    const auto first = assembled("v + 1");
    const auto second = assembled("v + 2");
    Network network;
    for (const auto& program : {first, second, first}) {
        Population& population =
            add_population(network, "p" + std::to_string(network.populations.size()), 1);
        population.program = program;
        population.args.clear();
    }
    Diagnostics found;
    const Lowered lowered = lower(network, small_chip(), found);
    REQUIRE(found.all().empty());
    REQUIRE(lowered.programs.size() == 2);
    CHECK(lowered.populations[0].program == lowered.populations[2].program);
    CHECK(lowered.programs[lowered.populations[1].program]->views.at(0).value.text() == "v + 2");
}

TEST_CASE("a projection to an accumulator that nobody reads is pointed out", "[lower]") {
    Network network;
    add_population(network, "hidden", 4);
    add_projection(network, {false, 0}, 0, {}).accumulator = 2;
    Diagnostics found;
    (void)lower(network, small_chip(), found);
    CHECK_FALSE(found.has_errors());
    CHECK_THAT(find_text(found, "CMP-ACCUMULATOR"), Contains("accumulator 2"));
}

TEST_CASE("more sums onto an accumulator than an image can name are refused", "[lower]") {
    isa::ChipSpec chip = small_chip();
    chip.exponent_on = isa::ExponentOn::kSum;
    for (const int projections : {256, 257}) {
        Network network;
        add_population(network, "hidden", 1);
        for (int i = 0; i < projections; ++i)
            add_projection(network, {false, 0}, 0, {}).exponent = -1;
        Diagnostics found;
        const Lowered lowered = lower(network, chip, found);
        CHECK(lowered.projections[255].format.sum == 255);
        CHECK(found.has_errors() == (projections == 257));
        if (!found.has_errors()) continue;
        CHECK_THAT(find_text(found, "CMP-FIT"), Contains("is the 257th with an exponent"));
    }
}

}  // namespace
}  // namespace seamount::compiler
