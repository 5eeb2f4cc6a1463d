#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "compiler/ir/convolution.hpp"
#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// Rows of a convolution, in the order of its geometry: what stays procedural is where the targets
/// are.
class ConvolutionRows : public RowGenerator {
public:
    /// One weight per Convolution::weight_number.
    ConvolutionRows(std::shared_ptr<const Convolution> geometry, std::vector<double> weights,
                    std::uint32_t delay)
        : geometry_{std::move(geometry)}, weights_{std::move(weights)}, delay_{delay} {}

    void row(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row.clear();
        geometry_->for_each_target(source, [&](std::uint32_t target, std::uint32_t weight) {
            row.push_back({target, weights_[weight], delay_});
        });
    }
    [[nodiscard]] std::uint64_t synapses() const noexcept override {
        const MapShape& in = geometry_->in;
        std::uint64_t count = 0;
        for (std::uint32_t place = 0; place < in.places(); ++place) {
            geometry_->for_each_target(in.index(0, place),
                                       [&count](std::uint32_t, std::uint32_t) { ++count; });
        }
        return count * in.channels;
    }

private:
    std::shared_ptr<const Convolution> geometry_;
    std::vector<double> weights_;
    std::uint32_t delay_;
};

}  // namespace seamount::compiler::frontend
