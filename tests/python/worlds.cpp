// What the worlds in C++ (configs/worlds/*.hpp) do in a fixed run, a number per line, for
// test_worlds.py.
#include <cstdio>

#include <worlds/cart_pole.hpp>
#include <worlds/grid.hpp>
#include <worlds/joint.hpp>

int main() {
    worlds::CartPole cart;
    cart.state = {0.01, -0.02, 0.03, -0.04};
    for (int step = 0; step < 60; ++step) {
        const bool held = cart.push(step % 3 == 0 ? -10.0 : 5.0);
        for (const double value : cart.state) std::printf("%.17g\n", value);
        std::printf("%u\n%d\n", cart.box(), held ? 1 : 0);
    }
    worlds::Joint joint;
    for (int step = 0; step < 400; ++step) {
        const double off = joint.turn(0.01 * step);
        std::printf("%.17g\n%.17g\n%.17g\n", off, joint.angle, joint.speed);
    }
    const worlds::Map map{{3, 11, 19, 27, 40, 41, 42, 9, 54, 62, 14, 30}};
    for (int place = 0; place < worlds::Map::kPlaces; ++place) {
        for (int action = 0; action < worlds::Map::kActions; ++action) {
            std::printf("%d\n", map.step(place, action));
        }
        if (!map.free(place)) continue;
        for (const int steps : map.distances(place)) std::printf("%d\n", steps);
        std::printf("%d\n", map.nearest_unvisited(place));
    }
}
