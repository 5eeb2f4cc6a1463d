#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "isa/microcode/program.hpp"

namespace seamount::tools {

/// What each accumulator of one compartment gets in every step.
class Stimulus {
public:
    /// Reads the specifications of --input for `steps` steps; each adds to what the others give:
    ///
    ///     [ACC=]step:FROM:VALUE             VALUE in every step from FROM on
    ///     [ACC=]pulse:FROM:VALUE[:WIDTH]    VALUE in WIDTH steps (1) from FROM on
    ///     [ACC=]FILE.csv                    a value a line, or step,value; `#` and a head are
    ///     skipped
    ///
    /// ACC is the name or number of an accumulator (the first). Steps count from 0. Throws
    /// InputError (CLI-INPUT) with all problems, also for values that leave 32 bits.
    Stimulus(const std::vector<std::string>& specifications, const isa::Program& program,
             std::uint32_t steps);

    [[nodiscard]] std::int32_t at(std::size_t accumulator, std::uint32_t step) const {
        return values_[accumulator].empty() ? 0 : values_[accumulator][step];
    }
    /// The accumulators that get anything, in ascending order.
    [[nodiscard]] std::vector<std::size_t> used() const;
    /// The files among the specifications.
    [[nodiscard]] const std::vector<std::string>& files() const noexcept { return files_; }

private:
    std::array<std::vector<std::int32_t>, isa::kAccumulators> values_;
    std::vector<std::string> files_;
};

}  // namespace seamount::tools
