#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compiler/frontend/data/npz.hpp"
#include "compiler/frontend/inputs/events/event_file.hpp"

namespace seamount::compiler::frontend {
namespace {

/// Arrays with an element for each event, and where the samples begin in them.
class NpzEvents final : public EventFile {
public:
    struct Arrays {
        std::optional<DataArray> t;
        std::optional<DataArray> x;
        std::optional<DataArray> y;
        std::optional<DataArray> p;
        std::optional<DataArray> source;
        std::vector<std::uint64_t> first;  ///< samples + 1
        std::vector<double> labels;
    };
    explicit NpzEvents(Arrays arrays) : arrays_{std::move(arrays)} {}

    [[nodiscard]] std::uint64_t samples() const override { return arrays_.first.size() - 1; }
    [[nodiscard]] bool has_places() const override { return !arrays_.source; }
    [[nodiscard]] bool has_polarities() const override { return arrays_.p.has_value(); }
    void read(std::uint64_t sample, std::vector<Event>& events) const override {
        const auto at = [](const std::optional<DataArray>& array, std::uint64_t i) {
            return array ? array->number(i) : 0.0;
        };
        events.clear();
        for (std::uint64_t i = arrays_.first[sample]; i < arrays_.first[sample + 1]; ++i) {
            events.push_back({at(arrays_.t, i), at(arrays_.x, i), at(arrays_.y, i),
                              at(arrays_.p, i), at(arrays_.source, i)});
        }
    }
    [[nodiscard]] std::vector<double> labels() const override { return arrays_.labels; }

private:
    Arrays arrays_;
};

class NpzReader {
public:
    NpzReader(Context& context, const YamlNode& file, const EventNames& names)
        : context_{context}, file_{file}, names_{names} {}

    std::unique_ptr<EventFile> open() {
        try {
            known_ = npz_arrays(context_.yaml.resolve(file_.text()));
        } catch (const DataError&) {
            (void)context_.data.read_file(file_, "");  // says what is wrong with it
            return nullptr;
        }
        NpzEvents::Arrays arrays;
        arrays.t = array(names_.t, "t", true);
        if (!arrays.t) return nullptr;
        const bool sources = !names_.source.empty() || (has("units") && !has("x"));
        if (sources) {
            arrays.source = array(names_.source, "units", true);
        } else {
            arrays.x = array(names_.x, "x", true);
            arrays.y = array(names_.y, "y", true);
            arrays.p = array(names_.p, "p", false);
        }
        const auto labels = array(names_.labels, "labels", false);
        for (std::uint64_t i = 0; labels && i < labels->count(); ++i) {
            arrays.labels.push_back(labels->number(i));
        }
        const bool read = good_ && find_samples(arrays.t->count(), arrays.first);
        return read ? std::make_unique<NpzEvents>(std::move(arrays)) : nullptr;
    }

private:
    [[nodiscard]] bool has(const std::string& name) const {
        return std::find(known_.begin(), known_.end(), name) != known_.end();
    }

    /// The array of a role; events have as many of each as there are times.
    std::optional<DataArray> array(const std::string& chosen, const std::string& usual, bool must) {
        const std::string name = chosen.empty() ? usual : chosen;
        if (chosen.empty() && !must && !has(name)) return std::nullopt;
        auto found = context_.data.read_file(file_, name);
        good_ = good_ && found;
        if (!found) return std::nullopt;
        const bool of_events = &chosen != &names_.labels && &chosen != &names_.offsets;
        if (of_events && !count_) count_ = found->count();
        if (found->shape().size() == 1 && (!of_events || found->count() == *count_)) return found;
        file_.error("NET-SHAPE",
                    fmt::format("array '{}' has shape {}, must have {}", name, found->shape_text(),
                                of_events ? fmt::format("({},): one for each event", *count_)
                                          : std::string{"one dimension"}));
        good_ = false;
        return std::nullopt;
    }

    bool find_samples(std::uint64_t events, std::vector<std::uint64_t>& first) {
        const auto offsets = array(names_.offsets, "offsets", false);
        if (!good_) return false;
        if (!offsets) {
            first = {0, events};
            return true;
        }
        for (std::uint64_t i = 0; i < offsets->count(); ++i) {
            const std::optional<std::int64_t> at = offsets->integer(i);
            const std::uint64_t least = first.empty() ? 0 : first.back();
            if (!at || *at < static_cast<std::int64_t>(least) ||
                *at > static_cast<std::int64_t>(events) || (i == 0 && *at != 0)) {
                file_.error("NET-EVENTS",
                            fmt::format("offset {} is {}, must be {}", i, offsets->number(i),
                                        i == 0 ? std::string{"0"}
                                               : fmt::format("in [{}, {}]", least, events)),
                            "offsets say where the events of each sample begin, and at last how "
                            "many events there are");
                return false;
            }
            first.push_back(static_cast<std::uint64_t>(*at));
        }
        if (first.size() > 1 && first.back() == events) return true;  // arrays are never empty
        file_.error("NET-EVENTS",
                    fmt::format("the last offset is {}, there are {} events", first.back(), events),
                    "one offset for each sample, and at last the number of events");
        return false;
    }

    Context& context_;
    const YamlNode& file_;
    const EventNames& names_;
    std::vector<std::string> known_;
    std::optional<std::uint64_t> count_;
    bool good_ = true;
};

}  // namespace

std::unique_ptr<EventFile> open_npz_events(Context& context, const YamlNode& file,
                                           const EventNames& names) {
    return NpzReader{context, file, names}.open();
}

}  // namespace seamount::compiler::frontend
