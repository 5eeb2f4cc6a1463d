#include <catch2/catch.hpp>

#include <random>

#include "tools/import/nir/fold/linear_map.hpp"
#include "tools/import/nir/reference/reference.hpp"

using namespace seamount::importer::nir;

namespace {

using Random = std::mt19937;

std::vector<double> numbers(Random& random, std::uint64_t count) {
    std::vector<double> values(count);
    for (double& value : values) value = static_cast<double>(random() % 19) - 9;
    return values;
}

/// A convolution that fits `in`, of a shape by chance.
LinearMap convolution(Random& random, const Shape& in, bool depthwise) {
    Window window;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        window.kernel.at(axis) = 1 + random() % 3;
        window.stride.at(axis) = 1 + random() % 2;
        window.padding.at(axis) = random() % 2;
        window.dilation.at(axis) = in[axis + 1] < 5 ? 1 : 1 + random() % 2;
        if (in[axis + 1] < 3) window.kernel.at(axis) = 1;
    }
    const std::uint64_t channels = depthwise ? in[0] : 1 + random() % 3;
    window.groups = depthwise ? in[0] : 1;
    Shape out{channels};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::uint64_t reach = window.dilation.at(axis) * (window.kernel.at(axis) - 1) + 1;
        out.push_back(
            (in[axis + 1] + 2 * window.padding.at(axis) - reach) / window.stride.at(axis) + 1);
    }
    const std::uint64_t weights =
        channels * in[0] / window.groups * window.kernel[0] * window.kernel[1];
    return {elements(in), elements(out), Convolved{in, out, window, numbers(random, weights)}};
}

LinearMap matrix(Random& random, std::uint64_t in, std::uint64_t out) {
    return {in, out, Dense{numbers(random, in * out)}};
}

void check_product(const LinearMap& first, const LinearMap& second, Random& random) {
    const LinearMap both = compose(first, second);
    REQUIRE(both.inputs == first.inputs);
    REQUIRE(both.outputs == second.outputs);
    const std::vector<double> x = numbers(random, first.inputs);
    REQUIRE(image_of(both, x) == image_of(second, image_of(first, x)));
}

}  // namespace

TEST_CASE("two linear nodes in a row are what their product is", "[nir_fold]") {
    Random random{5};
    for (int trial = 0; trial < 200; ++trial) {
        const Shape in{1 + random() % 3, 6 + random() % 4, 6 + random() % 4};
        const LinearMap first = convolution(random, in, trial % 2 == 0);
        const Shape& middle = std::get<Convolved>(first.form).out;
        const LinearMap second = convolution(random, middle, trial % 3 == 0);
        check_product(first, second, random);
        check_product(first, matrix(random, first.outputs, 3), random);
        check_product(matrix(random, 4, first.inputs), first, random);
        check_product(first, factors(first.outputs, numbers(random, first.outputs)), random);
        check_product(factors(first.inputs, numbers(random, first.inputs)), first, random);
        check_product(factors(first.inputs, {3}), first, random);
        check_product(matrix(random, 3, 4), matrix(random, 4, 2), random);
    }
}

TEST_CASE("a pool of its own size keeps the convolution behind it one", "[nir_fold]") {
    const Shape in{2, 8, 8};
    const Shape middle{2, 4, 4};
    Window pool;
    pool.kernel = pool.stride = {2, 2};
    pool.groups = 2;
    const LinearMap first{128, 32, Convolved{in, middle, pool, std::vector<double>(8, 1.0)}};
    Window window;
    window.kernel = {3, 3};
    window.padding = {1, 1};
    Random random{1};
    const LinearMap second{32, 48, Convolved{middle, {3, 4, 4}, window, numbers(random, 54)}};
    const LinearMap both = compose(first, second);
    REQUIRE(std::holds_alternative<Convolved>(both.form));
    CHECK(std::get<Convolved>(both.form).window.kernel == Window::Pair{6, 6});
    CHECK(std::get<Convolved>(both.form).window.padding == Window::Pair{2, 2});
    check_product(first, second, random);
}

TEST_CASE("delays add up along a path, by element where they differ", "[nir_fold]") {
    LinearMap delays = identity(2);
    std::get<Elementwise>(delays.form).delay = {1, 4};
    const LinearMap twice = compose(delays, delays);
    CHECK(std::get<Elementwise>(twice.form).delay == std::vector<std::uint32_t>{2, 8});
    Random random{2};
    const LinearMap both = compose(compose(matrix(random, 2, 2), delays), matrix(random, 2, 1));
    CHECK(both.longest_delay() == 4);
    check_product(compose(matrix(random, 2, 2), delays), matrix(random, 2, 1), random);
}

TEST_CASE("the reference of a leaky neuron follows its equation", "[nir_fold]") {
    Population one;
    one.shape = {1};
    one.u_decay = {0.5};
    one.v_decay = {0.25};
    one.threshold = {1.5};
    one.v_start = {0};
    one.bias = {0.125};
    one.steady_u = {0};
    one.gain = {1};
    Model model;
    model.populations = {one};
    model.inputs = {{"in", "in", {1}}};
    Link link;
    link.from_input = true;
    link.map = identity(1);
    model.links = {link};
    Reference run{model, true};
    run.step({{0}});
    CHECK(run.v(0).front() == 1.125);
    run.step({{}});
    CHECK(run.peak(0).front() == 0.75 * 1.125 + 0.5 + 0.125);
    CHECK(run.spikes(0).empty());
    run.step({{0}});
    CHECK(run.peak(0).front() > 1.5);
    CHECK(run.v(0).front() == 0);
    CHECK(run.spikes(0).size() == 1);
}
