#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "emulator/mesh/grid/ticks.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

/// Future events of a mesh in single ticks: a ring of buckets for the few ticks that router
/// pipelines take, a second ring for what sources plan ahead, a heap for what lies further away.
///
/// `Event` is ordered and small. Events of an instant come out together.
template <class Event>
class TickWheel {
public:
    /// Pushed less far ahead than this, an event is cheapest.
    static constexpr Ticks kShortDelay{16};

    void clear() {
        for (auto& bucket : near_) bucket.clear();
        for (auto& bucket : far_) bucket.clear();
        heap_.clear();
        now_ = {};
        near_count_ = 0;
        far_count_ = 0;
    }

    /// `time` is not before the instant last taken; an event of that very instant makes it come
    /// again.
    void push(Ticks time, const Event& event) {
        const Ticks ahead = time - now_;
        if (ahead < kShortDelay) {
            near(time).push_back(event);
            ++near_count_;
        } else if (ahead.count() < far_.size()) {
            far(time).push_back(event);
            ++far_count_;
        } else {
            heap_.emplace_back(time, event);
            std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
        }
    }

    /// Swaps the events of the next instant into `events` and returns its time; kNever, and nothing
    /// taken, if there is none before `until`.
    Ticks take(Ticks until, std::vector<Event>& events) {
        events.clear();
        while (now_ < until) {
            if (near_count_ + far_count_ == 0) {
                if (heap_.empty()) return kNever;
                now_ = std::max(now_, std::min(heap_.front().first, until));
                if (now_ == until) return kNever;
            }
            while (!heap_.empty() && heap_.front().first <= now_) {
                std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
                near(now_).push_back(heap_.back().second);
                ++near_count_;
                heap_.pop_back();
            }
            std::vector<Event>& bucket = near(now_);
            std::vector<Event>& planned = far(now_);
            if (!planned.empty()) {
                far_count_ -= planned.size();
                near_count_ += planned.size();
                bucket.insert(bucket.end(), planned.begin(), planned.end());
                planned.clear();
            }
            if (!bucket.empty()) {
                near_count_ -= bucket.size();
                events.swap(bucket);
                return now_;
            }
            now_ += Ticks{1};
        }
        return kNever;
    }

private:
    [[nodiscard]] std::vector<Event>& near(Ticks time) noexcept {
        return near_[time.count() % near_.size()];
    }
    [[nodiscard]] std::vector<Event>& far(Ticks time) noexcept {
        return far_[time.count() % far_.size()];
    }

    std::array<std::vector<Event>, kShortDelay.count()> near_;
    std::array<std::vector<Event>, 1024> far_;
    std::vector<std::pair<Ticks, Event>> heap_;  ///< earliest first
    Ticks now_{};
    std::size_t near_count_ = 0;
    std::size_t far_count_ = 0;
};

/// Future events of a mesh at any tick: a calendar of slots of 2^kShift ticks, sorted when their
/// turn comes, and a heap for what lies beyond its year. Events of an instant come out in the order
/// in which they were pushed: two flits may reach a buffer at once.
template <class Event>
class CalendarWheel {
public:
    void clear() {
        for (auto& slot : slots_) slot.clear();
        filled_.fill(0);
        current_.clear();
        beyond_.clear();
        slot_ = 0;
        count_ = 0;
    }

    void push(Ticks time, const Event& event) {
        const std::uint64_t slot = slot_of(time);
        if (slot <= slot_) {
            current_.push_back({time, pushed_++, event});
            std::push_heap(current_.begin(), current_.end(), std::greater<>{});
        } else if (slot - slot_ < kSlots) {
            slots_[slot % kSlots].push_back({time, pushed_++, event});
            filled_[(slot % kSlots) / 64] |= std::uint64_t{1} << (slot % 64);
            ++count_;
        } else {
            beyond_.push_back({time, pushed_++, event});
            std::push_heap(beyond_.begin(), beyond_.end(), std::greater<>{});
        }
    }

    /// As TickWheel::take.
    Ticks take(Ticks until, std::vector<Event>& events) {
        events.clear();
        while (current_.empty()) {
            if (!turn_page(until)) return kNever;
        }
        const Ticks time = current_.front().time;
        if (time >= until) return kNever;
        while (!current_.empty() && current_.front().time == time) {
            std::pop_heap(current_.begin(), current_.end(), std::greater<>{});
            events.push_back(current_.back().event);
            current_.pop_back();
        }
        return time;
    }

private:
    static constexpr int kShift = 6;
    static constexpr std::uint64_t kSlots = 1024;
    static constexpr std::uint64_t kNoSlot = ~std::uint64_t{0};
    [[nodiscard]] static std::uint64_t slot_of(Ticks time) noexcept {
        return time.count() >> kShift;
    }
    struct Timed {
        Ticks time;
        std::uint64_t number;  ///< in order of pushing
        Event event;
        friend bool operator>(const Timed& a, const Timed& b) noexcept {
            return a.time != b.time ? a.time > b.time : a.number > b.number;
        }
    };

    /// Opens the next slot that holds something. False if there is none before `until`.
    bool turn_page(Ticks until) {
        std::uint64_t next = next_filled();
        if (!beyond_.empty()) next = std::min(next, slot_of(beyond_.front().time));
        if (next == kNoSlot || next > slot_of(until - Ticks{1})) return false;
        slot_ = next;
        std::vector<Timed>& slot = slots_[slot_ % kSlots];
        if (!slot.empty()) {
            count_ -= slot.size();
            current_.swap(slot);
            filled_[(slot_ % kSlots) / 64] &= ~(std::uint64_t{1} << (slot_ % 64));
        }
        while (!beyond_.empty() && slot_of(beyond_.front().time) == slot_) {
            std::pop_heap(beyond_.begin(), beyond_.end(), std::greater<>{});
            current_.push_back(beyond_.back());
            beyond_.pop_back();
        }
        std::make_heap(current_.begin(), current_.end(), std::greater<>{});
        return true;
    }

    [[nodiscard]] std::uint64_t next_filled() const {
        if (count_ == 0) return kNoSlot;
        for (std::uint64_t slot = slot_ + 1; slot <= slot_ + kSlots + 64;) {
            const std::uint64_t word = filled_[(slot % kSlots) / 64] >> (slot % 64);
            if (word != 0) return slot + static_cast<std::uint64_t>(std::countr_zero(word));
            slot += 64 - slot % 64;
        }
        SM_ASSERT(false, "a counted event is in some slot");
        return kNoSlot;
    }

    std::array<std::vector<Timed>, kSlots> slots_;
    std::array<std::uint64_t, kSlots / 64> filled_{};
    std::vector<Timed> current_;  ///< of slot_ and before; a heap, earliest first
    std::vector<Timed> beyond_;   ///< a heap, earliest first
    std::uint64_t slot_ = 0;
    std::uint64_t pushed_ = 0;
    std::size_t count_ = 0;  ///< in slots_
};

}  // namespace seamount::emu
