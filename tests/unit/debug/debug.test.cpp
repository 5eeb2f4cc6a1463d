#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/debug/talk.hpp"
#include "tools/session/drive/simulation.hpp"

namespace seamount::debug {
namespace {

using Catch::Contains;

std::uint64_t hash_of_run(const std::shared_ptr<const session::Loaded>& loaded,
                          std::uint64_t steps) {
    session::RunSettings settings;
    settings.untimed = true;
    session::Simulation simulation{loaded, settings};
    simulation.run(steps);
    return simulation.result().spike_hash;
}

/// Goes through every compartment of every core; in half of the cores as if something was changed,
/// so that what was computed here is what the cores do.
std::uint64_t hash_by_interpreter(const session::Loaded& loaded, std::uint64_t steps, bool change) {
    Talk talk{loaded, steps};
    while (!talk.debugger.at_end()) {
        (void)talk.debugger.advance(Move::kCompartment);
        if (!change || !talk.debugger.is_inside()) continue;
        const CoreWalk& walk = talk.debugger.walk();
        if (walk.compartment() != 0 || talk.debugger.core().value() % 2 != 0) continue;
        const Word word{WordKind::kState, 0};
        if (talk.debugger.program_of(walk.neuron()).states.empty()) continue;
        talk.debugger.write({walk.neuron()}, word, {talk.debugger.read(walk.neuron(), word)}, {});
    }
    return talk.debugger.spike_hash();
}

}  // namespace

TEST_CASE("a run that is gone through by the reference interpreter has the spikes of the run",
          "[debug]") {
    struct Case {
        const char* name;
        std::uint64_t steps;
    };
    for (const Case& each :
         {Case{"winner.yaml", 60}, Case{"dendrites.yaml", 40}, Case{"noise.yaml", 30},
          Case{"bandit.yaml", 60}, Case{"pes.yaml", 40}, Case{"feature_maps.yaml", 8}}) {
        CAPTURE(each.name);
        const auto loaded = open(each.name);
        const std::uint64_t expected = hash_of_run(loaded, each.steps);
        CHECK(expected != 0);
        CHECK(hash_by_interpreter(*loaded, each.steps, false) == expected);
        CHECK(hash_by_interpreter(*loaded, each.steps, true) == expected);
    }
}

TEST_CASE("going back and on again leads to the same spikes", "[debug]") {
    const auto loaded = open("bandit.yaml");
    Talk talk{*loaded, 200};
    talk("continue");
    const std::uint64_t hash = talk.debugger.spike_hash();
    CHECK(hash == hash_of_run(loaded, 200));
    for (const std::uint64_t step : {150U, 3U, 77U, 78U, 0U}) {
        talk.debugger.go_to(step);
        CHECK(talk.debugger.step() == step);
        CHECK(talk.debugger.spike_hash() == (step == 0 ? 0 : hash_of_run(loaded, step)));
    }
    talk("stepi 50");
    talk("run");
    CHECK(talk.debugger.spike_hash() == hash);
    CHECK(talk.debugger.checkpoints().all().size() <= 65);
}

TEST_CASE("a state that is set is what a host writes, and is kept when one goes back", "[debug]") {
    const auto loaded = open("balanced.yaml");
    session::RunSettings settings;
    settings.untimed = true;
    session::Simulation simulation{loaded, settings};
    const std::string& population = loaded->image.populations.front().name;
    simulation.run(20);
    const std::vector<std::uint32_t> neurons{1, 2, 3};
    const std::vector<std::int32_t> value{60000};
    simulation.write(population, "v", value, neurons);
    simulation.run(30);
    const std::uint64_t expected = simulation.result().spike_hash;
    CHECK(expected != hash_of_run(loaded, 50));

    Talk talk{*loaded, 50};
    talk("continue 20");
    talk("set " + population + "[1:4].v = 50000 + 10000");
    talk("continue");
    CHECK(talk.debugger.spike_hash() == expected);
    talk("goto 30");
    talk("continue");
    CHECK(talk.debugger.spike_hash() == expected);
    talk("goto 10");  // before the change: it is forgotten
    talk("continue");
    CHECK(talk.debugger.spike_hash() == hash_of_run(loaded, 50));
}

TEST_CASE("a weight that is set at the start is that of a network which has it", "[debug]") {
    const auto loaded = open("winner.yaml");
    session::CompileSettings other;
    other.assignments = {"inhibition=0"};
    session::Listener silent;
    const auto expected =
        std::make_shared<session::Loaded>(session::open(kNetworks / "winner.yaml", other, silent));
    Talk talk{*loaded, 100};
    CHECK(talk("set units -> units.weight = 0") == "90 synapses set\n");
    talk("continue");
    CHECK(talk.debugger.spike_hash() == hash_of_run(expected, 100));
    CHECK(talk.debugger.spike_hash() != hash_of_run(loaded, 100));
    talk("run");
    CHECK(talk.debugger.spike_hash() == hash_of_run(loaded, 100));
}

TEST_CASE("a learned weight, a register and a sum that are set act in the next step", "[debug]") {
    const auto loaded = open("stdp.yaml");
    Talk talk{*loaded, 40};
    const isa::ProjectionImage& learns =
        loaded->image.projections[loaded->image.learning.projections.front().projection];
    const std::string synapses =
        learns.from + "[0] -> " + loaded->image.populations[learns.to].name + "[0]";
    talk("continue 5");
    talk("set " + synapses + ".weight = 2");
    CHECK_THAT(talk("print " + synapses), Contains("weight 2 ") && Contains("learns"));
    const std::string neuron = loaded->image.populations[learns.to].name + "[0]";
    talk("set " + neuron + ".input@0 = 12345");
    CHECK(talk("print " + neuron + ".input") == neuron + ".input = 12345\n");
    talk("stepi");
    talk("set r2 = 7");
    CHECK(talk("print r2 * 6") == "r2 * 6 = 42\n");
}

TEST_CASE("commands that cannot be are refused with what could be", "[debug]") {
    const auto loaded = open("winner.yaml");
    Talk talk{*loaded, 20};
    const auto refused = [&talk](const std::string& line, const std::string& code,
                                 std::uint32_t column, const std::string& says) {
        CAPTURE(line);
        const Diagnostic found = talk.refusal_of(line);
        CHECK(found.code == code);
        CHECK(found.where.column == column);
        CHECK_THAT(found.message + "; " + found.hint, Contains(says));
    };
    refused("brek step 3", "DBG-COMMAND", 1, "did you mean 'break'?");
    refused("s 3 4", "DBG-COMMAND", 5, "the end of the command");
    refused("break step -1", "DBG-VALUE", 12, "must be in [0");
    refused("break spike unit", "DBG-NAME", 13, "did you mean 'units'?");
    refused("break spike units[10]", "DBG-VALUE", 19, "must be in [0, 9]");
    refused("break wta.asm:999", "DBG-VALUE", 7, "the last instruction of wta.asm is in line");
    refused("break wtb.asm:3", "DBG-NAME", 7, "did you mean 'wta.asm'?");
    refused("break core 500", "DBG-NAME", 12, "used are:");
    refused("break when v > 3", "DBG-COMMAND", 12, "name the neuron");
    refused("break when units.w > 3", "DBG-NAME", 18, "has no word 'w'");
    refused("print units[0].v +", "DBG-COMMAND", 7, "is no expression");
    refused("print units[0:3].v + units[0:4].v", "DBG-VALUE", 33, "must be of one size");
    refused("print units[0].v / 0", "DBG-VALUE", 7, "has no value");
    refused("print r3", "DBG-STATE", 7, "no step is open");
    refused("set units[0].v = 3000000000", "DBG-VALUE", 14, "must be in [-8388607, 8388607]");
    refused("set units -> units.weight = -300", "DBG-VALUE", 29, "must be in [");
    refused("set units[0].axons[0].core = 999", "DBG-VALUE", 5, "that cannot be");
    refused("continue 0", "DBG-VALUE", 10, "must be in [1");
    refused("goto 21", "DBG-VALUE", 6, "the run ends after 20");
    refused("break spike units[5:5]", "DBG-VALUE", 19, "'5:5' selects no neuron");
    refused("print units[10:].v", "DBG-VALUE", 13, "must be in [0, 9]");
    refused("print units[0:0:2].v", "DBG-VALUE", 13, "'0:0:2' selects no neuron");
    refused("print units[0].y0", "DBG-NAME", 16, "has no word 'y0'");
    refused("delete 4", "DBG-VALUE", 8, "there is no breakpoint 4");
    refused("list nothing.asm", "DBG-NAME", 6, "programs are: wta.asm");
    refused("why units[0]", "DBG-STATE", 5, "break spike units[0]");
    CHECK(talk.debugger.step() == 0);
}

TEST_CASE("movements that meet an end of the run say so", "[debug]") {
    const auto loaded = open("winner.yaml");
    Talk talk{*loaded, 20};
    CHECK_THAT(talk("continue 60"), Contains("the run ends before step 60"));
    CHECK_THAT(talk("step"), Contains("the run is at its end: 'back' and 'goto' go back"));
    CHECK_THAT(talk("stepi 3"), Contains("the run is at its end"));
    CHECK_THAT(talk("back 100"), Contains("went back 20 steps of 100: that is the start"));
    CHECK(talk.debugger.step() == 0);
    CHECK_THAT(talk("back"), Contains("went back 0 steps of 1"));
    CHECK_THAT(talk("step 100"), Contains("went on 20 of 100: that is the end of the run"));
    CHECK(talk.debugger.step() == 20);
    for (const char* const line : {"back 20", "step 20", "goto 5", "continue 10", "continue 20"}) {
        CAPTURE(line);
        CHECK_THAT(talk(line), !Contains("the run") && !Contains("went"));
    }
}

TEST_CASE("trace registers are words of those programs only that write them", "[debug]") {
    const auto loaded = open("cartpole.yaml");
    Talk talk{*loaded, 20};
    std::size_t with = 0;
    for (const isa::PopulationImage& population : loaded->image.populations) {
        CAPTURE(population.name);
        const auto p = static_cast<std::uint32_t>(&population - loaded->image.populations.data());
        const isa::ProgramImage* const program = isa::program_of(loaded->image, p);
        REQUIRE(program != nullptr);
        const std::string of = population.name + "[0].";
        if (isa::writes_traces(program->words)) {
            ++with;
            CHECK_THAT(talk("print " + of + "y3"), Contains(of + "y3 = "));
            CHECK_THAT(talk.refusal_of("print " + of + "nothing").hint, Contains("y0, y1, y2, y3"));
        } else {
            CHECK_THAT(talk.refusal_of("print " + of + "nothing").hint, !Contains("y0"));
        }
    }
    CHECK(with > 0);
}

}  // namespace seamount::debug
