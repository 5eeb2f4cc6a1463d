#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// An event as the file has it: whole numbers if the file is what it should be.
struct Event {
    double time = 0.0;
    double x = 0.0;
    double y = 0.0;
    double p = 0.0;       ///< polarity; 0 if the file has none
    double source = 0.0;  ///< of files that say sources rather than places
};

/// Samples of events.
class EventFile {
public:
    EventFile() = default;
    EventFile(const EventFile&) = delete;
    EventFile& operator=(const EventFile&) = delete;
    virtual ~EventFile() = default;

    /// How many there are.
    [[nodiscard]] virtual std::uint64_t samples() const = 0;
    /// Whether its events have places, x and y, and not sources.
    [[nodiscard]] virtual bool has_places() const = 0;
    /// Whether these have a polarity.
    [[nodiscard]] virtual bool has_polarities() const { return false; }
    /// `events` become those of a sample, as they are in the file. Throws InputError.
    virtual void read(std::uint64_t sample, std::vector<Event>& events) const = 0;
    /// The labels of all samples; empty if the file has none.
    [[nodiscard]] virtual std::vector<double> labels() const = 0;
};

/// Names of arrays that the user has chosen; empty: the usual one.
struct EventNames {
    std::string t;        ///< times: "t", in HDF5 "spikes/times"
    std::string x;        ///< "x"
    std::string y;        ///< "y"
    std::string p;        ///< "p", if there is one
    std::string source;   ///< "units" if there is one, in HDF5 "spikes/units"
    std::string offsets;  ///< where samples begin: "offsets" if there is one, else one sample
    std::string labels;   ///< "labels" if there is one
};

/// Opens the .npz or HDF5 file that `file`, a scalar of the network, names. Reports what is wrong
/// with it there (NET-FILE, NET-NPZ, NET-EVENTS, ...) or at the place in the file (IMP-*), and
/// returns nothing.
[[nodiscard]] std::unique_ptr<EventFile> open_events(Context& context, const YamlNode& file,
                                                     const EventNames& names);

// The two kinds; open_events() chooses.
[[nodiscard]] std::unique_ptr<EventFile> open_npz_events(Context& context, const YamlNode& file,
                                                         const EventNames& names);
/// Of `spikes/times` and `spikes/units`, each a list of numbers for each sample. Throws InputError.
[[nodiscard]] std::unique_ptr<EventFile> open_hdf5_events(Context& context, const YamlNode& file,
                                                          const EventNames& names);

}  // namespace seamount::compiler::frontend
