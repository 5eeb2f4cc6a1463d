#include "tools/cli/mpi/mpi_ranks.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "isa/base/assert.hpp"
#include "tools/base/clock.hpp"

namespace seamount::cli {
namespace {

enum Tag : int { kData = 1, kStop = 2 };

/// MPI counts bytes in an int. A longer message goes in parts, all but the last one of this size.
constexpr std::size_t kPart = std::size_t{1} << 29U;

/// Between looks at whether something came: at once at first, as steps are short, and then less and
/// less often, as somebody else may need the core. MPI's own waiting never sleeps.
class Patience {
public:
    void wait() {
        const double waited_s = tools::now_s() - since_;
        if (waited_s < kSpinSeconds) {
            sched_yield();
        } else {
            usleep(waited_s < kSoonSeconds ? 50 : 1000);
        }
    }

private:
    static constexpr double kSpinSeconds = 1e-3;
    static constexpr double kSoonSeconds = 0.1;
    double since_ = tools::now_s();
};

}  // namespace

void MpiRanks::send(std::uint32_t to, std::shared_ptr<const Bytes> bytes) {
    has_sent_ = true;
    forget_sent();
    const auto* const data = reinterpret_cast<const char*>(bytes->data());
    for (std::size_t at = 0;; at += kPart) {
        const std::size_t count = std::min(kPart, bytes->size() - at);
        const int rank = static_cast<int>(to);
        // Boost refers to the first byte, which an empty message has not.
        sending_.push_back({count == 0
                                ? world_.isend(rank, kData)
                                : world_.isend(rank, kData, data + at, static_cast<int>(count)),
                            bytes});
        if (count < kPart) return;
    }
}

void MpiRanks::forget_sent() {
    std::erase_if(sending_, [](Sending& one) { return one.request.test().has_value(); });
}

void MpiRanks::look_for_stop() {
    if (world_.rank() == 0 || !world_.iprobe(0, kStop)) return;
    world_.recv(0, kStop);
    throw Stopped{};
}

void MpiRanks::flush() {
    Patience patience;
    for (forget_sent(); !sending_.empty(); forget_sent()) {
        look_for_stop();
        patience.wait();
    }
}

std::size_t MpiRanks::wait_for(int from) {
    Patience patience;
    for (;;) {
        if (const auto status = world_.iprobe(from, kData)) {
            const auto count = status->count<char>();
            SM_ASSERT(count.has_value(), "a message is bytes");
            return static_cast<std::size_t>(*count);
        }
        look_for_stop();
        forget_sent();
        patience.wait();
    }
}

emu::Ranks::Bytes MpiRanks::receive(std::uint32_t from) {
    const int rank = static_cast<int>(from);
    Bytes bytes;
    for (;;) {
        const std::size_t at = bytes.size();
        const std::size_t count = wait_for(rank);
        if (count == 0) {
            world_.recv(rank, kData);
            return bytes;
        }
        bytes.resize(at + count);
        world_.recv(rank, kData, reinterpret_cast<char*>(bytes.data() + at),
                    static_cast<int>(count));
        if (count < kPart) return bytes;
    }
}

bool MpiRanks::stop_before_start() {
    if (has_sent_) return false;
    for (int rank = 1; rank < world_.size(); ++rank) world_.send(rank, kStop);
    return true;
}

}  // namespace seamount::cli
