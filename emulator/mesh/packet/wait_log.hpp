#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/mesh/grid/ticks.hpp"

namespace seamount::emu {

/// How long packets of a step waited for the links of their routes. Who is served is millions, who
/// is asked about is one: so it is written in the order of service, without a look at the packet,
/// and searched link by link. Who does not wait has no entry.
class WaitLog {
    /// A wait that stands in `long_waits_`, as all longer ones do: 4 ms of picoseconds.
    static constexpr std::uint32_t kLong = std::numeric_limits<std::uint32_t>::max();

    struct Wait {
        std::uint32_t packet;
        std::uint32_t ticks;  ///< at most kLong
    };

public:
    explicit WaitLog(std::size_t links) : served_(links) {}

    /// Forgets all.
    void clear();

    /// Where the waits of one link go, for as long as it lives.
    class Writer {
    public:
        ~Writer() { log_->close(link_, next_); }
        Writer(const Writer&) = delete;
        Writer& operator=(const Writer&) = delete;

        void add(std::uint32_t packet, Ticks wait) {
            const std::uint64_t ticks = wait.count();
            *next_ = {packet, static_cast<std::uint32_t>(ticks)};
            if (ticks >= kLong) [[unlikely]] {
                next_->ticks = kLong;
                log_->keep_whole(next_, wait);
            }
            next_ += static_cast<std::ptrdiff_t>(ticks != 0);  // no branch: it is unforeseeable
        }

    private:
        friend class WaitLog;
        Writer(WaitLog& log, std::size_t link, Wait* next) noexcept
            : log_{&log}, link_{link}, next_{next} {}
        WaitLog* log_;
        std::size_t link_;
        Wait* next_;
    };
    /// `link` serves at most `heads` packets now, for the only time since `clear`. One writer at a
    /// time.
    [[nodiscard]] Writer open(std::size_t link, std::size_t heads);

    /// How long `packet` waited for `link`; 0 if it did not come there.
    [[nodiscard]] Ticks find(std::size_t link, std::uint32_t packet) const;

private:
    struct Range {
        std::size_t first = 0;
        std::size_t count = 0;
    };
    struct LongWait {
        std::size_t at;  ///< in waits_
        Ticks wait;
    };
    void keep_whole(const Wait* place, Ticks wait);
    void close(std::size_t link, const Wait* end);

    std::vector<Range> served_;       ///< by link, in waits_
    std::vector<std::size_t> links_;  ///< those with entries
    UnsetVector<Wait> waits_;
    std::vector<LongWait> long_waits_;
};

}  // namespace seamount::emu
