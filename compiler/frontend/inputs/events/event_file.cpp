#include "compiler/frontend/inputs/events/event_file.hpp"

#include <fmt/format.h>

#include "compiler/frontend/hdf5/recorded_spikes.hpp"

namespace seamount::compiler::frontend {

std::unique_ptr<EventFile> open_events(Context& context, const YamlNode& file,
                                       const EventNames& names) {
    const std::string path = file.text();
    if (is_hdf5_name(path)) {
        try {
            return open_hdf5_events(context, file, names);
        } catch (const InputError& error) {
            context.diagnostics.add(error);
            return nullptr;
        }
    }
    if (path.ends_with(".npz")) return open_npz_events(context, file, names);
    if (!path.empty() || !context.diagnostics.has_errors()) {
        file.error("NET-FILE", fmt::format("'{}' is no file of events", path),
                   "events are in .npz archives or HDF5 files (.h5, .hdf5)");
    }
    return nullptr;
}

}  // namespace seamount::compiler::frontend
