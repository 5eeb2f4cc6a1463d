#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// Numbers what a core has neuron groups for: distinct (program, parameter set), whatever the
/// population.
class GroupNumbers {
public:
    explicit GroupNumbers(const Lowered& lowered) {
        std::map<std::pair<std::uint32_t, std::array<std::int32_t, isa::kParameters>>,
                 std::uint32_t>
            known;
        for (const LoweredPopulation& population : lowered.populations) {
            auto& numbers = numbers_.emplace_back();
            for (const auto& profile : population.profiles) {
                numbers.push_back(known
                                      .try_emplace({population.program, profile},
                                                   static_cast<std::uint32_t>(known.size()))
                                      .first->second);
            }
        }
        count_ = static_cast<std::uint32_t>(known.size());
    }

    [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint32_t of(std::uint32_t population, std::uint32_t profile) const {
        return numbers_[population][profile];
    }

private:
    std::vector<std::vector<std::uint32_t>> numbers_;  ///< by population and profile
    std::uint32_t count_ = 0;
};

}  // namespace seamount::compiler
