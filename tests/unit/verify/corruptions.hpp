#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::test {

/// An image and the chip that it is checked against, to be damaged.
struct Victim {
    isa::Image image;
    isa::ChipSpec chip;
};

/// Numbers below a bound, the same with every standard library.
class Draw {
public:
    explicit Draw(std::uint32_t seed) : engine_{seed} {}
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    template <class List>
    auto& of(List& list) {
        return list[below(list.size())];
    }

private:
    std::mt19937 engine_;
};

/// One way to make an image wrong.
struct Corruption {
    std::string name;
    std::string code;  ///< of a finding that it must cause
    /// Damages the victim; false if it has nothing of this kind.
    std::function<bool(Victim&, Draw&)> damage;
};

[[nodiscard]] const std::vector<Corruption>& corruptions();

}  // namespace seamount::test
