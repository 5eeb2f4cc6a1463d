#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#if defined(__SANITIZE_THREAD__)
#include <atomic>
#include <thread>
#include <vector>
#endif

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace seamount::emu {

/// Runs independent work items on a fixed number of threads; with one thread, a plain loop.
class Parallel {
public:
    explicit Parallel(std::uint32_t threads) : threads_{threads == 0 ? 1 : threads} {
        if (threads_ > 1) {
            // TBB warns, and gives fewer, if a program asks for more threads than the machine has.
            allowed_ = std::make_unique<tbb::global_control>(
                tbb::global_control::max_allowed_parallelism, threads_);
            arena_ = std::make_unique<tbb::task_arena>(static_cast<int>(threads_));
        }
    }

    [[nodiscard]] std::uint32_t threads() const noexcept { return threads_; }

    /// Calls work(item, worker) for items 0..count-1; worker < threads() is never shared at a time.
    template <class Work>
    void for_each(std::size_t count, const Work& work) {
        if (threads_ == 1) {
            for (std::size_t item = 0; item < count; ++item) work(item, std::size_t{0});
            return;
        }
#if defined(__SANITIZE_THREAD__)
        // ThreadSanitizer does not see how Debian's TBB synchronises, and would blame our work for
        // it or, told to overlook TBB, overlook what runs inside it. Plain threads it understands.
        std::atomic<std::size_t> next{0};
        const auto loop = [&](std::size_t worker) {
            for (std::size_t item = next++; item < count; item = next++) work(item, worker);
        };
        std::vector<std::jthread> others;
        for (std::size_t worker = 1; worker < threads_; ++worker) others.emplace_back(loop, worker);
        loop(0);
#else
        arena_->execute([&] {
            tbb::parallel_for(std::size_t{0}, count, [&](std::size_t item) {
                work(item, static_cast<std::size_t>(tbb::this_task_arena::current_thread_index()));
            });
        });
#endif
    }

private:
    std::uint32_t threads_;
    std::unique_ptr<tbb::global_control> allowed_;
    std::unique_ptr<tbb::task_arena> arena_;
};

}  // namespace seamount::emu
