#include "isa/image/fan_out_runs.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace seamount::isa {
namespace {

constexpr std::size_t kMostIds = 65536;      // compartments of a core
constexpr std::uint16_t kMostSources = 128;  // of a run: bounds what a short file can grow to

/// Ids in equal distances from the front of `ids`, as one row.
IdRun row_at(std::span<const NeuronId> ids) {
    IdRun run{ids[0].value(), 0, 1, 0, 1};
    if (ids.size() == 1) return run;
    run.step = ids[1].value() - ids[0].value();
    while (run.count < ids.size() &&
           ids[run.count].value() - ids[run.count - 1].value() == run.step) {
        ++run.count;
    }
    return run;
}

/// Puts a row behind a run that it continues.
bool append_row(IdRun& run, const IdRun& row) {
    if (row.step != run.step || row.count != run.count) return false;
    const std::uint32_t last = run.first + run.row_step * (run.rows - 1);
    if (run.rows == 1) {
        run.row_step = row.first - run.first;
    } else if (row.first - last != run.row_step) {
        return false;
    }
    ++run.rows;
    return true;
}

std::span<const OutputAxon> list_of(const std::vector<std::uint32_t>& first,
                                    const std::vector<OutputAxon>& outputs, std::size_t source) {
    return std::span{outputs}.subspan(first[source], first[source + 1] - first[source]);
}

OutputStep step_between(const OutputAxon& a, const OutputAxon& b) {
    return {static_cast<std::uint16_t>(b.axon - a.axon),
            static_cast<std::uint16_t>(b.atom - a.atom)};
}

/// Whether `b` follows `a` in a run, by any steps if `steps` is empty.
bool continues(std::span<const OutputAxon> a, std::span<const OutputAxon> b,
               const std::vector<OutputStep>& steps) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].core != b[i].core || a[i].channel != b[i].channel ||
            a[i].payload_bits != b[i].payload_bits) {
            return false;
        }
        if (!steps.empty() && step_between(a[i], b[i]) != steps[i]) return false;
    }
    return true;
}

template <class T>
std::size_t bytes(const std::vector<T>& values) {
    return values.size() * sizeof(T);
}

}  // namespace

std::optional<std::vector<IdRun>> id_runs(const std::vector<NeuronId>& ids) {
    if (ids.size() > kMostIds) return std::nullopt;
    std::vector<IdRun> runs;
    for (std::size_t at = 0; at < ids.size();) {
        const IdRun row = row_at(std::span{ids}.subspan(at));
        if (runs.empty() || !append_row(runs.back(), row)) runs.push_back(row);
        at += row.count;
        if (bytes(runs) >= bytes(ids)) return std::nullopt;
    }
    return runs;
}

std::vector<NeuronId> ids_of(const std::vector<IdRun>& runs) {
    std::vector<NeuronId> ids;
    for (const IdRun& run : runs) {
        const std::uint64_t more = std::uint64_t{run.count} * run.rows;
        if (more > kMostIds || ids.size() + more > kMostIds) {
            throw std::runtime_error{"more neurons than a core has compartments"};
        }
        for (std::uint32_t row = 0; row < run.rows; ++row) {
            for (std::uint32_t i = 0; i < run.count; ++i) {
                ids.emplace_back(run.first + row * run.row_step + i * run.step);
            }
        }
    }
    return ids;
}

std::optional<OutputRuns> output_runs(const std::vector<std::uint32_t>& first,
                                      const std::vector<OutputAxon>& outputs) {
    if (first.empty() || first.back() != outputs.size() ||
        !std::is_sorted(first.begin(), first.end()) || first.front() != 0) {
        return std::nullopt;  // as it is: the check of the image says what is wrong
    }
    OutputRuns found;
    for (std::size_t source = 0; source + 1 < first.size();) {
        const auto list = list_of(first, outputs, source);
        OutputRun run{1, 0, static_cast<std::uint32_t>(list.size())};
        std::vector<OutputStep> steps;
        auto last = list;
        while (run.sources < kMostSources && source + run.sources + 1 < first.size()) {
            const auto next = list_of(first, outputs, source + run.sources);
            if (!continues(last, next, steps)) break;
            if (steps.empty()) {
                for (std::size_t i = 0; i < next.size(); ++i) {
                    steps.push_back(step_between(list[i], next[i]));
                }
            }
            last = next;
            ++run.sources;
        }
        found.runs.push_back(run);
        found.axons.insert(found.axons.end(), list.begin(), list.end());
        found.steps.insert(found.steps.end(), steps.begin(), steps.end());
        source += run.sources;
    }
    const std::size_t size = bytes(found.runs) + bytes(found.axons) + bytes(found.steps);
    if (size >= bytes(first) + bytes(outputs)) return std::nullopt;
    return found;
}

void lists_of(const OutputRuns& runs, std::vector<std::uint32_t>& first,
              std::vector<OutputAxon>& outputs) {
    first = {0};
    outputs.clear();
    auto axons = std::span{runs.axons};
    auto steps = std::span{runs.steps};
    for (const OutputRun& run : runs.runs) {
        const std::size_t stepped = run.sources > 1 ? run.axons : 0;
        if (run.sources > kMostSources || run.axons > axons.size() || stepped > steps.size()) {
            throw std::runtime_error{"runs of fan-out lists do not fit their entries"};
        }
        for (std::uint32_t s = 0; s < run.sources; ++s) {
            for (std::uint32_t i = 0; i < run.axons; ++i) {
                OutputAxon& axon = outputs.emplace_back(axons[i]);
                if (s == 0) continue;
                axon.axon = static_cast<std::uint16_t>(axon.axon + s * steps[i].axon);
                axon.atom = static_cast<std::uint16_t>(axon.atom + s * steps[i].atom);
            }
            first.push_back(static_cast<std::uint32_t>(outputs.size()));
        }
        axons = axons.subspan(run.axons);
        steps = steps.subspan(stepped);
    }
    if (!axons.empty() || !steps.empty()) {
        throw std::runtime_error{"entries of fan-out lists belong to no run"};
    }
}

}  // namespace seamount::isa
