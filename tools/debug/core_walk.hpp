#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/machine/core_update.hpp"
#include "emulator/machine/machine.hpp"
#include "isa/image/image.hpp"
#include "isa/microcode/execution.hpp"

namespace seamount::debug {

/// The compartments of a core inside one step, one instruction at a time, in the order in which the
/// core updates them. What it comes to is what the core comes to by itself, unless somebody changes
/// something on the way.
class CoreWalk {
public:
    struct Params {
        const isa::Image* image = nullptr;
        CoreSlot core;
        std::uint64_t step = 0;
        const isa::RandomSource* random = nullptr;
    };
    /// `machine` has the step open. What Params points to must outlive the object.
    CoreWalk(const Params& params, const emu::Machine& machine);
    CoreWalk(const CoreWalk&) = delete;
    CoreWalk& operator=(const CoreWalk&) = delete;

    /// All compartments are done; nothing but lane() and update() may be used then.
    [[nodiscard]] bool done() const noexcept { return !execution_; }
    /// Executes an instruction; behind the last one of a compartment comes the next compartment.
    void step();
    void finish();

    [[nodiscard]] std::uint32_t compartment() const noexcept { return at_; }
    [[nodiscard]] NeuronId neuron() const { return core().neurons[at_]; }
    [[nodiscard]] const isa::CoreImage& core() const;
    [[nodiscard]] const isa::NeuronGroup& group() const { return core().groups[group_]; }
    [[nodiscard]] isa::Execution& execution() { return *execution_; }
    [[nodiscard]] const isa::Execution& execution() const { return *execution_; }

    /// What a compartment holds now; `change()` goes before writing to it.
    [[nodiscard]] isa::Lane& lane(std::uint32_t compartment) { return update_.lanes[compartment]; }
    [[nodiscard]] const isa::Lane& lane(std::uint32_t compartment) const {
        return update_.lanes[compartment];
    }
    void change() noexcept { changed_ = true; }
    [[nodiscard]] bool changed() const noexcept { return changed_; }
    /// Requires: done().
    [[nodiscard]] const emu::CoreUpdate& update() const noexcept { return update_; }

private:
    void begin();
    void leave();
    void push(const isa::PushOut& push);

    Params params_;
    std::uint32_t at_ = 0;
    std::size_t group_ = 0;
    isa::Lane before_;
    std::optional<isa::Execution> execution_;
    emu::CoreUpdate update_;
    bool changed_ = false;
};

}  // namespace seamount::debug
