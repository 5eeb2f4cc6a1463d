#include "compiler/frontend/rows/topology/topology.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "isa/base/assert.hpp"

namespace seamount::compiler::frontend {

namespace {

RawSynapse to(std::uint32_t target) {
    RawSynapse synapse;
    synapse.target = target;
    return synapse;
}

class AllToAll : public Topology {
public:
    explicit AllToAll(const Ends& ends) : ends_{ends} {}
    void targets(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row.resize(ends_.candidates());
        for (std::uint32_t k = 0; k < row.size(); ++k) row[k] = to(ends_.candidate(source, k));
    }
    [[nodiscard]] std::uint64_t synapses() const noexcept override {
        return std::uint64_t{ends_.sources} * ends_.candidates();
    }

private:
    Ends ends_;
};

class OneToOne : public Topology {
public:
    explicit OneToOne(std::uint32_t size) : size_{size} {}
    void targets(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row.assign(1, to(source));
    }
    [[nodiscard]] std::uint64_t synapses() const noexcept override { return size_; }

private:
    std::uint32_t size_;
};

class FixedProbability : public Topology {
public:
    FixedProbability(const Ends& ends, double probability, const RowRandom& random)
        : ends_{ends}, probability_{probability}, random_{random}, longer_(kLongestGap) {
        double all_miss = 1.0;
        for (std::uint64_t& threshold : longer_) {
            all_miss *= 1.0 - probability;
            threshold = all_miss >= 1.0 ? std::numeric_limits<std::uint64_t>::max()
                                        : static_cast<std::uint64_t>(std::ldexp(all_miss, 64));
        }
    }

    void targets(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row.clear();
        if (probability_ <= 0.0) return;
        std::uint32_t draw = 0;
        for (std::uint64_t k = 0; k < ends_.candidates();) {
            const std::uint64_t uniform = random_.draw(source, draw++).first;
            const std::uint64_t gap = this->gap(uniform);
            k += gap;
            if (gap == kLongestGap) continue;
            if (k >= ends_.candidates()) break;
            row.push_back(to(ends_.candidate(source, static_cast<std::uint32_t>(k++))));
        }
    }
    [[nodiscard]] std::uint64_t synapses() const noexcept override {
        const double pairs = static_cast<double>(ends_.sources) * ends_.candidates();
        return static_cast<std::uint64_t>(std::ceil(pairs * probability_));
    }
    [[nodiscard]] std::uint64_t tries() const noexcept override {
        if (probability_ <= 0.0) return 0;
        return synapses() + ends_.sources * (ends_.candidates() / kLongestGap);
    }

private:
    static constexpr std::uint64_t kLongestGap = 1024;

    /// Number of pairs without synapse before the next synapse, or kLongestGap if there are at
    /// least that many.
    [[nodiscard]] std::uint64_t gap(std::uint64_t uniform) const {
        const auto end = std::partition_point(longer_.begin(), longer_.end(),
                                              [&](std::uint64_t t) { return uniform < t; });
        return static_cast<std::uint64_t>(end - longer_.begin());
    }

    Ends ends_;
    double probability_;
    RowRandom random_;
    std::vector<std::uint64_t> longer_;  ///< [k]: 2^64 times the probability of a gap above k
};

/// Set of target indices with room for `capacity` of them.
class TargetSet {
public:
    explicit TargetSet(std::uint32_t capacity)
        : slots_(std::bit_ceil(std::size_t{capacity} * 2 + 1), kFree) {}
    /// False if it is in already.
    bool insert(std::uint32_t target) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = target * 0x9E3779B97F4A7C15U >> 32U & mask;
        while (slots_[at] != kFree) {
            if (slots_[at] == target) return false;
            at = (at + 1) & mask;
        }
        slots_[at] = target;
        return true;
    }

private:
    static constexpr std::uint32_t kFree = 0xFFFFFFFF;
    std::vector<std::uint32_t> slots_;
};

class FixedFanOut : public Topology {
public:
    FixedFanOut(const Ends& ends, std::uint32_t fan_out, const RowRandom& random)
        : ends_{ends}, fan_out_{fan_out}, random_{random} {
        SM_ASSERT(fan_out <= ends.candidates(), "as many distinct targets as asked for");
    }

    /// Floyd's algorithm: as many draws as targets.
    void targets(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row.clear();
        TargetSet chosen{fan_out_};
        for (std::uint32_t k = 0; k < fan_out_; ++k) {
            const std::uint32_t last = ends_.candidates() - fan_out_ + k;
            const std::uint64_t uniform = random_.draw(source, k).first;
            auto pick =
                static_cast<std::uint32_t>(RowRandom::below(uniform, std::uint64_t{last} + 1));
            if (!chosen.insert(pick)) {
                pick = last;
                chosen.insert(pick);
            }
            row.push_back(to(ends_.candidate(source, pick)));
        }
        std::sort(row.begin(), row.end(),
                  [](const RawSynapse& a, const RawSynapse& b) { return a.target < b.target; });
    }
    [[nodiscard]] std::uint64_t synapses() const noexcept override {
        return std::uint64_t{ends_.sources} * fan_out_;
    }

private:
    Ends ends_;
    std::uint32_t fan_out_;
    RowRandom random_;
};

}  // namespace

std::shared_ptr<const Topology> all_to_all(const Ends& ends) {
    return std::make_shared<AllToAll>(ends);
}

std::shared_ptr<const Topology> one_to_one(std::uint32_t size) {
    return std::make_shared<OneToOne>(size);
}

std::shared_ptr<const Topology> fixed_probability(const Ends& ends, double probability,
                                                  const RowRandom& random) {
    return std::make_shared<FixedProbability>(ends, probability, random);
}

std::shared_ptr<const Topology> fixed_fan_out(const Ends& ends, std::uint32_t fan_out,
                                              const RowRandom& random) {
    return std::make_shared<FixedFanOut>(ends, fan_out, random);
}

}  // namespace seamount::compiler::frontend
