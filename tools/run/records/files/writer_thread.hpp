#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace seamount::tools {

/// Does tasks one after another in a thread of its own, so that who has them need not wait for
/// disks and compression. The queue is bounded: who is faster than the thread waits for it.
class WriterThread {
public:
    using Task = std::function<void()>;

    WriterThread();
    /// Does what is left, and swallows what it throws.
    ~WriterThread();
    WriterThread(const WriterThread&) = delete;
    WriterThread& operator=(const WriterThread&) = delete;

    /// Throws what an earlier task threw; nothing is done after that one.
    void post(Task task);
    /// Returns when all tasks are done; until the next post() nothing else happens in the thread.
    /// Throws what one of them threw.
    void wait();

private:
    static constexpr std::size_t kMostTasks = 8;  ///< a block of records each

    void work();
    void throw_failure(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    std::condition_variable has_task_;
    std::condition_variable has_room_;
    std::deque<Task> tasks_;
    bool busy_ = false;
    bool stops_ = false;
    bool failed_ = false;
    std::exception_ptr failure_;
    std::thread thread_;  // last: it uses the others
};

}  // namespace seamount::tools
