#include "emulator/machine/ranks/watched.hpp"

#include <algorithm>
#include <utility>

namespace seamount::emu {

Watched::Watched(std::vector<Place> places) : places_{std::move(places)} {
    std::stable_sort(places_.begin(), places_.end(),
                     [](const Place& a, const Place& b) { return a.core < b.core; });
}

bool Watched::any_in(CoreSlot core) const {
    const auto at = std::lower_bound(places_.begin(), places_.end(), core,
                                     [](const Place& a, CoreSlot b) { return a.core < b; });
    return at != places_.end() && at->core == core;
}

void Watched::write(const Division& division, std::span<const Neurocore> cores, std::uint64_t next,
                    isa::ByteWriter& to) const {
    for (const auto& [core, at] : places_) {
        if (!division.owns(core)) continue;
        const Neurocore& of = cores[core.index()];
        for (std::uint32_t w = 0; w < of.state_words(at); ++w) to.put(of.state(at, w));
        for (std::uint32_t y = 0; y < of.trace_registers(at); ++y) to.put(of.trace(at, y));
        for (std::uint32_t k = 0; k < isa::kAccumulators; ++k) to.put(of.accumulator(at, k, next));
    }
}

void Watched::read(const Division& division, std::uint32_t of, std::uint64_t next,
                   isa::ByteReader& from, std::span<Neurocore> cores) const {
    for (const auto& [core, at] : places_) {
        if (division.owner(core) != of) continue;
        Neurocore& to = cores[core.index()];
        for (std::uint32_t w = 0; w < to.state_words(at); ++w) {
            to.write_state(at, w, from.get<std::int32_t>());
        }
        for (std::uint32_t y = 0; y < to.trace_registers(at); ++y) {
            to.write_trace(at, y, from.get<std::int32_t>());
        }
        for (std::uint32_t k = 0; k < isa::kAccumulators; ++k) {
            const auto value = from.get<std::int32_t>();
            to.clear_accumulator(at, k, next);
            (void)to.add_to_accumulator(at, k, next, value);
        }
    }
}

}  // namespace seamount::emu
