#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/network.hpp"
#include "isa/image.hpp"
#include "tools/conform/case.hpp"
#include "tools/conform/trace.hpp"

namespace seamount::conform {

/// Rows of an explicit synapse list.
class ListedRows final : public compiler::RowGenerator {
public:
    explicit ListedRows(std::uint32_t sources) : rows_(sources) {}
    void add(std::uint32_t source, compiler::RawSynapse synapse) {
        rows_.at(source).push_back(synapse);
    }
    void row(std::uint32_t source, std::vector<compiler::RawSynapse>& row) const override {
        row = rows_.at(source);
    }

private:
    std::vector<std::vector<compiler::RawSynapse>> rows_;
};

/// `value` is a number, true or false, or a list of numbers.
[[nodiscard]] compiler::Values<std::int64_t> values_of(const Json& value);

/// Appends a population that runs a program of configs/neurons; returns its index.
std::uint32_t add_population(compiler::Network& network, const Context& context,
                             const std::string& program, std::uint32_t size);

/// Sets an argument; `key` is its name in the vector, for the message if the program has no such
/// one.
void set_arg(compiler::Population& population, const std::string& arg, const std::string& key,
             compiler::Values<std::int64_t> values);

/// Adds `values`[step][i] into an accumulator of neuron i in that step: a host input whose spikes
/// carry the values as payloads through graded synapses of weight 1.
void feed(compiler::Network& network, std::uint32_t population, std::uint32_t accumulator,
          const Trace& values);

/// Compiles, serialises, reads back: the cases run on what an image file would hold.
[[nodiscard]] isa::Image build_image(compiler::Network network, const Context& context);

}  // namespace seamount::conform
