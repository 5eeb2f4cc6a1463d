#pragma once

#include <algorithm>

#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// The table `core_windows`: what each core did in each of at most 256 equal stretches of the run.
/// A stretch is a power of two of steps; a core that did nothing in it has no line.
class CoreWindowRecord final : public FileRecord {
public:
    CoreWindowRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, image_{context.image} {
        file.write("step,steps,core,active_updates,spikes,packets_in,synaptic_events\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        if (steps_ == 0) first_ = report.activity.step;
        const std::uint64_t at = steps_++ / width_;
        if (at == kMost) halve();
        const std::size_t window = (steps_ - 1) / width_;
        if (window == windows_.size()) windows_.emplace_back(report.activity.cores.size());
        for (std::size_t c = 0; c < report.activity.cores.size(); ++c) {
            const emu::CoreActivity& core = report.activity.cores[c];
            Counts& counts = windows_[window][c];
            counts[0] += core.active_updates;
            counts[1] += core.spikes.size();
            counts[2] += core.packets_in;
            counts[3] += core.synaptic_events;
        }
    }

    void finish(const emu::RunTotals& /*totals*/) override {
        for (std::size_t w = 0; w < windows_.size(); ++w) {
            const std::uint64_t begin = w * width_;
            for (std::size_t c = 0; c < windows_[w].size(); ++c) {
                const Counts& counts = windows_[w][c];
                if (counts == Counts{}) continue;
                file.print("{},{},{},{},{},{},{}\n", first_ + begin,
                           std::min(width_, steps_ - begin), image_.cores[c].core, counts[0],
                           counts[1], counts[2], counts[3]);
            }
        }
    }

private:
    static constexpr std::size_t kMost = 256;
    using Counts = std::array<std::uint64_t, 4>;

    /// Stretches become twice as long.
    void halve() {
        for (std::size_t w = 0; w < kMost / 2; ++w) {
            for (std::size_t c = 0; c < windows_[w].size(); ++c) {
                for (std::size_t i = 0; i < Counts{}.size(); ++i) {
                    windows_[w][c][i] = windows_[2 * w][c][i] + windows_[2 * w + 1][c][i];
                }
            }
        }
        windows_.resize(kMost / 2);
        width_ *= 2;
    }

    const isa::Image& image_;
    std::uint64_t first_ = 0;
    std::uint64_t steps_ = 0;
    std::uint64_t width_ = 1;  ///< steps of a stretch
    std::vector<std::vector<Counts>> windows_;
};

}  // namespace seamount::tools
