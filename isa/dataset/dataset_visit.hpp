#pragma once

#include "isa/dataset/dataset_image.hpp"

// What an image file holds of datasets and readouts. `a` is an archive of
// isa/image/section_archive.hpp, which writes or reads.

namespace seamount::isa {

template <class A, class T>
void visit_dataset(A& a, T& d) {
    a.number(d.samples);
    a.number(d.steps_per_sample);
    a.number(d.blank);
    a.flag(d.reset);
    a.narrow(d.labels);
}

template <class A, class T>
void visit_early_end(A& a, T& d) {
    a.number(d.until);
    a.array(d.until_members);
    a.array(d.until_rewards);
}

template <class A, class T>
void visit_readout(A& a, T& r) {
    a.number(r.by);
    a.number(r.population);
    a.number(r.state);
    a.real(r.reference_accuracy);
    a.text(r.reference);
}

template <class A, class T>
void visit_votes(A& a, T& r) {
    a.number(r.channel);
    a.number(r.combine);
    a.narrow(r.classes);
    a.narrow(r.weights);
}

/// Whether the votes are not one neuron per class, all of its spikes counted.
[[nodiscard]] inline bool has_votes(const ReadoutImage& r) {
    return r.channel != ReadoutImage::kAllChannels || r.combine != Vote::kSum ||
           !r.classes.empty() || !r.weights.empty();
}

}  // namespace seamount::isa
