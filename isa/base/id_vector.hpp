#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "isa/base/ids.hpp"

namespace seamount {

/// A vector with one element for each `Of`, subscripted by nothing else.
template <class Of, class T>
class IdVector {
public:
    using value_type = T;
    using reference = typename std::vector<T>::reference;
    using const_reference = typename std::vector<T>::const_reference;

    IdVector() = default;
    explicit IdVector(std::size_t size, const T& value = T{}) : list_(size, value) {}
    explicit IdVector(std::vector<T> list) : list_{std::move(list)} {}
    IdVector(std::initializer_list<T> list) : list_{list} {}

    [[nodiscard]] reference operator[](Of id) { return list_[id.index()]; }
    [[nodiscard]] const_reference operator[](Of id) const { return list_[id.index()]; }
    [[nodiscard]] const_reference at(Of id) const { return list_.at(id.index()); }

    [[nodiscard]] std::size_t size() const noexcept { return list_.size(); }
    [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
    /// The ids that have an element, ascending.
    [[nodiscard]] IdRange<Of> ids() const noexcept {
        return IdRange<Of>{static_cast<typename Of::Value>(list_.size())};
    }

    [[nodiscard]] auto begin() noexcept { return list_.begin(); }
    [[nodiscard]] auto end() noexcept { return list_.end(); }
    [[nodiscard]] auto begin() const noexcept { return list_.begin(); }
    [[nodiscard]] auto end() const noexcept { return list_.end(); }
    [[nodiscard]] reference back() { return list_.back(); }
    [[nodiscard]] const_reference back() const { return list_.back(); }

    void reserve(std::size_t size) { list_.reserve(size); }
    void resize(std::size_t size, const T& value = T{}) { list_.resize(size, value); }
    void assign(std::size_t size, const T& value) { list_.assign(size, value); }
    void push_back(T value) { list_.push_back(std::move(value)); }
    template <class... Args>
    reference emplace_back(Args&&... args) {
        return list_.emplace_back(std::forward<Args>(args)...);
    }
    void clear() noexcept { list_.clear(); }

    /// The elements as they stand in a row, for files and algorithms.
    [[nodiscard]] const std::vector<T>& list() const noexcept { return list_; }
    [[nodiscard]] std::vector<T>& list() noexcept { return list_; }

    friend bool operator==(const IdVector&, const IdVector&) = default;

private:
    std::vector<T> list_;
};

/// A view of the elements of an IdVector<Of, T>.
template <class Of, class T>
class IdSpan {
public:
    constexpr IdSpan() = default;
    constexpr explicit IdSpan(std::span<T> list) noexcept : list_{list} {}
    IdSpan(const IdVector<Of, std::remove_const_t<T>>& list) noexcept  // NOLINT: as std::span
        requires std::is_const_v<T> : list_{list.list()} {}
    IdSpan(IdVector<Of, T>& list) noexcept  // NOLINT: as std::span
        requires(!std::is_const_v<T>)
        : list_{list.list()} {}

    [[nodiscard]] constexpr T& operator[](Of id) const { return list_[id.index()]; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return list_.size(); }
    [[nodiscard]] constexpr bool empty() const noexcept { return list_.empty(); }
    [[nodiscard]] constexpr IdRange<Of> ids() const noexcept {
        return IdRange<Of>{static_cast<typename Of::Value>(list_.size())};
    }
    [[nodiscard]] constexpr auto begin() const noexcept { return list_.begin(); }
    [[nodiscard]] constexpr auto end() const noexcept { return list_.end(); }
    [[nodiscard]] constexpr std::span<T> list() const noexcept { return list_; }

private:
    std::span<T> list_;
};

}  // namespace seamount
