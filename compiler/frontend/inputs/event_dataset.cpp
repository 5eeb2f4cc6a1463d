#include "compiler/frontend/inputs/event_dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "compiler/frontend/inputs/dataset.hpp"
#include "compiler/frontend/inputs/events/event_bins.hpp"
#include "compiler/frontend/inputs/events/event_file.hpp"

namespace seamount::compiler::frontend {
namespace {

constexpr std::array<int, kEventUnitNames.size()> kExponents{0, -3, -6, -9};
constexpr const char* kBinHint = "bin: 1000 (in the unit of the file), or dt: 1ms and time: us";

/// Of a source in a step: both in one number that orders them.
constexpr unsigned kSourceBits = 24;
static_assert(kMaxSize <= 1U << kSourceBits);
static_assert(kMaxSampleSteps <= std::int64_t{1} << (63 - kSourceBits));

std::optional<EventBins> read_bins(const Context& context, const YamlNode& node,
                                   const isa::InputImage& image) {
    const YamlNode bin = node["bin"];
    const YamlNode time = node["time"];
    if (bin && time) {
        time.error("NET-EVENTS", "both 'bin' and 'time' say what a step takes", kBinHint);
        return std::nullopt;
    }
    std::optional<EventBins> bins;
    if (time) {
        const auto unit = time.choice("time", kEventUnitNames);
        if (!unit) return std::nullopt;
        if (!context.dt) {
            time.error("NET-UNIT", "the network does not say how long a step is", kBinHint);
            return std::nullopt;
        }
        bins = EventBins::of(context.dt->number,
                             context.dt->exponent - kExponents.at(kEventUnitNames.index_of(*unit)));
    } else if (bin) {
        const auto length = bin.number("bin", kLeastBin, kMostBin);
        if (!length) return std::nullopt;
        bins = EventBins::of(*length, 0);
    } else if (image.events.bin > 0.0) {
        bins = EventBins::of(image.events.bin, 0);
    } else {
        node.error("NET-EVENTS", "nothing says what a step takes of the times of the file",
                   kBinHint);
        return std::nullopt;
    }
    if (!bins) {
        (bin ? bin : time)
            .error("NET-EVENTS", "what a step takes must be a decimal number of up to 12 digits",
                   kBinHint);
    }
    return bins;
}

/// `events:` as read.
struct EventKeys {
    YamlNode file;
    EventNames names;
    std::optional<EventBins> bins;
    isa::InputImage::EventCoding coding;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> samples{};  ///< [first, end)
    YamlNode samples_node{};
};

EventKeys read_keys(const Context& context, const YamlNode& node, const isa::InputImage& image) {
    EventKeys keys{.file = node.require("file"),
                   .names = {},
                   .bins = read_bins(context, node, image),
                   .coding = image.events};
    node.read("t", keys.names.t);
    node.read("x", keys.names.x);
    node.read("y", keys.names.y);
    node.read("p", keys.names.p);
    node.read("source", keys.names.source);
    node.read("offsets", keys.names.offsets);
    node.read("labels", keys.names.labels);
    node.read("graded", keys.coding.counts);
    if (const YamlNode origin = node["origin"]) {
        const auto choice = origin.choice("origin", kEventOriginNames);
        if (choice) keys.coding.from_first = *choice == EventOrigin::kFirst;
    }
    keys.samples_node = node["samples"];
    if (keys.samples_node && expect_sequence(keys.samples_node, "samples")) {
        const auto pair = keys.samples_node.items();
        const auto number = [&pair](std::size_t k) {
            return pair.size() == 2 ? pair[k].integer("samples", 0, kMaxSize)
                                    : std::optional<std::int64_t>{};
        };
        const auto first = number(0);
        const auto end = number(1);
        if (first && end && *first < *end) {
            keys.samples = {static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*end)};
        } else if (pair.size() != 2 || (first && end)) {
            keys.samples_node.error("NET-EVENTS", "samples are [first, end]: of these up to that",
                                    "samples: [0, 100] are the first hundred");
        }
    }
    node.finish();
    return keys;
}

/// Events of samples as spikes of an input.
class EventBinner {
public:
    EventBinner(const EventKeys& keys, const EventFile& file, const isa::DatasetImage& schedule,
                isa::InputImage& image)
        : keys_{keys},
          file_{file},
          steps_{schedule.steps_per_sample},
          driven_{schedule.steps_per_sample - schedule.blank},
          image_{image} {}

    /// False, with a report, if the input cannot have these events.
    [[nodiscard]] bool has_room() {
        const std::vector<std::uint32_t>& shape = image_.shape;
        if (!file_.has_places()) return true;
        polarities_ = shape.size() == 3 ? shape[0] : 1;
        if ((shape.size() != 2 && shape.size() != 3) || polarities_ > 2) {
            keys_.file.error("NET-SHAPE",
                             fmt::format("events at places, the input has {} dimensions of {} "
                                         "sources",
                                         shape.size(), image_.size),
                             "shape: [2, height, width], or [height, width] for both polarities "
                             "together");
            return false;
        }
        height_ = shape[shape.size() - 2];
        width_ = shape.back();
        if (polarities_ == 2 && !file_.has_polarities()) {
            keys_.file.error("NET-EVENTS", "the events have no polarities, the input has two",
                             "shape: [height, width], or p: the array that has them");
            return false;
        }
        return true;
    }

    /// Appends the spikes of a sample, which is the `number`-th; false after a report.
    [[nodiscard]] bool add(std::uint64_t sample, std::uint64_t number) {
        file_.read(sample, events_);
        double start = 0.0;
        if (keys_.coding.from_first && !events_.empty()) {
            start =
                std::min_element(events_.begin(), events_.end(), [](const auto& a, const auto& b) {
                    return a.time < b.time;
                })->time;
        }
        found_.clear();
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const auto step = keys_.bins->step_of(events_[i].time - start);
            if (!step) return refuse(sample, i, "time", events_[i].time, "a time from 0");
            const auto source = source_of(sample, i);
            if (!source) return false;
            ++all_;
            if (*step >= driven_) {
                ++late_;
            } else {
                found_.push_back(*step << kSourceBits | *source);
            }
        }
        std::sort(found_.begin(), found_.end());
        append(number);
        return image_.spike_steps.size() <= kMaxEvents || refuse_many();
    }

    /// After all samples: what was lost.
    void finish() {
        const auto& payloads = image_.spike_payloads;
        if (std::all_of(payloads.begin(), payloads.end(), [](auto p) { return p == 1; })) {
            image_.spike_payloads.clear();
        }
        const std::uint64_t shared = keys_.coding.counts ? 0 : shared_;
        if (late_ == 0 && shared == 0 && all_ != 0) return;
        std::string text = fmt::format("of {} events", all_);
        if (late_ != 0) {
            text += fmt::format(", {} come after the {} steps of their sample that have input",
                                late_, driven_);
        }
        if (shared != 0) {
            text += fmt::format("{} {} share source and step with an earlier one",
                                late_ != 0 ? " and" : ",", shared);
        }
        text += late_ + shared == 0 ? " none is left" : ": no spikes of their own";
        keys_.file.warning("NET-EVENTS", text,
                           shared != 0 ? "graded: true counts them in the payload" : "");
    }

private:
    bool refuse(std::uint64_t sample, std::size_t event, const char* what, double value,
                const std::string& must) {
        keys_.file.error("NET-EVENTS",
                         fmt::format("the {} of event {} of sample {} is {}, must be {}", what,
                                     event, sample, value, must));
        return false;
    }
    bool refuse_many() {
        keys_.file.error("NET-SIZE",
                         fmt::format("more than {} spikes are made of the events", kMaxEvents),
                         "samples: [0, 100] takes only these, a larger bin makes fewer of them");
        return false;
    }

    /// A whole number below `end`, or a report.
    std::optional<std::uint32_t> whole(std::uint64_t sample, std::size_t event, const char* what,
                                       double value, std::uint32_t end) {
        if (value >= 0.0 && value < end && std::floor(value) == value) {
            return static_cast<std::uint32_t>(value);
        }
        (void)refuse(sample, event, what, value, fmt::format("in [0, {}]", std::int64_t{end} - 1));
        return std::nullopt;
    }

    std::optional<std::uint32_t> source_of(std::uint64_t sample, std::size_t i) {
        const Event& event = events_[i];
        if (!file_.has_places()) return whole(sample, i, "source", event.source, image_.size);
        const auto x = whole(sample, i, "x", event.x, width_);
        const auto y = x ? whole(sample, i, "y", event.y, height_) : std::nullopt;
        if (!y) return std::nullopt;
        if (event.p != 0.0 && event.p != 1.0 && event.p != -1.0) {
            (void)refuse(sample, i, "polarity", event.p, "0 or 1, or -1 or 1");
            return std::nullopt;
        }
        const std::uint32_t plane = polarities_ == 2 && event.p > 0.0 ? 1 : 0;
        return (plane * height_ + *y) * width_ + *x;
    }

    void append(std::uint64_t number) {
        for (std::size_t i = 0; i < found_.size();) {
            std::size_t end = i;
            while (end < found_.size() && found_[end] == found_[i]) ++end;
            image_.spike_steps.push_back(number * steps_ + (found_[i] >> kSourceBits));
            image_.spike_sources.push_back(
                static_cast<std::uint32_t>(found_[i] & ((1U << kSourceBits) - 1)));
            if (keys_.coding.counts) {
                image_.spike_payloads.push_back(static_cast<std::int32_t>(end - i));
            }
            shared_ += end - i - 1;
            i = end;
        }
    }

    const EventKeys& keys_;
    const EventFile& file_;
    std::uint64_t steps_;
    std::uint64_t driven_;
    isa::InputImage& image_;
    std::uint32_t polarities_ = 1;
    std::uint32_t height_ = 0;
    std::uint32_t width_ = 0;
    std::uint64_t all_ = 0;
    std::uint64_t late_ = 0;
    std::uint64_t shared_ = 0;
    std::vector<Event> events_;         ///< of the sample in work
    std::vector<std::uint64_t> found_;  ///< its steps and sources
};

/// The labels of the file's samples [first, end); false after a report.
bool labels_of(const EventKeys& keys, const EventFile& file, std::uint64_t first, std::uint64_t end,
               std::vector<std::int32_t>& labels) {
    constexpr double kMost = std::numeric_limits<std::int32_t>::max();
    const std::vector<double> all = file.labels();
    if (all.empty()) return true;
    if (all.size() != file.samples()) {
        keys.file.error("NET-SHAPE",
                        fmt::format("{} labels for {} samples", all.size(), file.samples()));
        return false;
    }
    for (std::uint64_t s = first; s < end; ++s) {
        if (!(all[s] >= 0.0 && all[s] <= kMost && std::floor(all[s]) == all[s])) {
            keys.file.error("NET-EVENTS", fmt::format("the label of sample {} is {}, must be in "
                                                      "[0, {}]",
                                                      s, all[s], kMost));
            return false;
        }
        labels.push_back(static_cast<std::int32_t>(all[s]));
    }
    return true;
}

/// Keys of samples that are values.
void refuse_others(const YamlNode& node) {
    for (const char* key : {"samples", "max", "encode", "scale", "phase", "at"}) {
        if (const YamlNode given = node[key]) {
            given.error("NET-DATASET", fmt::format("'{}' does not go with 'events'", key),
                        "leave it out");
        }
    }
}

/// The spikes of the samples [first, first + schedule.samples), and their labels.
bool read_samples(const EventKeys& keys, const EventFile& file, std::uint64_t first,
                  isa::DatasetImage& schedule, isa::InputImage& image) {
    EventBinner binner{keys, file, schedule, image};
    if (!binner.has_room()) return false;
    for (std::uint64_t s = 0; s < schedule.samples; ++s) {
        if (!binner.add(first + s, s)) return false;
    }
    binner.finish();
    return labels_of(keys, file, first, first + schedule.samples, schedule.labels);
}

}  // namespace

void read_event_dataset(Context& context, const YamlNode& node, isa::InputImage& image) {
    image.kind = isa::InputKind::kTimedEvents;
    const YamlNode events = node["events"];
    const YamlNode labels = node["labels"];
    isa::DatasetImage schedule = read_schedule(context, node);
    refuse_others(node);
    node.finish();
    if (!has_driven_steps(node, schedule) || !expect_map(events, "events")) return;
    const EventKeys keys = read_keys(context, events, image);
    if (!keys.file || !keys.bins || schedule.steps_per_sample == 0 || image.size == 0) return;
    const auto file = open_events(context, keys.file, keys.names);
    if (!file) return;
    const auto [first, end] = keys.samples.value_or(std::pair{std::uint64_t{0}, file->samples()});
    if (file->samples() == 0 || end > file->samples() || end > kMaxSize) {
        (keys.samples ? keys.samples_node : keys.file)
            .error("NET-EVENTS", fmt::format("samples {} to {} of {}", first, end, file->samples()),
                   fmt::format("a file has 1 to {} samples", kMaxSize));
        return;
    }
    schedule.samples = static_cast<std::uint32_t>(end - first);
    image.events = keys.coding;
    image.events.bin = keys.bins->length();
    try {
        if (!read_samples(keys, *file, first, schedule, image)) return;
    } catch (const InputError& error) {
        context.diagnostics.add(error);
        return;
    }
    if (labels) schedule.labels = read_labels(context, labels, schedule.samples);
    merge_schedule(context, node, std::move(schedule));
}

}  // namespace seamount::compiler::frontend
