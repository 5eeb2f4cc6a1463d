#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace seamount::emu {

/// Runs independent work items on a fixed number of threads; with one thread, a plain loop. One
/// call at a time.
///
/// The threads are OpenMP's: between two calls they spin for a while before they sleep
/// (OMP_WAIT_POLICY, KMP_BLOCKTIME), because a step of a chip has ten calls of some ten
/// microseconds each, and to wake a thread can take longer than that.
class Parallel {
public:
    explicit Parallel(std::uint32_t threads)
        : threads_{threads == 0 ? 1 : threads}, stretches_{new Stretch[threads_]} {}

    [[nodiscard]] std::uint32_t threads() const noexcept { return threads_; }

    /// Calls work(item, worker) for items 0..count-1; worker < threads() is never shared at a time.
    /// What an item throws comes out when all threads are done; items may have been left out then.
    ///
    /// Each worker, always on the same thread, begins with its own stretch of the items and then
    /// helps others: what item i of one call leaves in a thread's cache is there for item i of the
    /// next one.
    template <class Work>
    void for_each(std::size_t count, const Work& work) const {
        if (threads_ == 1 || count <= 1) {
            for (std::size_t item = 0; item < count; ++item) work(item, std::size_t{0});
            return;
        }
        share(count);
        // Some items at a time: fewer turns at the counter, and the last ones still end together.
        const std::size_t turn = std::max<std::size_t>(1, count / (std::size_t{threads_} * 16));
        run([&](std::size_t worker) {
            for (std::size_t other = 0; other < threads_; ++other) {
                Stretch& stretch = stretches_[(worker + other) % threads_];
                for (std::size_t first = stretch.next.fetch_add(turn); first < stretch.end;
                     first = stretch.next.fetch_add(turn)) {
                    const std::size_t end = std::min(first + turn, stretch.end);
                    for (std::size_t item = first; item < end; ++item) work(item, worker);
                }
            }
        });
    }

private:
    /// Items that a worker begins with, on a line of its own.
    struct alignas(64) Stretch {
        std::atomic<std::size_t> next{0};
        std::size_t end = 0;
    };

    void share(std::size_t count) const {
        for (std::size_t worker = 0; worker < threads_; ++worker) {
            stretches_[worker].next = count * worker / threads_;
            stretches_[worker].end = count * (worker + 1) / threads_;
        }
    }

    /// Calls each(worker) once on each thread.
    template <class Each>
    void run(const Each& each) const {
        run_all(
            [](const void* all, std::size_t worker) { (*static_cast<const Each*>(all))(worker); },
            &each);
    }
    void run_all(void (*call)(const void* each, std::size_t worker), const void* each) const;

    std::uint32_t threads_;
    std::unique_ptr<Stretch[]> stretches_;  ///< by worker, of the call that is under way
};

}  // namespace seamount::emu
