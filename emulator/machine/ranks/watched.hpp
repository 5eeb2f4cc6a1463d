#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/core/neurocore.hpp"
#include "emulator/machine/ranks/division.hpp"
#include "isa/base/bytes.hpp"
#include "isa/base/ids.hpp"

namespace seamount::emu {

/// Compartments of other ranks' cores that rank 0 can read: after each step their rank tells it
/// what they hold, and it keeps that in cores of its own that have no synapses.
class Watched {
public:
    struct Place {
        CoreSlot core;
        std::uint32_t compartment = 0;
    };

    /// All ranks list the same places.
    explicit Watched(std::vector<Place> places = {});

    /// Whether a compartment of the core is watched.
    [[nodiscard]] bool any_in(CoreSlot core) const;
    /// What the compartments of this rank's cores hold before step `next`.
    void write(const Division& division, std::span<const Neurocore> cores, std::uint64_t next,
               isa::ByteWriter& to) const;
    /// What rank `of` wrote.
    void read(const Division& division, std::uint32_t of, std::uint64_t next, isa::ByteReader& from,
              std::span<Neurocore> cores) const;

private:
    std::vector<Place> places_;  ///< in order of cores
};

}  // namespace seamount::emu
