#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"

namespace seamount::emu {

/// Packets outside the mesh: those that sources have still to make, and those that wait at the ways
/// into the mesh. Lists in one pool, as there are many and most are short.
class FlitSources {
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    struct Waiting {
        Ticks inject{};   ///< when its source has it ready, stalls included
        Ticks planned{};  ///< the same without stalls
        std::uint32_t packet = 0;
        std::uint32_t source = kNone;
        std::uint32_t router = 0;
        std::uint32_t next = kNone;
        PackedTile target{};
        std::uint16_t flits = 1;
    };
    struct List {
        std::uint32_t first = kNone;
        std::uint32_t last = kNone;
    };

    void clear() {
        pool_.clear();
        free_ = kNone;
    }
    [[nodiscard]] Waiting& at(std::uint32_t index) noexcept { return pool_[index]; }

    std::uint32_t add(const Waiting& waiting) {
        std::uint32_t index = free_;
        if (index == kNone) {
            index = static_cast<std::uint32_t>(pool_.size());
            pool_.push_back(waiting);
        } else {
            free_ = pool_[index].next;
            pool_[index] = waiting;
        }
        return index;
    }
    void append(List& list, std::uint32_t index) noexcept {
        pool_[index].next = kNone;
        (list.first == kNone ? list.first : pool_[list.last].next) = index;
        list.last = index;
    }
    void pop(List& list) noexcept { list.first = pool_[list.first].next; }
    void release(std::uint32_t index) noexcept {
        pool_[index].next = free_;
        free_ = index;
    }

private:
    std::vector<Waiting> pool_;
    std::uint32_t free_ = kNone;
};

}  // namespace seamount::emu
