#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/id_vector.hpp"
#include "isa/image/image.hpp"

namespace seamount::isa {

/// Collects the faults of an image; many of one damage are of no use to anybody.
class Faults {
public:
    static constexpr std::size_t kMost = 100;

    /// Notes a fault; false if nobody needs more of them.
    bool add(std::string sentence) {
        if (found_.size() < kMost) found_.push_back(std::move(sentence));
        return found_.size() < kMost;
    }
    [[nodiscard]] bool empty() const noexcept { return found_.empty(); }
    [[nodiscard]] bool full() const noexcept { return found_.size() >= kMost; }
    [[nodiscard]] std::vector<std::string> take() noexcept { return std::move(found_); }

private:
    std::vector<std::string> found_;
};

/// Product of a shape; nothing if it exceeds 32 bits.
[[nodiscard]] inline std::optional<std::uint32_t> product(const std::vector<std::uint32_t>& shape) {
    std::uint64_t size = 1;
    for (const std::uint32_t side : shape) {
        size *= side;
        if (size > std::numeric_limits<std::uint32_t>::max()) return {};
    }
    return static_cast<std::uint32_t>(size);
}

/// What one part of an image must know of the others.
struct CheckContext {
    const Image& image;
    Faults& faults;
    std::uint64_t neurons = 0;                      ///< of all populations
    IdVector<CoreId, const CoreImage*> core_by_id;  ///< null where a core is not used
    std::vector<const ProgramImage*> program_of;    ///< of each population; null if it has none
};

/// What drives a host input, and where its spikes and values go.
void check_input(std::size_t index, const InputImage& input, CheckContext& context);

/// Groups, formats, rows, synapses and axon tables of one core.
void check_core(const CoreImage& core, CheckContext& context);

/// Learning rules, the projections that learn, and rewards.
void check_learning_image(CheckContext& context);

/// The plastic synapses of a core; its rows, formats and axons must have been checked.
void check_plastic_memory(const CoreImage& core, CheckContext& context);

/// Projections that have the weights of others; all else must have been checked and be sound.
void check_ties(CheckContext& context);

/// A fan-out table with `sources` lists; `who` names its owner in sentences.
void check_outputs(const std::string& who, std::uint64_t sources,
                   const std::vector<std::uint32_t>& first, const std::vector<OutputAxon>& outputs,
                   CheckContext& context);

}  // namespace seamount::isa
