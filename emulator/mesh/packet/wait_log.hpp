#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/mesh/grid/ticks.hpp"

namespace seamount::emu {

/// How long each packet of a step waited for each link of its route. Who is served is millions,
/// who is asked about is one: so it is written in the order of service, without a look at the
/// packet, and searched link by link.
class WaitLog {
public:
    explicit WaitLog(std::size_t links) : served_(links) {}

    /// Forgets all.
    void clear();

    /// Where the waits of one link go.
    class Writer {
    public:
        void add(std::uint32_t packet, Ticks wait) noexcept {
            *packets_++ = packet;
            *waits_++ = wait;
        }

    private:
        friend class WaitLog;
        Writer(std::uint32_t* packets, Ticks* waits) noexcept : packets_{packets}, waits_{waits} {}
        std::uint32_t* packets_;
        Ticks* waits_;
    };
    /// `link` serves `heads` packets now, for the only time since `clear`: each of them is to be
    /// added before the next link is opened.
    [[nodiscard]] Writer open(std::size_t link, std::size_t heads);

    /// How long `packet` waited for `link`; nothing if it did not come there.
    [[nodiscard]] std::optional<Ticks> find(std::size_t link, std::uint32_t packet) const;

private:
    struct Range {
        std::size_t first = 0;
        std::size_t count = 0;
    };
    std::vector<Range> served_;       ///< by link, in packets_ and waits_
    std::vector<std::size_t> links_;  ///< those with entries
    UnsetVector<std::uint32_t> packets_;
    UnsetVector<Ticks> waits_;  ///< of packets_
};

}  // namespace seamount::emu
