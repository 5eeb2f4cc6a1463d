#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/network.hpp"
#include "isa/image/image.hpp"
#include "tools/conform/vectors/case.hpp"
#include "tools/conform/vectors/trace.hpp"

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

/// A network with the vector's name.
[[nodiscard]] compiler::Network named_network(const Json& vector);

/// Appends a population that runs a program of configs/neurons; returns its index.
std::uint32_t add_population(compiler::Network& network, const Context& context,
                             const std::string& program, std::uint32_t size);

/// Sets an argument to a number or a list of one per neuron; `key` is its name in the vector, for
/// the messages.
void set_arg(compiler::Population& population, const std::string& arg, const std::string& key,
             const Json& value);

/// A step and a source.
using InputSpike = std::pair<std::uint64_t, std::uint32_t>;
/// `input_spikes` of a loihi1 vector, in order of steps; none if it is absent.
[[nodiscard]] std::vector<InputSpike> read_input_spikes(const Json& file);
/// A host input that sends these spikes.
void add_input(compiler::Network& network, std::uint32_t size,
               const std::vector<InputSpike>& spikes);
/// Appends it with a name of its own.
void add_projection(compiler::Network& network, compiler::Projection projection);

/// Adds `values`[step][i] into an accumulator of neuron i in that step: a host input whose spikes
/// carry the values as payloads through graded synapses of weight 1.
void feed(compiler::Network& network, std::uint32_t population, std::uint32_t accumulator,
          const Trace& values);

/// Compiles, serialises, reads back: the cases run on what an image file would hold.
/// `exponent_on_sum` overrides the chip's synapses.exponent_on.
[[nodiscard]] isa::Image build_image(compiler::Network network, const Context& context,
                                     bool exponent_on_sum = false);

}  // namespace seamount::conform
