// What the machine allows: the figures that the product's are set beside (tests/bench/suite.py).
//
//     bench_limit loop EDGES.npy NEURONS.csv BIAS BIAS_EXP THRESHOLD DECAY_U DECAY_V STEPS
//     bench_limit memory
//
// `loop`: loihi1_cuba neurons and their synapses in plain C++, no time, no counts, no records; bit
// for bit what the product computes. BIAS and THRESHOLD are a column of the CSV file or a number.
// Rows of a neuron stand together, packed into a word per synapse, and are fetched ahead.
// `memory`: streamed bytes and random 64-byte reads per second, on one thread.
//
// One line of JSON. Times are CPU seconds of the process.
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <time.h>  // clock_gettime

#include <fmt/format.h>

#include "emulator/base/memory.hpp"
#include "emulator/core/lockstep.hpp"
#include "tests/bench/cuba_loop.hpp"

using namespace seamount;

namespace {

double cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

using Step = void (*)(const bench::CubaArrays&);

Step step_of(emu::KernelVariant variant) {
#if defined(__x86_64__)
    if (variant == emu::KernelVariant::kAvx512) return bench::avx512::cuba_step;
    if (variant == emu::KernelVariant::kAvx2) return bench::avx2::cuba_step;
#endif
    (void)variant;
    return bench::portable::cuba_step;
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream text{line};
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    return cells;
}

/// A column of a CSV file with a head, or for each of its lines the number that `name` is.
std::vector<std::int32_t> column_of(const std::string& path, const std::string& name) {
    std::ifstream file{path};
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error(path + " cannot be read");
    const std::vector<std::string> head = cells_of(line);
    std::size_t at = 0;
    while (at < head.size() && head[at] != name) ++at;
    std::vector<std::int32_t> values;
    while (std::getline(file, line)) {
        values.push_back(std::stoi(at < head.size() ? cells_of(line)[at] : name));
    }
    return values;
}

/// The rows of an .npy file of int32 (E, 3): source, target, weight.
std::vector<std::int32_t> edges_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    const std::vector<char> bytes{std::istreambuf_iterator<char>{file}, {}};
    constexpr std::size_t kFixed = 10;
    if (bytes.size() < kFixed) throw std::runtime_error(path + " cannot be read");
    const auto byte = [&](std::size_t i) {
        return std::size_t{static_cast<unsigned char>(bytes[i])};
    };
    const std::size_t head = kFixed + byte(8) + 256 * byte(9);
    std::vector<std::int32_t> words((bytes.size() - head) / sizeof(std::int32_t));
    std::memcpy(words.data(), bytes.data() + head, words.size() * sizeof(std::int32_t));
    return words;
}

class Network {
public:
    Network(const std::vector<std::int32_t>& edges, std::size_t neurons)
        : first_(neurons + 1), words_(edges.size() / 3) {
        for (std::size_t e = 0; e < edges.size(); e += 3) ++first_[std::size_t(edges[e]) + 1];
        for (std::size_t n = 0; n < neurons; ++n) first_[n + 1] += first_[n];
        std::vector<std::uint32_t> next{first_.begin(), first_.end()};
        for (std::size_t e = 0; e < edges.size(); e += 3) {
            words_[next[std::size_t(edges[e])]++] =
                static_cast<std::uint32_t>(edges[e + 1]) | static_cast<std::uint32_t>(edges[e + 2])
                                                               << kTargetBits;
        }
    }

    /// Adds the synapses of all neurons that spiked; returns how many they are.
    std::uint64_t scatter(const std::vector<std::uint32_t>& spikes, std::int32_t* input) const {
        constexpr std::size_t kAhead = 8;
        std::uint64_t events = 0;
        for (std::size_t k = 0; k < spikes.size(); ++k) {
            if (k + kAhead < spikes.size()) {
                const std::uint32_t* const ahead = words_.data() + first_[spikes[k + kAhead]];
                __builtin_prefetch(ahead);
                __builtin_prefetch(ahead + 16);
            }
            const std::uint32_t end = first_[spikes[k] + 1];
            for (std::uint32_t j = first_[spikes[k]]; j < end; ++j) {
                const std::uint32_t word = words_[j];
                input[word & ((1U << kTargetBits) - 1)] +=
                    static_cast<std::int32_t>(word) >> kTargetBits;
            }
            events += end - first_[spikes[k]];
        }
        return events;
    }

private:
    static constexpr unsigned kTargetBits = 20;
    std::vector<std::uint32_t> first_;
    emu::LineVector<std::uint32_t> words_;
};

/// Appends the places of the bytes that are 1.
void list_spikes(const emu::LineVector<std::uint8_t>& spiked, std::vector<std::uint32_t>& spikes) {
    spikes.clear();
    for (std::size_t i = 0; i < spiked.size(); i += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, spiked.data() + i, sizeof(eight));
        for (; eight != 0; eight &= eight - 1) {
            const auto byte = static_cast<std::size_t>(std::countr_zero(eight)) / 8;
            spikes.push_back(static_cast<std::uint32_t>(i + byte));
        }
    }
}

void run_loop(char** arguments) {
    const std::string neurons = arguments[1];
    std::vector<std::int32_t> bias = column_of(neurons, arguments[2]);
    std::vector<std::int32_t> threshold = column_of(neurons, arguments[4]);
    const std::size_t count = bias.size();
    const Network network{edges_of(arguments[0]), count};
    for (std::int32_t& b : bias) b *= 1 << std::atoi(arguments[3]);
    for (std::int32_t& t : threshold) t *= 64;
    const std::size_t room = (count + 63) / 64 * 64;
    bias.resize(room);
    threshold.resize(room, 1 << 24);
    emu::LineVector<std::int32_t> u(room);
    emu::LineVector<std::int32_t> v(room);
    emu::LineVector<std::int32_t> input(room);
    emu::LineVector<std::int32_t> b{bias.begin(), bias.end()};
    emu::LineVector<std::int32_t> t{threshold.begin(), threshold.end()};
    emu::LineVector<std::uint8_t> spiked(room);
    const bench::CubaArrays arrays{u.data(),
                                   v.data(),
                                   b.data(),
                                   t.data(),
                                   input.data(),
                                   spiked.data(),
                                   static_cast<int>(room),
                                   4096 - std::atoi(arguments[5]),
                                   4096 - std::atoi(arguments[6])};
    const emu::KernelVariant variant = emu::default_kernels();
    const Step step = step_of(variant);
    const int steps = std::atoi(arguments[7]);
    std::vector<std::uint32_t> spikes;
    std::uint64_t spike_count = 0;
    std::uint64_t events = 0;
    const double started = cpu_s();
    for (int s = 0; s < steps; ++s) {
        step(arrays);
        list_spikes(spiked, spikes);
        spike_count += spikes.size();
        events += network.scatter(spikes, input.data());
    }
    fmt::print(R"({{"cpu_s": {:.6f}, "spikes": {}, "events": {}, "kernels": "{}"}})"
               "\n",
               cpu_s() - started, spike_count, events, name_of(variant));
}

void run_memory() {
    constexpr std::size_t kWords = std::size_t{1} << 25U;  // 256 MiB: beyond most caches
    emu::HugeVector<std::uint64_t> words(kWords, 1);
    constexpr int kRounds = 8;
    std::uint64_t sum = 0;
    double started = cpu_s();
    for (int round = 0; round < kRounds; ++round) {
        for (const std::uint64_t word : words) sum += word;
    }
    const double streamed =
        kRounds * static_cast<double>(kWords * sizeof(std::uint64_t)) / (cpu_s() - started);
    constexpr std::uint64_t kReads = 1U << 24U;
    std::uint64_t at = 1;
    started = cpu_s();
    for (std::uint64_t i = 0; i < kReads; ++i) {
        at = at * 6364136223846793005U + 1442695040888963407U;
        sum += words[(at >> 39U) & (kWords - 8)];
    }
    fmt::print(R"({{"stream_bytes_per_s": {:.4g}, "random_lines_per_s": {:.4g}, "check": {}}})"
               "\n",
               streamed, static_cast<double>(kReads) / (cpu_s() - started), sum & 1U);
}

}  // namespace

int main(int count, char** arguments) try {
    const std::string what = count > 1 ? arguments[1] : "";
    if (what == "loop" && count == 10) {
        run_loop(arguments + 2);
    } else if (what == "memory" && count == 2) {
        run_memory();
    } else {
        fmt::print(stderr,
                   "bench_limit loop EDGES NEURONS BIAS BIAS_EXP THRESHOLD DECAY_U DECAY_V "
                   "STEPS | bench_limit memory\n");
        return 2;
    }
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
}
