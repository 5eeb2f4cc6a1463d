#pragma once

#include <boost/mpi.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

#include "emulator/machine/ranks/ranks.hpp"

namespace seamount::cli {

/// The ranks of an MPI world.
class MpiRanks final : public emu::Ranks {
public:
    /// Thrown where a message of a run is waited for that rank 0 has given up.
    struct Stopped {};

    /// `world` must outlive it.
    explicit MpiRanks(const boost::mpi::communicator& world) : world_{world} {}
    /// Forgets what nobody has received.
    ~MpiRanks() override = default;

    [[nodiscard]] std::uint32_t rank() const override {
        return static_cast<std::uint32_t>(world_.rank());
    }
    [[nodiscard]] std::uint32_t size() const override {
        return static_cast<std::uint32_t>(world_.size());
    }
    void send(std::uint32_t to, std::shared_ptr<const Bytes> bytes) override;
    [[nodiscard]] Bytes receive(std::uint32_t from) override;
    void flush() override;

    /// At rank 0: ends the others, which all wait for its first message. False if it has sent one:
    /// then they may be anywhere.
    [[nodiscard]] bool stop_before_start();

private:
    struct Sending {
        boost::mpi::request request;
        std::shared_ptr<const Bytes> bytes;
    };
    void forget_sent();
    /// Throws Stopped if rank 0 has given up.
    void look_for_stop();
    /// Size of the next message of `from`, which has arrived.
    [[nodiscard]] std::size_t wait_for(int from);

    const boost::mpi::communicator& world_;
    std::list<Sending> sending_;
    bool has_sent_ = false;
};

}  // namespace seamount::cli
