#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "emulator/machine/ranks/ranks.hpp"

namespace seamount::testing {

/// Ranks that are threads of this process.
class ThreadRanks {
public:
    explicit ThreadRanks(std::uint32_t size) : size_{size}, boxes_(std::size_t{size} * size) {}

    /// Calls `lead(ranks)` as rank 0, here, and `follow(ranks)` as each other one, in threads. What
    /// one of them throws ends the others, and is thrown.
    template <class Lead, class Follow>
    void run(Lead lead, Follow follow) {
        {
            std::vector<std::jthread> others;
            for (std::uint32_t rank = 1; rank < size_; ++rank) {
                others.emplace_back([this, rank, &follow] { guarded(rank, follow); });
            }
            guarded(0, lead);
        }
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    using Bytes = emu::Ranks::Bytes;

    struct Ended : std::runtime_error {
        Ended() : std::runtime_error{"another rank has failed"} {}
    };

    class One final : public emu::Ranks {
    public:
        One(ThreadRanks& all, std::uint32_t rank) : all_{all}, rank_{rank} {}
        [[nodiscard]] std::uint32_t rank() const override { return rank_; }
        [[nodiscard]] std::uint32_t size() const override { return all_.size_; }
        void send(std::uint32_t to, std::shared_ptr<const Bytes> bytes) override {
            const std::lock_guard lock{all_.mutex_};
            all_.boxes_[rank_ * all_.size_ + to].push_back(*bytes);
            all_.changed_.notify_all();
        }
        [[nodiscard]] Bytes receive(std::uint32_t from) override {
            std::unique_lock lock{all_.mutex_};
            std::deque<Bytes>& box = all_.boxes_[from * all_.size_ + rank_];
            all_.changed_.wait(lock, [&] { return !box.empty() || all_.failure_; });
            if (box.empty()) throw Ended{};
            Bytes bytes = std::move(box.front());
            box.pop_front();
            return bytes;
        }

    private:
        ThreadRanks& all_;
        std::uint32_t rank_;
    };

    template <class Work>
    void guarded(std::uint32_t rank, Work& work) {
        try {
            One ranks{*this, rank};
            work(ranks);
        } catch (...) {
            const std::lock_guard lock{mutex_};
            if (!failure_) failure_ = std::current_exception();
            changed_.notify_all();
        }
    }

    std::uint32_t size_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::deque<Bytes>> boxes_;  ///< by sender, then receiver
    std::exception_ptr failure_;
};

}  // namespace seamount::testing
