#include "tools/run/explain.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "isa/base/text.hpp"
#include "tools/base/table.hpp"
#include "tools/run/records/record.hpp"
#include "tools/session/tally.hpp"

namespace seamount::tools {
namespace {

using emu::Cause;
using emu::CriticalPath;

std::string time_text(std::uint64_t ps) {
    return si(session::seconds(Picoseconds{ps}), "s");
}

/// In percent.
double share(const emu::CauseTimes& parts, Cause cause) {
    const auto total = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0});
    return 100.0 * static_cast<double>(parts[static_cast<std::size_t>(cause)]) /
           static_cast<double>(total);
}

/// Says the parts of one path in the order in which they happened.
class PathText {
public:
    PathText(const CriticalPath& path, const isa::Image& image, const isa::ChipSpec& chip)
        : path_{path}, image_{image}, chip_{chip} {}

    std::string text() {
        const bool by_packet = path_.source != CriticalPath::kNoCore;
        const std::string sender = place(by_packet ? path_.source : path_.core);
        add({Cause::kHost}, "host port");
        add({stage(isa::Stage::kUpdate), stage(isa::Stage::kSpikeOut), stage(isa::Stage::kAxonOut)},
            sender);
        add({Cause::kMesh, Cause::kMeshWait}, "");
        add({stage(isa::Stage::kAxonIn), stage(isa::Stage::kSynapseFetch),
             stage(isa::Stage::kAccumulate), stage(isa::Stage::kLearning)},
            place(path_.core));
        add({Cause::kBarrier, Cause::kHostStep}, "");
        return text_;
    }

private:
    static Cause stage(isa::Stage stage) { return static_cast<Cause>(stage); }

    std::string place(CoreSlot slot) const {
        if (slot.index() >= image_.cores.size()) return "host port";
        const CoreId core = image_.cores[slot.index()].core;
        const TileId tile = chip_.tile_of(core);
        return fmt::format("core {} ({}, {})", core, chip_.column_of(tile), chip_.row_of(tile));
    }

    void add(std::initializer_list<Cause> causes, const std::string& where) {
        std::string parts;
        for (const Cause cause : causes) {
            if (path_.of(cause) == 0) continue;
            parts += fmt::format("{}{} {}", parts.empty() ? "" : " + ", emu::name_of(cause),
                                 time_text(path_.of(cause)));
        }
        if (parts.empty()) return;
        text_ += fmt::format("{}{}{}", text_.empty() ? "" : " > ",
                             where.empty() ? "" : where + ": ", parts);
    }

    const CriticalPath& path_;
    const isa::Image& image_;
    const isa::ChipSpec& chip_;
    std::string text_;
};

}  // namespace

void TimeExplainer::on_step(const emu::StepReport& report, const session::Tally& /*tally*/) {
    for (std::size_t i = 0; i < emu::kCauses; ++i) parts_[i] += report.path.parts[i];
    ++largest_[static_cast<std::size_t>(report.path.largest())];
    if (report.path.core != CriticalPath::kNoCore) ++last_[report.path.core];
    const Step step{report.activity.step, report.duration, report.path};
    const auto longer = [](const Step& a, const Step& b) { return a.duration > b.duration; };
    if (worst_.size() == kWorst && !longer(step, worst_.back())) return;
    worst_.insert(std::upper_bound(worst_.begin(), worst_.end(), step, longer), step);
    if (worst_.size() > kWorst) worst_.pop_back();
}

std::vector<Cause> causes_of(const emu::CauseTimes& parts) {
    std::vector<Cause> causes;
    for (std::size_t i = 0; i < emu::kCauses; ++i) {
        if (parts[i] != 0) causes.push_back(static_cast<Cause>(i));
    }
    std::stable_sort(causes.begin(), causes.end(),
                     [&parts](Cause a, Cause b) { return share(parts, a) > share(parts, b); });
    return causes;
}

std::string largest_causes(const emu::CauseTimes& parts) {
    constexpr std::size_t kMost = 3;
    std::string text;
    for (const Cause cause : causes_of(parts)) {
        if (share(parts, cause) < 1.0) break;
        text += fmt::format("{}{} {:.0f} %", text.empty() ? "" : ", ", emu::name_of(cause),
                            share(parts, cause));
        if (std::count(text.begin(), text.end(), ',') + 1 == kMost) break;
    }
    return text;
}

std::string TimeExplainer::report(const isa::Image& image, const isa::ChipSpec& chip) const {
    std::string text = "what bounded the run: the critical path of each step, summed up\n";
    Table bounds{{"cause", "time", "share", "largest in steps"}};
    for (const Cause cause : causes_of(parts_)) {
        const auto index = static_cast<std::size_t>(cause);
        bounds.add({std::string{emu::name_of(cause)}, time_text(parts_[index]),
                    fmt::format("{:.1f} %", share(parts_, cause)), grouped(largest_[index])});
    }
    text += bounds.text();

    std::vector<std::pair<CoreSlot, std::uint64_t>> last{last_.begin(), last_.end()};
    std::stable_sort(last.begin(), last.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    if (last.size() > kWorst) last.resize(kWorst);
    text += "cores that steps waited for\n";
    Table cores{{"core", "steps"}};
    for (const auto& [core, steps] : last) {
        cores.add({fmt::format("{}", image.cores[core.index()].core), grouped(steps)});
    }
    text += cores.text();

    text += fmt::format("the {} longest steps\n", worst_.size());
    for (const Step& step : worst_) {
        text += fmt::format("  step {}: {}, most of it {}\n    {}\n", step.step,
                            time_text(step.duration.count()), emu::name_of(step.path.largest()),
                            PathText{step.path, image, chip}.text());
        if (step.path.source != CriticalPath::kNoCore) {
            text += fmt::format(
                "    the packet from {} arrived at {}; the core took in {} packets\n",
                step.path.source == emu::SpikePacket::kFromHost
                    ? "the host"
                    : fmt::format("core {}", image.cores[step.path.source.index()].core),
                time_text(step.path.arrived_ps), grouped(step.path.served));
            const emu::LinkDelay& link = step.path.link;
            if (const Picoseconds wait = emu::to_picoseconds(link.wait); wait.count() != 0) {
                text += fmt::format("    it waited {} for the link {} of tile ({}, {}), mesh {}\n",
                                    time_text(wait.count()), name_of(isa::kWayNames, link.way),
                                    chip.column_of(link.tile), chip.row_of(link.tile), link.mesh);
            }
        }
    }
    return text;
}

}  // namespace seamount::tools
