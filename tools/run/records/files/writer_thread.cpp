#include "tools/run/records/files/writer_thread.hpp"

#include <csignal>
#include <utility>

namespace seamount::tools {

WriterThread::WriterThread() {
    // signals are for the thread that runs the simulation
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    thread_ = std::thread{[this] { work(); }};
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

WriterThread::~WriterThread() {
    {
        const std::scoped_lock lock{mutex_};
        stops_ = true;
    }
    has_task_.notify_one();
    thread_.join();
}

void WriterThread::throw_failure(std::unique_lock<std::mutex>& lock) {
    if (!failure_) return;
    const std::exception_ptr failure = std::exchange(failure_, nullptr);
    lock.unlock();
    std::rethrow_exception(failure);
}

void WriterThread::post(Task task) {
    std::unique_lock lock{mutex_};
    has_room_.wait(lock, [this] { return tasks_.size() < kMostTasks || failed_; });
    throw_failure(lock);
    tasks_.push_back(std::move(task));
    lock.unlock();
    has_task_.notify_one();
}

void WriterThread::wait() {
    std::unique_lock lock{mutex_};
    has_room_.wait(lock, [this] { return tasks_.empty() && !busy_; });
    throw_failure(lock);
}

void WriterThread::work() {
    std::unique_lock lock{mutex_};
    for (;;) {
        has_task_.wait(lock, [this] { return stops_ || !tasks_.empty(); });
        if (tasks_.empty()) return;
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        busy_ = true;
        const bool skip = failed_;
        lock.unlock();
        std::exception_ptr failure;
        try {
            if (!skip) task();
        } catch (...) {
            failure = std::current_exception();
        }
        task = nullptr;
        lock.lock();
        busy_ = false;
        if (failure) {
            failed_ = true;
            failure_ = failure;
        }
        has_room_.notify_all();
    }
}

}  // namespace seamount::tools
