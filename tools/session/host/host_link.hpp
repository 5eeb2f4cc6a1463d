#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "isa/image/image.hpp"

namespace seamount::session {

/// A program that plays the host of a run, talked to in lines of JSON over pipes: before every k-th
/// step it is told what the chip did since, and says what the host gives for the steps that come.
/// tools/session/host/README.md has the lines.
///
/// Spikes, writes and rewards cost what the chip file says, as those of host inputs do. The clock
/// of the program itself is not part of the modelled time.
class HostLink {
public:
    struct Params {
        std::string command;              ///< for /bin/sh
        std::uint32_t every = 1;          ///< k: steps of an exchange
        std::vector<std::string> spikes;  ///< populations whose spikes it is told; none: all
        std::vector<std::string> states;  ///< POPULATION.STATE words that it is told
        std::uint32_t timeout_s = 30;     ///< that an answer may take; 0: for ever
    };
    /// Starts the program. `image` must outlive the link. Throws InputError (RUN-NAME) for names
    /// that the network does not have.
    HostLink(const isa::Image& image, const Params& params);
    ~HostLink();
    HostLink(const HostLink&) = delete;
    HostLink& operator=(const HostLink&) = delete;

    /// The host's turn; to be called before each step. Throws InputError (RUN-HOST) if the program
    /// has ended, says nothing for too long, more than a line or what is no answer, RUN-NAME and
    /// RUN-VALUE for what the network does not have; every message names the step.
    void before_step(emu::Machine& machine);
    /// To be called when the machine has computed a step, before its time is played out: if the
    /// host's turn is next, the program is told now and works while the step is played. `last`: no
    /// step follows.
    void on_computed(const emu::Machine& machine, const emu::StepActivity& activity, bool last);

    [[nodiscard]] std::uint64_t exchanges() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::session
