#include <fmt/format.h>

#include "compiler/frontend/hdf5/hdf5_file.hpp"
#include "compiler/frontend/inputs/events/event_file.hpp"

namespace seamount::compiler::frontend {
namespace {

constexpr const char* kTimes = "spikes/times";
constexpr const char* kUnits = "spikes/units";
constexpr const char* kLabels = "labels";

std::string chosen(const std::string& name, const char* usual) {
    return "/" + (name.empty() ? std::string{usual} : name);
}

/// Two lists of numbers for each sample.
class Hdf5Events final : public EventFile {
public:
    Hdf5Events(const std::filesystem::path& path, const EventNames& names)
        : file_{path}, times_{chosen(names.t, kTimes)}, units_{chosen(names.source, kUnits)} {
        const std::vector<std::uint64_t> times = file_.shape(times_);
        const std::vector<std::uint64_t> units = file_.shape(units_);
        if (times.size() != 1 || units != times) {
            throw InputError{
                {"IMP-VALUE", file_.at(units_),
                 fmt::format("as many lists as '{}' has are needed, in one dimension", times_),
                 "a list of times and one of sources for each sample"}};
        }
        samples_ = times.front();
        const std::string labels = chosen(names.labels, kLabels);
        if (!names.labels.empty() || file_.has(labels)) labels_ = file_.numbers(labels).values;
    }

    [[nodiscard]] std::uint64_t samples() const override { return samples_; }
    [[nodiscard]] bool has_places() const override { return false; }
    void read(std::uint64_t sample, std::vector<Event>& events) const override {
        const std::vector<double> times = file_.list(times_, sample);
        const std::vector<double> units = file_.list(units_, sample);
        if (times.size() != units.size()) {
            throw InputError{{"IMP-VALUE", file_.at(units_),
                              fmt::format("sample {} has {} times and {} sources", sample,
                                          times.size(), units.size()),
                              ""}};
        }
        events.clear();
        for (std::size_t i = 0; i < times.size(); ++i) {
            events.push_back({.time = times[i], .source = units[i]});
        }
    }
    [[nodiscard]] std::vector<double> labels() const override { return labels_; }

private:
    Hdf5File file_;
    std::string times_;
    std::string units_;
    std::uint64_t samples_ = 0;
    std::vector<double> labels_;
};

}  // namespace

std::unique_ptr<EventFile> open_hdf5_events(Context& context, const YamlNode& file,
                                            const EventNames& names) {
    const std::filesystem::path path = context.yaml.resolve(file.text());
    context.network.files_read.insert(path);
    return std::make_unique<Hdf5Events>(path, names);
}

}  // namespace seamount::compiler::frontend
