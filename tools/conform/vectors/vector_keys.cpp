#include "tools/conform/vectors/vector_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"

namespace seamount::conform {
namespace {

/// The keys of a kind of vector, separated by blanks. Of a|b|c one at least must be there.
struct KindKeys {
    std::string_view kind;
    std::string_view expected;  ///< outputs that must be there
    std::string_view others;    ///< inputs, and outputs that some vectors have
};

/// Of every kind: about the vector, not in it.
constexpr std::string_view kAbout =
    "schema model kind name desc note comment generator produced_by peers_agree own_ref_agrees "
    "agrees_with_silicon events deterministic deterministic_weights deterministic_all params";

constexpr auto kKinds = std::to_array<KindKeys>({
    {"loihi1-golden/1",
     "spikes|input_index u|u_final|u_sum|v_probes|input_index v|v_final|v_sum|v_probes",
     "n neuron w_mant input_index steps n_inputs synapses input_spikes v_probe_note valid_steps "
     "u_sum v_sum u_final v_final"},
    {"loihi1-noise/1", "spikes u v",
     "n steps noise_exp noise_mant_offset noise_at_membrane enable_noise bias neuron "
     "random_draws n_inputs synapses input_spikes"},
    {"loihi1-pop/1", "spikes u v",
     "n steps n_sources neuron cmap atoms axon_to_weights axon_base weights_eff indices "
     "input_spikes"},
    {"loihi1-prim/1", "decay wrap22 wrap24 bias", ""},
    {"loihi1-weights/1", "rows", "disagreements columns"},
    {"loihi1-weights-nengo/1", "rows", "columns"},
    {"loihi1-synbits/1", "rows", "columns"},
    {"loihi1-validate/1", "rows", "columns"},
    {"loihi1-learn-brian/1", "spikes state_after_step",
     "rand_const n n_pre steps neuron teach plastic pre_spikes teach_spikes"},
    {"loihi1-learn-lava/1", "state_after_step traces",
     "rand_const products steps n_pre n_post t_epoch sign_mode pre_spikes post_spikes w0 dw dt dd"},
    {"loihi1-learn-nengo-pes/1", "trace_after_step w_mant_after_step",
     "rand_const trace_epoch learn_epoch tau mag steps n_axons n wgt_exp lr_int lr_exp w0_mant "
     "errors input_spikes"},
    {"PyDenseModelBitAcc", "a_out", "weights_in weights_eff s_in"},
    {"PyDelayDenseModelBitAcc", "a_out", "weights_in weights_eff delays s_in"},
    {"PyConvModelFixed", "a_out", "weights s_in"},
    {"LIF -> Dense(exp 1) -> LIF + recurrent Dense, full lava runtime", "s0 s1 u0 v0 u1 v1",
     "W W_eff W_rec a_in0"},
    {"clip_weights+truncate_weights / optimize_weight_bits", "out",
     "in num_weight_bits weight_exp out_loihi2"},
    {"PyLearningDenseModelBitApproximate", "weights a_out",
     "weights0 s_in s_in_bap tag_1 tag_2 x1 x2 y1 y2 y3 randoms_after_step tag_1_0 tag_2_0 s_in_y1 "
     "s_in_y2 s_in_y3"},
    {"PyLifModelBitAcc", "s_out u v", "n a_in"},
    {"PyLifResetModelBitAcc", "s_out u v", "n a_in"},
    {"PyTernLifModelFixed", "s_out u v", "n a_in"},
    {"PyLifRefractoryModelFloat", "s_out u v", "n a_in refractory_period_end"},
    {"PyATRLIFModelFixed", "s_out i v theta r", "n a_in"},
    {"PyRFModelFixed", "s_out real imag", "n a_real_in a_imag_in"},
    {"PyRF_IZModelFixed", "s_out real imag", "n a_real_in a_imag_in"},
    {"PyRFZeroModelFixed", "s_out u v", "n u_in v_in"},
    {"PySigmaModelFixed", "s_out sigma", "n a_in"},
    {"PyDeltaModelFixed", "s_out act residue error", "n a_in"},
    {"PySigmaDeltaModelFixed", "s_out sigma act residue error", "n a_in"},
    {"PySigmaDeltaModelFixedCorrected", "s_out sigma act", "n a_in cum_error"},
    {"PyGradedVecModelFixed / PyGradedReluVecModelFixed", "s_out", "n a_in"},
    {"PyProdNeuronModelFixed", "s_out", "n a_in1 a_in2"},
    {"NormVecDelayModel, inv_sqrt()", "s_out|y s2_out|y", "n a_in1 a_in2 x"},
    {"SpikerModel", "s_out counter", "n"},
});

std::vector<std::string> cut(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end != 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

}  // namespace

std::string fault_of_keys(const std::string& kind, const Json& vector) {
    const auto found = std::ranges::find(kKinds, std::string_view{kind}, &KindKeys::kind);
    if (found == kKinds.end() || !vector.is_object()) return {};
    std::vector<std::string> known = cut(kAbout, ' ');
    for (const std::string& key : cut(found->others, ' ')) known.push_back(key);
    const std::vector<std::string> expected = cut(found->expected, ' ');
    for (const std::string& keys : expected) {
        for (const std::string& key : cut(keys, '|')) known.push_back(key);
    }
    for (const auto& [key, value] : vector.items()) {
        if (std::ranges::find(known, key) != known.end()) continue;
        const std::string near = closest(key, known);
        return fmt::format("nothing is known to compare with '{}'{}", key,
                           near.empty() ? "" : fmt::format(": did you mean '{}'?", near));
    }
    for (const std::string& keys : expected) {
        const std::vector<std::string> any = cut(keys, '|');
        const bool is_there =
            std::ranges::any_of(any, [&](const std::string& key) { return vector.contains(key); });
        if (!is_there) {
            return fmt::format("the expected output '{}' is missing, so it would not be compared",
                               any.front());
        }
    }
    return {};
}

}  // namespace seamount::conform
