#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/core/core_activity.hpp"
#include "emulator/machine/ranks/ranks.hpp"
#include "isa/base/ids.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Where the cores of each rank begin, by index into Image::cores, and their number at the end:
/// neighbouring cores, of about the same number of neurons and synapses in every rank. Some ranks
/// have none if there are more of them than cores.
[[nodiscard]] std::vector<std::uint32_t> first_cores(const isa::Image& image, std::uint32_t ranks);

/// Which cores are this rank's, and what it tells the others of them.
class Division {
public:
    /// One process has all `cores`.
    explicit Division(std::size_t cores);
    /// `first` as first_cores gives it. `moments`: spikes go with all that tells when their core
    /// emitted them. `ranks` must outlive it; null: one process.
    Division(std::size_t cores, Ranks* ranks, std::vector<std::uint32_t> first, bool moments);

    [[nodiscard]] bool alone() const noexcept { return ranks_ == nullptr; }
    /// Whether this is the rank that hears what all count.
    [[nodiscard]] bool leads() const noexcept { return rank_ == 0; }
    /// Cores [first(), end()) are this rank's.
    [[nodiscard]] std::size_t first() const noexcept { return first_[rank_]; }
    [[nodiscard]] std::size_t end() const noexcept { return first_[rank_ + 1]; }
    [[nodiscard]] bool owns(CoreSlot core) const noexcept {
        return core.index() >= first() && core.index() < end();
    }
    /// Where the cores of `rank` begin; of one more than there are: where all end.
    [[nodiscard]] std::uint32_t first_of(std::uint32_t rank) const { return first_[rank]; }
    [[nodiscard]] std::uint32_t owner(CoreSlot core) const;
    [[nodiscard]] Ranks& ranks() const noexcept { return *ranks_; }

    /// The spikes of this rank's cores go to all, and those of all others come in.
    void exchange_spikes(std::span<CoreActivity> cores) const;

private:
    Ranks* ranks_ = nullptr;
    std::uint32_t rank_ = 0;
    std::vector<std::uint32_t> first_;
    bool moments_ = false;
};

}  // namespace seamount::emu
