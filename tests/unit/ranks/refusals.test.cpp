#include "tools/session/ranks/refusals.hpp"

#include <catch2/catch.hpp>

using namespace seamount;
using Catch::Contains;

TEST_CASE("what several ranks cannot share or record is refused before a run", "[refusals]") {
    isa::Image image;
    image.projections.resize(2);
    image.projections[0].name = "forth";
    image.projections[1].name = "back";
    image.projections[1].where = {"net.yaml", 7, 5};
    image.learning.projections.resize(2);
    image.learning.projections[1].projection = 1;
    Diagnostics none;
    session::find_refusals(image, true, none);
    CHECK_NOTHROW(none.throw_if_errors());

    image.learning.probes.push_back({});
    Diagnostics not_recorded;
    session::find_refusals(image, false, not_recorded);
    CHECK_NOTHROW(not_recorded.throw_if_errors());

    image.learning.ties.push_back({0, 1});
    Diagnostics both;
    session::find_refusals(image, true, both);
    CHECK_THROWS_WITH(both.throw_if_errors(),
                      Contains("net.yaml:7:5: error: 'back' has the weights of another") &&
                          Contains("weights of 'forth'") && Contains("RUN-RANKS"));
}
