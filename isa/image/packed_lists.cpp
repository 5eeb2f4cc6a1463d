#include "isa/image/packed_lists.hpp"

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

std::optional<std::vector<AxonRun>> axon_runs(const std::vector<InputAxon>& axons) {
    if (axons.size() > kMostIds) return std::nullopt;
    std::vector<AxonRun> runs;
    for (const InputAxon& axon : axons) {
        if (!runs.empty()) {
            AxonRun& run = runs.back();
            const std::uint32_t last = run.first.first_row + run.row_step * (run.count - 1);
            const std::uint32_t step = axon.first_row - last;
            if (axon.rows == run.first.rows && axon.base == run.first.base &&
                (run.count == 1 || step == run.row_step)) {
                run.row_step = step;
                ++run.count;
                continue;
            }
        }
        runs.push_back({axon, 0, 1});
        if (bytes(runs) >= bytes(axons)) return std::nullopt;
    }
    return runs;
}

std::vector<InputAxon> axons_of(const std::vector<AxonRun>& runs) {
    std::vector<InputAxon> axons;
    for (const AxonRun& run : runs) {
        if (run.count > kMostIds || axons.size() + run.count > kMostIds) {
            throw std::runtime_error{"more input axons than a core can have"};
        }
        for (std::uint32_t i = 0; i < run.count; ++i) {
            InputAxon& axon = axons.emplace_back(run.first);
            axon.first_row += i * run.row_step;
        }
    }
    return axons;
}

/// By the longest stretch at the front that stands at the end too.
std::size_t period_of(const std::vector<std::int32_t>& values) {
    if (values.size() > kMostIds) return values.size();
    std::vector<std::uint32_t> border(values.size());
    for (std::size_t i = 1; i < values.size(); ++i) {
        std::uint32_t k = border[i - 1];
        while (k != 0 && values[k] != values[i]) k = border[k - 1];
        border[i] = values[k] == values[i] ? k + 1 : 0;
    }
    return values.empty() ? 1 : values.size() - border.back();
}

void repeat_to(std::uint64_t size, std::vector<std::int32_t>& values) {
    const std::size_t period = values.size();
    if (size == period) return;
    if (size > kMostIds || period == 0 || period > size) {
        throw std::runtime_error{"values that repeat are more than a core has compartments"};
    }
    values.resize(static_cast<std::size_t>(size));
    for (std::size_t i = period; i < values.size(); ++i) values[i] = values[i - period];
}

namespace {

/// The run of the sources from `source` on, with the steps of its entries.
OutputRun run_at(const std::vector<std::uint32_t>& first, const std::vector<OutputAxon>& outputs,
                 std::size_t source, std::vector<OutputStep>& steps) {
    const auto list = list_of(first, outputs, source);
    OutputRun run{1, static_cast<std::uint16_t>(list.size()), 1};
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
    return run;
}

/// The last run of the lists, and whether another one repeats it.
class LastRun {
public:
    explicit LastRun(OutputRuns& found) : found_{found} {}

    void add(const OutputRun& run, std::span<const OutputAxon> axons,
             const std::vector<OutputStep>& steps) {
        if (repeats(run, axons, steps)) {
            ++found_.runs.back().repeats;
            before_.assign(axons.begin(), axons.end());
            return;
        }
        finish();
        found_.runs.push_back(run);
        found_.axons.insert(found_.axons.end(), axons.begin(), axons.end());
        found_.steps.insert(found_.steps.end(), steps.begin(), steps.end());
        before_.assign(axons.begin(), axons.end());
        steps_ = steps;
        by_.clear();
    }
    void finish() {
        if (found_.runs.empty() || found_.runs.back().repeats == 1) return;
        found_.repeated_axon.insert(found_.repeated_axon.end(), by_.begin(), by_.end());
    }

private:
    bool repeats(const OutputRun& run, std::span<const OutputAxon> axons,
                 const std::vector<OutputStep>& steps) {
        if (found_.runs.empty() || run.axons == 0) return false;
        const OutputRun& last = found_.runs.back();
        if (run.sources != last.sources || run.axons != last.axons || steps != steps_) return false;
        if (!continues(before_, axons, {})) return false;
        std::vector<std::uint16_t> by;
        for (std::size_t i = 0; i < axons.size(); ++i) {
            const OutputStep step = step_between(before_[i], axons[i]);
            if (step.atom != 0) return false;
            by.push_back(step.axon);
        }
        if (last.repeats != 1 && by != by_) return false;
        by_ = std::move(by);
        return true;
    }

    OutputRuns& found_;
    std::vector<OutputAxon> before_;
    std::vector<OutputStep> steps_;
    std::vector<std::uint16_t> by_;
};

std::size_t size_of(const OutputRuns& runs) {
    return bytes(runs.runs) + bytes(runs.axons) + bytes(runs.steps) + bytes(runs.repeated_axon);
}

/// Entries that a file with so many bytes of runs may stand for.
std::size_t most_outputs(const OutputRuns& runs) {
    return 4096 + 64 * size_of(runs);
}

}  // namespace

std::optional<OutputRuns> output_runs(const std::vector<std::uint32_t>& first,
                                      const std::vector<OutputAxon>& outputs) {
    if (first.empty() || first.back() != outputs.size() || first.size() > kMostIds ||
        !std::is_sorted(first.begin(), first.end()) || first.front() != 0) {
        return std::nullopt;  // as it is: the check of the image says what is wrong
    }
    OutputRuns found;
    LastRun last{found};
    for (std::size_t source = 0; source + 1 < first.size();) {
        const auto list = list_of(first, outputs, source);
        if (list.size() > 0xFFFF) return std::nullopt;
        std::vector<OutputStep> steps;
        const OutputRun run = run_at(first, outputs, source, steps);
        last.add(run, list, steps);
        source += run.sources;
    }
    last.finish();
    if (size_of(found) >= bytes(first) + bytes(outputs) || outputs.size() > most_outputs(found)) {
        return std::nullopt;
    }
    return found;
}

void lists_of(const OutputRuns& runs, std::vector<std::uint32_t>& first,
              std::vector<OutputAxon>& outputs) {
    first = {0};
    outputs.clear();
    auto axons = std::span{runs.axons};
    auto steps = std::span{runs.steps};
    auto repeated = std::span{runs.repeated_axon};
    const std::size_t most = most_outputs(runs);
    for (const OutputRun& run : runs.runs) {
        const std::size_t stepped = run.sources > 1 ? run.axons : 0;
        const std::size_t again = run.repeats > 1 ? run.axons : 0;
        const std::uint64_t sources = std::uint64_t{run.sources} * run.repeats;
        if (run.axons > axons.size() || stepped > steps.size() || again > repeated.size() ||
            sources > kMostIds || first.size() + sources > kMostIds ||
            outputs.size() + sources * run.axons > most) {
            throw std::runtime_error{"runs of fan-out lists do not fit their entries"};
        }
        for (std::uint32_t r = 0; r < run.repeats; ++r) {
            for (std::uint32_t s = 0; s < run.sources; ++s) {
                for (std::uint32_t i = 0; i < run.axons; ++i) {
                    OutputAxon& axon = outputs.emplace_back(axons[i]);
                    const std::uint32_t by_source = s == 0 ? 0 : s * steps[i].axon;
                    const std::uint32_t by_repeat = r == 0 ? 0 : r * repeated[i];
                    axon.axon = static_cast<std::uint16_t>(axon.axon + by_source + by_repeat);
                    if (s != 0)
                        axon.atom = static_cast<std::uint16_t>(axon.atom + s * steps[i].atom);
                }
                first.push_back(static_cast<std::uint32_t>(outputs.size()));
            }
        }
        axons = axons.subspan(run.axons);
        steps = steps.subspan(stepped);
        repeated = repeated.subspan(again);
    }
    if (!axons.empty() || !steps.empty() || !repeated.empty()) {
        throw std::runtime_error{"entries of fan-out lists belong to no run"};
    }
}

}  // namespace seamount::isa
