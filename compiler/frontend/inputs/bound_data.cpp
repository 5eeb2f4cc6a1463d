#include "compiler/frontend/inputs/bound_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/quoted_file.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/data/npz.hpp"
#include "compiler/frontend/inputs/cell_classes.hpp"
#include "compiler/frontend/inputs/dataset.hpp"
#include "compiler/frontend/inputs/event_dataset.hpp"
#include "isa/base/output_file.hpp"

namespace seamount::compiler {
namespace {

using frontend::in_quotes;

constexpr std::array kSampleArrays{"samples", "x"};
constexpr std::array kLabelArrays{"labels", "y"};
constexpr std::array kClassArrays{"classes"};
constexpr const char* kArchive = ".npz";

/// A file of the command line, with an array of it if one is named.
struct FileName {
    std::filesystem::path file;
    std::string array;

    [[nodiscard]] bool is_archive() const { return file.extension() == kArchive; }
    /// As a map of a network file.
    [[nodiscard]] std::string text() const {
        const std::string path = is_standard_stream(file) || file.is_absolute()
                                     ? file.string()
                                     : std::filesystem::absolute(file).string();
        const std::string of = array.empty() ? "" : ", array: " + in_quotes(array);
        return "{file: " + in_quotes(path) + of + "}";
    }
};

FileName name_of_file(const std::string& text) {
    const std::size_t end = text.rfind(std::string{kArchive} + ":");
    std::error_code ignored;
    if (end == std::string::npos || std::filesystem::exists(text, ignored)) return {text, {}};
    const std::size_t colon = end + std::string_view{kArchive}.size();
    return {text.substr(0, colon), text.substr(colon + 1)};
}

/// The first of the names that the archive has.
std::string first_of(const std::vector<std::string>& arrays, std::span<const char* const> names) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const char* name) {
        return std::find(arrays.begin(), arrays.end(), name) != arrays.end();
    });
    return found == names.end() ? std::string{} : *found;
}

/// None of a file that is no readable archive, which is complained about when it is read.
std::vector<std::string> arrays_of(const FileName& name) {
    if (!name.is_archive()) return {};
    try {
        return frontend::npz_arrays(name.file);
    } catch (const frontend::DataError&) {
        return {};
    }
}

/// The keys of `dataset:` that a file name stands for.
std::string keys_of(const std::string& source, const std::string& input) {
    FileName samples = name_of_file(source);
    const std::vector<std::string> arrays = arrays_of(samples);
    std::string keys;
    if (arrays.size() > 1) {
        const bool own = std::find(arrays.begin(), arrays.end(), input) != arrays.end();
        if (samples.array.empty()) samples.array = own ? input : first_of(arrays, kSampleArrays);
        const FileName labels{samples.file, first_of(arrays, kLabelArrays)};
        if (!labels.array.empty()) keys = ", labels: " + labels.text();
    }
    return "samples: " + samples.text() + keys;
}

std::optional<frontend::Encoding> encoding_of(isa::InputKind kind) {
    switch (kind) {
        case isa::InputKind::kRate:
        case isa::InputKind::kPhasedRate:
            return frontend::Encoding::kRate;
        case isa::InputKind::kLatency:
            return frontend::Encoding::kLatency;
        case isa::InputKind::kPoisson:
            return frontend::Encoding::kPoisson;
        case isa::InputKind::kRaster:
            return frontend::Encoding::kSpikes;
        case isa::InputKind::kGraded:
            return frontend::Encoding::kGraded;
        default:
            return std::nullopt;
    }
}

/// Reads files as a network that says only this.
class Reading {
public:
    Reading(const std::string& text, const std::string& where, std::uint64_t max_input)
        : yaml_{YamlFile::parse(text, where, {}, found_)}, data_{yaml_, found_, max_input} {
        found_.throw_if_errors();
    }

    [[nodiscard]] frontend::Context& context() { return context_; }
    [[nodiscard]] YamlNode node(const char* key) const { return yaml_.root()[key]; }

    [[nodiscard]] BoundData done() {
        found_.throw_if_errors();
        BoundData done;
        done.warnings = found_.all();
        const auto files = data_.files();
        done.files.assign(files.begin(), files.end());
        done.files.insert(done.files.end(), network_.files_read.begin(), network_.files_read.end());
        done.labels = network_.dataset.labels;
        done.samples = network_.dataset.samples;
        return done;
    }

private:
    Diagnostics found_;
    YamlFile yaml_;
    frontend::DataStore data_;
    Network network_;
    frontend::ProgramLibrary programs_{yaml_, {}, found_};
    frontend::Context context_{yaml_, found_, data_, programs_, network_};
};

bool all_whole(const frontend::DataArray& data) {
    return data.scan([&data](std::uint64_t i) { return data.integer(i).has_value(); });
}

/// Full scale without a `max`: whole values count in that of the image, parts of 1 otherwise.
double full_scale(const std::string& keys, const std::string& where, std::uint64_t max_input,
                  const isa::InputImage& image) {
    Reading reading{"dataset: {" + keys + "}\n", where, max_input};
    const YamlNode samples = reading.node("dataset")["samples"];
    const auto data = samples && samples.is_map() ? reading.context().data.read(samples)
                                                  : std::optional<frontend::DataArray>{};
    return data && !all_whole(*data) ? 1.0 : image.full_scale;
}

/// bind_samples() of an input of events.
BoundData bind_events(const std::string& source, const std::string& where, isa::Image& image,
                      std::uint32_t bound, std::uint64_t max_input) {
    isa::InputImage& input = image.inputs[bound];
    const isa::DatasetImage& schedule = image.dataset;
    const bool is_map = source.starts_with('{') && source.ends_with('}');
    const std::string keys =
        is_map ? source.substr(1, source.size() - 2) : "events: " + FileName{source, {}}.text();
    Reading reading{fmt::format("dataset: {{steps: {}, blank: {}, reset: {}, {}}}\n",
                                schedule.steps_per_sample, schedule.blank, schedule.reset, keys),
                    where, max_input};
    const YamlNode dataset = reading.node("dataset");
    if (!dataset["events"]) {
        bad_input("CLI-DATA", where, fmt::format("input '{}' is driven by events", input.name),
                  "FILE.npz, FILE.h5 or '{events: {file: FILE, ...}}'");
    }
    isa::InputImage other = input;
    other.spike_steps.clear();
    other.spike_sources.clear();
    other.spike_payloads.clear();
    frontend::read_event_dataset(reading.context(), dataset, other);
    BoundData done = reading.done();
    done.bound = bound;
    input = std::move(other);
    return done;
}

}  // namespace

BoundData bind_samples(const std::string& source, const std::string& where, isa::Image& image,
                       std::uint32_t bound, std::uint64_t max_input) {
    isa::InputImage& input = image.inputs[bound];
    const isa::DatasetImage& schedule = image.dataset;
    if (input.kind == isa::InputKind::kTimedEvents) {
        return bind_events(source, where, image, bound, max_input);
    }
    const auto encode = encoding_of(input.kind);
    if (!encode) {
        bad_input("CLI-DATA", where,
                  fmt::format("input '{}' gives values or rewards, which the image has ready for "
                              "its neurons and steps",
                              input.name),
                  "give the network another file, for example by --set, and compile it again");
    }
    const bool is_map = source.starts_with('{') && source.ends_with('}');
    const std::string keys =
        is_map ? source.substr(1, source.size() - 2) : keys_of(source, input.name);
    std::string text = fmt::format("dataset: {{steps: {}, blank: {}, reset: {}, encode: {}, ",
                                   schedule.steps_per_sample, schedule.blank, schedule.reset,
                                   name_of(frontend::kEncodingNames, *encode));
    bool has_phase = input.kind != isa::InputKind::kPhasedRate;
    bool has_scale = *encode != frontend::Encoding::kGraded;
    bool has_max = *encode == frontend::Encoding::kSpikes || *encode == frontend::Encoding::kGraded;
    if (is_map) {
        const Reading given{"dataset: " + source + "\n", where, max_input};
        const YamlNode dataset = given.node("dataset");
        has_max = has_max || dataset["max"];
        has_phase = has_phase || dataset["phase"];
        has_scale = has_scale || dataset["scale"];
    }
    if (!has_scale) {
        bad_input(
            "CLI-DATA", where,
            fmt::format("input '{}' sends payloads, and the image does not know what a value of 1 "
                        "was",
                        input.name),
            fmt::format("say it: --data '{}={{samples: {{file: FILE}}, scale: 1}}'", input.name));
    }
    if (!has_phase) text += "phase: random, ";
    if (!has_max) text += fmt::format("max: {}, ", full_scale(keys, where, max_input, input));
    Reading reading{text + keys + "}\n", where, max_input};
    isa::InputImage other = input;
    other.samples.clear();
    frontend::read_dataset_input(reading.context(), reading.node("dataset"), other);
    BoundData done = reading.done();
    done.bound = bound;
    input = std::move(other);
    return done;
}

BoundData bind_classes(const std::string& source, const std::string& where, isa::Image& image,
                       std::uint64_t max_input) {
    isa::ReadoutImage& readout = image.readout;
    if (readout.by == isa::ReadoutBy::kNone) {
        bad_input("CLI-DATA", where, "the network has no readout",
                  "'readout:' says which population answers");
    }
    FileName name = name_of_file(source);
    const std::vector<std::string> arrays = arrays_of(name);
    if (name.array.empty() && arrays.size() > 1) name.array = first_of(arrays, kClassArrays);
    Reading reading{"classes: " + name.text() + "\n", where, max_input};
    const YamlNode node = reading.node("classes");
    readout.classes = frontend::read_classes(reading.context(), node,
                                             image.populations.at(readout.population).count);
    frontend::warn_of_labels(node, readout, image.dataset.labels);
    return reading.done();
}

BoundData bind_labels(const std::string& source, const std::string& where, std::uint32_t samples,
                      std::uint64_t max_input) {
    FileName name = name_of_file(source);
    const std::vector<std::string> arrays = arrays_of(name);
    if (name.array.empty() && arrays.size() > 1) name.array = first_of(arrays, kLabelArrays);
    Reading reading{"labels: " + name.text() + "\n", where, max_input};
    auto labels = frontend::read_labels(reading.context(), reading.node("labels"), samples);
    BoundData done = reading.done();
    done.labels = std::move(labels);
    return done;
}

}  // namespace seamount::compiler
