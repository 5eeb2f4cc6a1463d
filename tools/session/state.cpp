#include "tools/session/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <type_traits>

#include "isa/base/bytes.hpp"
#include "isa/base/content_hash.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "isa/input/input_file.hpp"
#include "tools/base/files.hpp"

namespace seamount::session {
namespace {

constexpr std::array<char, 8> kMagic{'S', 'E', 'A', 'S', 'T', 'A', 'T', 'E'};
/// The only version that is written and read.
constexpr std::uint32_t kVersion = 3;
constexpr const char* kSaveAgain = "save the state again with this seamount";

[[noreturn]] void bad_state(const std::string& name, const std::string& message,
                            const std::string& hint = kSaveAgain) {
    bad_input("RUN-STATE", name, message, hint);
}

/// Header of the file.
struct Header {
    std::array<char, 8> magic = kMagic;
    std::uint32_t version = kVersion;
    std::uint32_t crc = 0;   ///< of what follows the header
    std::uint64_t size = 0;  ///< likewise, bytes
};

class Writer : public isa::WritingArchive {
public:
    void text(const std::string& value) {
        bytes().put(static_cast<std::uint64_t>(value.size()));
        bytes().put_text(value);
    }
};

class Reader : public isa::ReadingArchive {
public:
    using isa::ReadingArchive::ReadingArchive;
    void text(std::string& value) { value = bytes().get_text(bytes().get<std::uint64_t>()); }
};

template <class Archive, class Projection>
void pass_projection(Archive& archive, Projection& projection) {
    archive.array(projection.synapses);
    archive.array(projection.pre);
    archive.array(projection.post);
    archive.array(projection.post_history);
    archive.number(projection.rewards);
    archive.array(projection.late_post);
}

template <class Archive, class Machine>
void pass_machine(Archive& archive, Machine& machine) {
    archive.number(machine.step);
    archive.number(machine.skipped);
    archive.number(machine.seed);
    archive.array(machine.words);
    archive.array(machine.traces);
    archive.array(machine.sums);
    archive.list(machine.learned, [&](auto& learned) { pass_projection(archive, learned); });
    // Nothing, off, on.
    std::uint8_t learning = machine.learning ? (*machine.learning ? 2 : 1) : 0;
    archive.number(learning);
    if constexpr (!std::is_const_v<Machine>) {
        if (learning > 2) throw std::runtime_error{"a switch that is neither on nor off"};
        machine.learning.reset();
        if (learning != 0) machine.learning = learning == 2;
    }
    archive.array(machine.host_spikes);
    archive.array(machine.host_writes);
    archive.number(machine.rewards);
    archive.number(machine.reward_messages);
    archive.number(machine.learning_messages);
    archive.array(machine.rules_on);
}

template <class Archive, class Progress>
void pass_progress(Archive& archive, Progress& progress) {
    archive.number(progress.spike_hash);
    archive.number(progress.time_parts);
    archive.number(progress.run);
    archive.number(progress.sample);
    archive.number(progress.samples);
    archive.number(progress.sample_count);
    archive.number(progress.correct);
    archive.number(progress.unanswered);
    archive.array(progress.answers);
    archive.number(progress.clearness.samples);
    archive.real(progress.clearness.margin);
    archive.real(progress.clearness.confidence);
    archive.array(progress.has_spiked);
    archive.number(progress.readout_sample);
    archive.array(progress.said);
}

template <class Archive, class Totals>
void pass_totals(Archive& archive, Totals& totals) {
    archive.number(totals.steps);
    archive.number(totals.counts);
    archive.number(totals.time);
    archive.number(totals.max_link_flits);
    archive.number(totals.contention);
    archive.number(totals.wide_packets);
}

template <class Archive, class Whole>
void pass(Archive& archive, Whole& state) {
    archive.text(state.network);
    archive.list(state.populations, [&](auto& population) {
        archive.text(population.name);
        archive.number(population.count);
    });
    pass_machine(archive, state.machine);
    pass_progress(archive, state.progress);
    pass_totals(archive, state.totals);
}

}  // namespace

std::vector<State::Population> populations_of(const isa::Image& image) {
    std::vector<State::Population> populations;
    for (const isa::PopulationImage& population : image.populations) {
        populations.push_back({population.name, population.count});
    }
    return populations;
}

void check_state(const State& state, const isa::Image& image, const std::string& name) {
    const std::vector<State::Population> here = populations_of(image);
    const std::string hint = "a state continues the network that it was saved of";
    for (std::size_t i = 0; i < std::max(here.size(), state.populations.size()); ++i) {
        if (i >= here.size() || i >= state.populations.size()) {
            bad_state(name,
                      fmt::format("the state has {} populations, network '{}' has {}",
                                  state.populations.size(), image.network, here.size()),
                      hint);
        }
        const State::Population& saved = state.populations[i];
        if (saved.name == here[i].name && saved.count == here[i].count) continue;
        bad_state(
            name,
            fmt::format("population {} of the state is '{}' with {} neurons, of network '{}' "
                        "it is '{}' with {}",
                        i, saved.name, saved.count, image.network, here[i].name, here[i].count),
            hint);
    }
}

void check_timed(const State& state, const std::string& name) {
    // Every step that is timed passes the barrier.
    const std::uint64_t timed = state.totals.counts.of(isa::Event::kBarrier);
    if (timed == state.totals.steps) return;
    bad_state(
        name,
        fmt::format("{} of the {} steps before the state were run without times",
                    state.totals.steps - timed, state.totals.steps),
        "go on with --untimed (untimed=True), or start anew with the weights that it learned");
}

std::vector<std::byte> to_bytes(const State& state) {
    Writer content;
    pass(content, state);
    const std::vector<std::byte> bytes = content.take();
    isa::ByteWriter file;
    file.put(Header{.crc = crc32_of(bytes), .size = bytes.size()});
    file.put_all(bytes);
    return file.take();
}

State state_of(std::span<const std::byte> bytes, const std::string& name) {
    Header header;
    if (bytes.size() < sizeof header) bad_state(name, "is no state of a run", "");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.magic != kMagic) bad_state(name, "is no state of a run", "");
    if (header.version != kVersion) {
        bad_state(name, fmt::format("is a state of version {}, this build reads version {}",
                                    header.version, kVersion));
    }
    const std::span<const std::byte> content = bytes.subspan(sizeof header);
    if (header.size != content.size()) {
        bad_state(name, fmt::format("has {} bytes of content, its header says {}", content.size(),
                                    header.size));
    }
    if (crc32_of(content) != header.crc) bad_state(name, "is damaged: its checksum is wrong");
    State state;
    try {
        Reader reader{content};
        pass(reader, state);
        reader.finish();
    } catch (const std::runtime_error& error) {
        bad_state(name, error.what());
    }
    return state;
}

void save_state(const State& state, const std::filesystem::path& path) {
    OutputFile file{path};
    file.write(std::span<const std::byte>{to_bytes(state)});
    file.commit();
}

State load_state(const std::filesystem::path& path) {
    tools::require_file(path);
    std::ifstream in{readable_path(path), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    if (!in.good() && !in.eof()) bad_state(path.string(), "the file cannot be read", "");
    return state_of(std::as_bytes(std::span{bytes}), path.string());
}

}  // namespace seamount::session
