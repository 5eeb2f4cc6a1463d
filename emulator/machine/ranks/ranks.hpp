#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace seamount::emu {

/// The processes that divide a machine among themselves, as one of them sees them: messages from
/// one to another, which arrive in order. Used by one thread at a time.
class Ranks {
public:
    using Bytes = std::vector<std::byte>;

    Ranks() = default;
    virtual ~Ranks() = default;
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    /// This one's number, from 0.
    [[nodiscard]] virtual std::uint32_t rank() const = 0;
    /// How many there are.
    [[nodiscard]] virtual std::uint32_t size() const = 0;
    /// Does not wait for the receiver, another rank.
    virtual void send(std::uint32_t to, std::shared_ptr<const Bytes> bytes) = 0;
    /// The next message of another rank; waits for it. Throws if it will not come any more.
    [[nodiscard]] virtual Bytes receive(std::uint32_t from) = 0;

    /// Waits until what was sent is on its way without this rank.
    virtual void flush() {}

    // All ranks make the same of the following calls in the same order.

    /// Everyone gets what everyone gave, by rank.
    [[nodiscard]] std::vector<Bytes> exchange(Bytes mine);
    /// Rank 0 gets what everyone gave, by rank; the others get nothing and wait for no other one.
    [[nodiscard]] std::vector<Bytes> collect(Bytes mine);
    /// Everyone gets what rank 0 gave.
    [[nodiscard]] Bytes share(Bytes of_first);

private:
    void send_to_others(const std::shared_ptr<const Bytes>& bytes);
};

}  // namespace seamount::emu
