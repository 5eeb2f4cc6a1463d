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

/// Future events of a mesh at any tick: a calendar queue (Brown, 1988) of 1,024 pages of 64 ticks,
/// a bucket for each tick of the open page, and a heap for what lies beyond those. Events of an
/// instant come out in the order in which they were pushed: two flits may reach a buffer at once.
template <class Event>
class CalendarWheel {
public:
    void clear() {
        for (auto& page : pages_) page.clear();
        filled_.fill(0);
        for (auto& bucket : open_) bucket.clear();
        open_filled_ = 0;
        early_.clear();
        beyond_.clear();
        page_ = 0;
        count_ = 0;
    }

    /// `time` is not before the instant last taken; an event of that very instant makes it come
    /// again.
    void push(Ticks time, const Event& event) {
        const std::uint64_t page = page_of(time);
        if (page == page_) {
            open_push(time, event);
        } else if (page < page_) {
            heap_push(early_, time, event);
        } else if (page - page_ < kPages) {
            pages_[page % kPages].push_back({time, event});
            filled_[(page % kPages) / 64] |= std::uint64_t{1} << (page % 64);
            ++count_;
        } else {
            heap_push(beyond_, time, event);
        }
    }

    /// As TickWheel::take.
    Ticks take(Ticks until, std::vector<Event>& events) {
        events.clear();
        if (!early_.empty()) {
            const Ticks time = early_.front().time;
            if (time >= until) return kNever;
            while (!early_.empty() && early_.front().time == time) {
                events.push_back(heap_pop(early_));
            }
            return time;
        }
        if (open_filled_ == 0 && !turn_page(until)) return kNever;
        const auto tick = static_cast<unsigned>(std::countr_zero(open_filled_));
        const Ticks time{(page_ << kShift) + tick};
        if (time >= until) return kNever;
        events.swap(open_[tick]);
        open_filled_ &= ~(std::uint64_t{1} << tick);
        return time;
    }

private:
    static constexpr int kShift = 6;
    static constexpr std::uint64_t kTicks = std::uint64_t{1} << kShift;  ///< of a page
    static constexpr std::uint64_t kPages = 1024;
    static constexpr std::uint64_t kNoPage = ~std::uint64_t{0};
    [[nodiscard]] static std::uint64_t page_of(Ticks time) noexcept {
        return time.count() >> kShift;
    }
    struct Timed {
        Ticks time;
        Event event;
    };
    struct Numbered {
        Ticks time;
        std::uint64_t number;  ///< in order of pushing
        Event event;
        friend bool operator>(const Numbered& a, const Numbered& b) noexcept {
            return a.time != b.time ? a.time > b.time : a.number > b.number;
        }
    };

    void open_push(Ticks time, const Event& event) {
        const std::uint64_t tick = time.count() % kTicks;
        open_[tick].push_back(event);
        open_filled_ |= std::uint64_t{1} << tick;
    }
    void heap_push(std::vector<Numbered>& heap, Ticks time, const Event& event) {
        heap.push_back({time, pushed_++, event});
        std::push_heap(heap.begin(), heap.end(), std::greater<>{});
    }
    [[nodiscard]] static Event heap_pop(std::vector<Numbered>& heap) {
        std::pop_heap(heap.begin(), heap.end(), std::greater<>{});
        const Event event = heap.back().event;
        heap.pop_back();
        return event;
    }

    /// Opens the next page that holds something. False if there is none before `until`.
    bool turn_page(Ticks until) {
        std::uint64_t next = next_filled();
        if (!beyond_.empty()) next = std::min(next, page_of(beyond_.front().time));
        if (next == kNoPage || next > page_of(until - Ticks{1})) return false;
        page_ = next;
        // What lay beyond all pages was pushed before what lay on this one.
        while (!beyond_.empty() && page_of(beyond_.front().time) == page_) {
            const Ticks time = beyond_.front().time;
            open_push(time, heap_pop(beyond_));
        }
        std::vector<Timed>& page = pages_[page_ % kPages];
        for (const Timed& timed : page) open_push(timed.time, timed.event);
        count_ -= page.size();
        page.clear();
        filled_[(page_ % kPages) / 64] &= ~(std::uint64_t{1} << (page_ % 64));
        return true;
    }

    [[nodiscard]] std::uint64_t next_filled() const {
        if (count_ == 0) return kNoPage;
        for (std::uint64_t page = page_ + 1; page <= page_ + kPages + 64;) {
            const std::uint64_t word = filled_[(page % kPages) / 64] >> (page % 64);
            if (word != 0) return page + static_cast<std::uint64_t>(std::countr_zero(word));
            page += 64 - page % 64;
        }
        SM_ASSERT(false, "a counted event is on some page");
        return kNoPage;
    }

    std::array<std::vector<Timed>, kPages> pages_;
    std::array<std::uint64_t, kPages / 64> filled_{};
    std::array<std::vector<Event>, kTicks> open_;  ///< page_, by tick
    std::uint64_t open_filled_ = 0;                ///< bit t: open_[t] holds something
    std::vector<Numbered> early_;   ///< before page_, which was opened before they came; a heap
    std::vector<Numbered> beyond_;  ///< a heap, earliest first
    std::uint64_t page_ = 0;
    std::uint64_t pushed_ = 0;
    std::size_t count_ = 0;  ///< in pages_
};

}  // namespace seamount::emu
