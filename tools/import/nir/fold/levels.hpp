#pragma once

#include "tools/import/nir/fold/model.hpp"

namespace seamount::importer::nir {

/// Finds which links are recurrent (they close a loop), gives each population its level, the
/// longest way from the inputs without recurrent links, and, if `delays`, each link the delay with
/// which all that a population gets belongs to the same step of the input.
///
/// A spike of the host acts in its own step, one of a neuron in the next: level(post) - level(pre)
/// - 1 steps are left for a link forward (inputs have level -1), level(post) - level(pre) but at
/// least 0 for a recurrent one, whose spikes act a step later.
void align(Model& model, bool delays);

/// Puts populations and links in the order in which a spike meets them: by level.
void sort_by_level(Model& model);

}  // namespace seamount::importer::nir
