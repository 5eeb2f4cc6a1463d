#include "emulator/base/parallel.hpp"

#include <exception>
#include <mutex>

#if defined(__SANITIZE_THREAD__)
#include <thread>
#include <vector>
#else
#include <omp.h>
#endif

namespace seamount::emu {

void Parallel::run_all(void (*call)(const void* each, std::size_t worker), const void* each) const {
    std::exception_ptr failure;
    std::mutex failing;
    const auto guarded = [&](std::size_t worker) {
        try {
            call(each, worker);
        } catch (...) {
            const std::scoped_lock lock{failing};
            failure = std::current_exception();
        }
    };
#if defined(__SANITIZE_THREAD__)
    // ThreadSanitizer does not see how OpenMP's threads meet, and would blame our work for it.
    // Plain threads it understands.
    std::vector<std::jthread> others;
    for (std::size_t worker = 1; worker < threads_; ++worker) others.emplace_back(guarded, worker);
    guarded(0);
    others.clear();
#else
    const auto threads = static_cast<int>(threads_);
#pragma omp parallel num_threads(threads)
    guarded(static_cast<std::size_t>(omp_get_thread_num()));
#endif
    if (failure) std::rethrow_exception(failure);
}

}  // namespace seamount::emu
