#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "emulator/machine/machine_state.hpp"
#include "emulator/timing/critical_path.hpp"
#include "emulator/timing/run_totals.hpp"
#include "isa/image/image.hpp"
#include "tools/session/tally.hpp"

namespace seamount::session {

/// How many samples with a label got an answer.
struct AnswerCount {
    std::int32_t label = 0;
    std::int32_t answer = kNone;  ///< the class
    std::uint64_t samples = 0;
    static constexpr std::int32_t kNone = -1;  ///< there was no answer
};

/// How clear answers were, over all samples with an answer and another class to choose.
struct Clearness {
    std::uint64_t samples = 0;
    double margin = 0.0;      ///< sum of SampleScore::margin()
    double confidence = 0.0;  ///< sum of SampleScore::confidence()
};

/// What a run has summed up so far.
struct RunProgress {
    std::uint64_t spike_hash = 0;
    emu::CauseTimes time_parts{};
    Tally run;
    Tally sample;   ///< of the current sample
    Tally samples;  ///< of all finished samples
    std::uint32_t sample_count = 0;
    std::uint32_t correct = 0;
    std::uint32_t unanswered = 0;
    std::vector<AnswerCount> answers;  ///< by label, then answer; those that occurred
    Clearness clearness;
    std::vector<std::uint8_t> has_spiked;  ///< by neuron: 1 if it has
    std::uint32_t readout_sample = 0;
    std::vector<std::int64_t> said;  ///< by the neurons of the readout in the current sample
};

/// Everything that a run holds between two steps, beside image and chip: what runs on from it is
/// the run that never stopped, bit for bit, whatever the mapping, the mesh and the threads are.
///
/// Totals go on too. Only RunTotals::max_link_flits, stages and links are of the part of the run in
/// which they were counted.
struct State {
    struct Population {
        std::string name;
        std::uint32_t count = 0;
    };
    std::string network;                  ///< its name
    std::vector<Population> populations;  ///< of the network: what check_state compares
    emu::MachineState machine;
    RunProgress progress;
    emu::RunTotals totals;  ///< without stages and links
};

/// Who the state is of.
[[nodiscard]] std::vector<State::Population> populations_of(const isa::Image& image);

/// Throws InputError (RUN-STATE, `name` as the file) if `state` is not one of the network of
/// `image`: other populations. What the machine itself finds wrong, it says (Machine::load).
void check_state(const State& state, const isa::Image& image, const std::string& name);

/// Throws InputError (RUN-STATE, `name` as the file) if some step before `state` was not timed:
/// times and energies of a run that goes on from there would be those of a part of it.
void check_timed(const State& state, const std::string& name);

/// Writes through OutputFile: all or nothing. Throws InputError (OUT-WRITE).
void save_state(const State& state, const std::filesystem::path& path);
/// Throws InputError (RUN-STATE) for what is no state, or one of another version; CLI-FILE.
[[nodiscard]] State load_state(const std::filesystem::path& path);

/// The bytes of the file: magic "SEASTATE", version, size and CRC-32 of what follows.
[[nodiscard]] std::vector<std::byte> to_bytes(const State& state);
[[nodiscard]] State state_of(std::span<const std::byte> bytes, const std::string& name);

}  // namespace seamount::session
