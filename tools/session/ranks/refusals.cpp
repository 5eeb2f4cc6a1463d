#include "tools/session/ranks/refusals.hpp"

#include <fmt/format.h>

namespace seamount::session {

void find_refusals(const isa::Image& image, bool records, Diagnostics& found) {
    if (!image.learning.ties.empty()) {
        const isa::TieImage& tie = image.learning.ties.front();
        const isa::ProjectionImage& projection =
            image.projections[image.learning.projections[tie.tied].projection];
        found.error("RUN-RANKS", projection.where,
                    fmt::format("'{}' has the weights of another projection, which several ranks "
                                "cannot share",
                                projection.name),
                    "run it without mpirun");
    }
    if (records && !image.learning.probes.empty()) {
        const std::uint32_t entry = image.learning.probes.front().entry;
        const isa::ProjectionImage& projection =
            image.projections[image.learning.projections[entry].projection];
        found.error("RUN-RANKS", projection.where,
                    fmt::format("--out with a probe of the weights of '{}', which several ranks do "
                                "not record",
                                projection.name),
                    "run it without mpirun, or with --save-weights and without the probe");
    }
}

}  // namespace seamount::session
