#include "tools/session/bind_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/frontend/inputs/bound_data.hpp"
#include "compiler/frontend/inputs/bound_input.hpp"
#include "isa/base/diagnostic.hpp"
#include "tools/session/settings.hpp"

namespace seamount::session {
namespace {

/// The input that an assignment names, or null with a message.
isa::InputImage* named_input(const std::string& name, isa::Image& image, const char* code,
                             const char* option, Diagnostics& found) {
    const auto input = std::find_if(image.inputs.begin(), image.inputs.end(),
                                    [&name](const auto& i) { return i.name == name; });
    if (input != image.inputs.end()) return &*input;
    std::vector<std::string> names;
    for (const isa::InputImage& known : image.inputs) names.push_back(known.name);
    found.error(
        code, {option, 0, 0}, fmt::format("the network has no input '{}'", name),
        did_you_mean(name, names,
                     names.empty() ? "it has no inputs"
                                   : fmt::format("its inputs: {}", fmt::join(names, ", "))));
    return nullptr;
}

/// Whether a dataset drives the input.
bool is_sampled(const isa::InputImage& input) {
    return !input.samples.empty() || input.kind == isa::InputKind::kTimedEvents;
}

/// The same, of those that files of spikes can drive.
isa::InputImage* find_input(const std::string& name, isa::Image& image, Diagnostics& found) {
    isa::InputImage* const input = named_input(name, image, "CLI-INPUT", "--input", found);
    if (input == nullptr) return nullptr;
    const SourceLocation where{"--input", 0, 0};
    if (input->kind != isa::InputKind::kWrite && !is_sampled(*input)) return input;
    found.error(
        "CLI-INPUT", where,
        fmt::format("input '{}' is driven by {}", name,
                    !is_sampled(*input) || input->kind == isa::InputKind::kWrite
                        ? "values that are written into states"
                        : "a dataset"),
        "only inputs of spikes, rates and poisson spikes can be given spikes; --data gives a "
        "dataset other samples");
    return nullptr;
}

/// NAME=FILE of an option.
struct Assignment {
    std::string name;
    std::string file;
};

std::optional<Assignment> assignment_of(const std::string& text, const char* code,
                                        const char* option, Diagnostics& found) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals != 0 && equals + 1 != text.size()) {
        return Assignment{text.substr(0, equals), text.substr(equals + 1)};
    }
    found.error(code, {option, 0, 0}, fmt::format("'{}' is not NAME=FILE", text),
                fmt::format("for example {} clicks=clicks.csv", option));
    return std::nullopt;
}

std::uint64_t limit_of(const std::string& max_input) {
    return max_input.empty() ? compiler::frontend::kMaxInput : bytes_of(max_input, "--max-input");
}

/// The word that stands for the labels of all datasets, and for the classes of the readout.
constexpr const char* kLabels = "labels";
constexpr const char* kClasses = "classes";

/// Gives the dataset inputs of an image other samples, together.
class DatasetBinder {
public:
    DatasetBinder(Loaded& loaded, std::uint64_t max_input, Diagnostics& found)
        : loaded_{loaded}, max_input_{max_input}, found_{found} {}

    void bind(const Assignment& given, std::uint32_t input) {
        compiler::BoundData data = compiler::bind_samples(given.file, "--data " + given.name,
                                                          loaded_.image, input, max_input_);
        if (!labels_given_ && labels_.empty()) labels_ = std::move(data.labels);
        take(data);
        bound_.push_back(std::move(data));
    }
    /// After all samples: labels, then classes, which are held against them.
    void finish(const std::optional<Assignment>& labels, const std::optional<Assignment>& classes) {
        try {
            if (labels) take_labels(*labels);
            if (!found_.has_errors()) set_schedule();
            if (classes) {
                take(compiler::bind_classes(classes->file, "--data classes", loaded_.image,
                                            max_input_));
            }
        } catch (const InputError& error) {
            found_.add(error);
        }
    }

    [[nodiscard]] std::vector<Diagnostic> warnings() { return std::move(warnings_); }

private:
    void take_labels(const Assignment& given) {
        const std::uint32_t samples =
            bound_.empty() ? loaded_.image.dataset.samples : bound_.front().samples;
        compiler::BoundData data =
            compiler::bind_labels(given.file, "--data labels", samples, max_input_);
        labels_ = std::move(data.labels);
        labels_given_ = true;
        take(data);
    }

    /// Puts the schedule in place if the inputs agree.
    void set_schedule() {
        if (bound_.empty() && !labels_given_) return;
        isa::DatasetImage& dataset = loaded_.image.dataset;
        const std::uint32_t samples = bound_.empty() ? dataset.samples : bound_.front().samples;
        check_agreement(samples);
        if (!dataset.labels.empty() && labels_.empty()) {
            warnings_.push_back({"CLI-DATA",
                                 {"--data", 0, 0},
                                 "the new samples have no labels: there is no accuracy",
                                 "--data labels=FILE gives them",
                                 Severity::kWarning});
        }
        dataset.samples = samples;
        dataset.labels = std::move(labels_);
        // What the network quotes is of its own samples.
        loaded_.image.readout.reference_accuracy = -1.0;
        loaded_.image.readout.reference.clear();
    }

    void take(const compiler::BoundData& data) {
        warnings_.insert(warnings_.end(), data.warnings.begin(), data.warnings.end());
        loaded_.files_read.insert(loaded_.files_read.end(), data.files.begin(), data.files.end());
    }

    void check_agreement(std::uint32_t samples) {
        const std::vector<isa::InputImage>& inputs = loaded_.image.inputs;
        for (std::uint32_t i = 0; i < inputs.size(); ++i) {
            const isa::InputImage& input = inputs[i];
            const auto own = std::find_if(bound_.begin(), bound_.end(),
                                          [i](const auto& data) { return data.bound == i; });
            const bool held =
                input.kind == isa::InputKind::kWrite && input.samples.size() == input.writes.size();
            if (own == bound_.end() && (!is_sampled(input) || held)) continue;
            const std::uint32_t has =
                own == bound_.end() ? loaded_.image.dataset.samples : own->samples;
            if (has == samples) continue;
            found_.error("CLI-DATA", {"--data", 0, 0},
                         fmt::format("input '{}' has {} samples, '{}' has {}", input.name, has,
                                     inputs[bound_.front().bound].name, samples),
                         "all dataset inputs of a network are presented together: give each as "
                         "many");
        }
    }

    Loaded& loaded_;
    std::uint64_t max_input_;
    Diagnostics& found_;
    std::vector<compiler::BoundData> bound_;
    std::vector<std::int32_t> labels_;
    bool labels_given_ = false;
    std::vector<Diagnostic> warnings_;
};

/// Spikes of an input that no dataset drives.
void bind_spikes(const Assignment& given, const char* option, std::optional<double> dt_ms,
                 std::uint64_t max_input, isa::InputImage& input, Loaded& loaded,
                 std::vector<Diagnostic>& warnings) {
    for (const Diagnostic& warning :
         compiler::bind_spikes(given.file, fmt::format("{} {}={}", option, given.name, given.file),
                               dt_ms, input, max_input)) {
        warnings.push_back(warning);
    }
    loaded.files_read.emplace_back(given.file);
}

}  // namespace

std::vector<Diagnostic> bind_inputs(const std::vector<std::string>& assignments, Loaded& loaded,
                                    std::optional<double> dt_ms, const std::string& max_input) {
    const std::uint64_t most = limit_of(max_input);
    Diagnostics found;
    std::vector<Diagnostic> warnings;
    for (const std::string& text : assignments) {
        const auto given = assignment_of(text, "CLI-INPUT", "--input", found);
        isa::InputImage* const input =
            given ? find_input(given->name, loaded.image, found) : nullptr;
        if (input == nullptr) continue;
        try {
            bind_spikes(*given, "--input", dt_ms, most, *input, loaded, warnings);
            loaded.bound.emplace_back(given->name, given->file);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    found.throw_if_errors();
    note_files(loaded);
    return warnings;
}

std::vector<Diagnostic> bind_data(const std::vector<std::string>& assignments, Loaded& loaded,
                                  std::optional<double> dt_ms, const std::string& max_input) {
    const std::uint64_t most = limit_of(max_input);
    Diagnostics found;
    std::vector<Diagnostic> warnings;
    DatasetBinder datasets{loaded, most, found};
    std::vector<isa::InputImage>& inputs = loaded.image.inputs;
    const auto is_free = [&inputs](const std::string& word) {
        return std::none_of(inputs.begin(), inputs.end(),
                            [&word](const auto& i) { return i.name == word; });
    };
    std::optional<Assignment> labels;
    std::optional<Assignment> classes;
    for (const std::string& text : assignments) {
        const auto given = assignment_of(text, "CLI-DATA", "--data", found);
        if (!given) continue;
        loaded.bound.emplace_back(given->name, given->file);
        if (given->name == kLabels && is_free(kLabels)) {
            labels = given;
            continue;
        }
        if (given->name == kClasses && is_free(kClasses)) {
            classes = given;
            continue;
        }
        isa::InputImage* const input =
            named_input(given->name, loaded.image, "CLI-DATA", "--data", found);
        if (input == nullptr) continue;
        try {
            const bool spikes = !is_sampled(*input) && input->kind != isa::InputKind::kReward &&
                                input->kind != isa::InputKind::kWrite;
            if (spikes) {
                bind_spikes(*given, "--data", dt_ms, most, *input, loaded, warnings);
            } else {
                datasets.bind(*given, static_cast<std::uint32_t>(input - inputs.data()));
            }
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    datasets.finish(labels, classes);
    found.throw_if_errors();
    const std::vector<Diagnostic> of_datasets = datasets.warnings();
    warnings.insert(warnings.end(), of_datasets.begin(), of_datasets.end());
    note_files(loaded);
    return warnings;
}

}  // namespace seamount::session
