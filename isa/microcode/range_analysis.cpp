#include "isa/microcode/range_analysis.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/range_arithmetic.hpp"

namespace seamount::isa {
namespace {

using ranges::hull;

constexpr std::size_t kWords = 64;  ///< operands as they are encoded: bank * 16 + index
constexpr std::size_t kStateAt = 16;
constexpr std::size_t kParameterAt = 32;
constexpr std::size_t kConstantAt = 48;

/// Steps before ranges that still grow are widened, and steps after that which may shrink them.
constexpr int kPlainSteps = 40;
constexpr int kShrinkingSteps = 4;

/// What can be in every word at one place of the program, on the paths with one value of F.
struct Values {
    std::array<Range, kWords> words;
    std::array<Range, kAccumulators> accumulators;

    void join(const Values& other) {
        for (std::size_t w = 0; w < kWords; ++w) words[w] = hull(words[w], other.words[w]);
        for (std::size_t k = 0; k < accumulators.size(); ++k) {
            accumulators[k] = hull(accumulators[k], other.accumulators[k]);
        }
    }
};

/// By the value of F; nothing where no path leads.
using Paths = std::array<std::optional<Values>, 2>;

void join(std::optional<Values>& into, const Values& values) {
    if (into) {
        into->join(values);
    } else {
        into = values;
    }
}

void join(Paths& into, const Paths& paths) {
    for (std::size_t f = 0; f < 2; ++f) {
        if (paths[f]) join(into[f], *paths[f]);
    }
}

std::size_t at(const Operand& operand) {
    return static_cast<std::size_t>(operand.bank) * 16 + operand.index;
}

using State = std::array<Range, kStateWords>;

class Analysis {
public:
    Analysis(std::span<const std::uint32_t> words, const RangeInputs& inputs) : inputs_{inputs} {
        for (const std::uint32_t word : words) {
            const auto decoded = decode(word);
            SM_ASSERT(decoded.has_value(), "the microcode was not checked");
            code_.push_back(*decoded);
        }
    }

    RangeReport run() {
        State state = inputs_.state;
        for (int step = 0;; ++step) {
            const State next = joined(state, after(state));
            if (next == state) break;
            state = step < kPlainSteps ? next : widened(state, next);
        }
        // `state` now holds whatever a step can make of it, so it bounds all steps. Widening may
        // have made it too large: a smaller one that is closed in the same way bounds them too.
        for (int step = 0; step < kShrinkingSteps; ++step) {
            const State smaller = after(state);
            if (joined(smaller, after(smaller)) != smaller) break;
            state = smaller;
        }
        report_.results.assign(code_.size(), std::nullopt);
        report_.findings.clear();
        recording_ = true;
        static_cast<void>(after(state));
        report_.state = state;
        return std::move(report_);
    }

private:
    /// All states before the first step, and after one step from any state in `state`.
    State after(const State& state) {
        Values start;
        start.words.fill({0, 0});
        std::copy(state.begin(), state.end(), start.words.begin() + kStateAt);
        std::copy(inputs_.params.begin(), inputs_.params.end(), start.words.begin() + kParameterAt);
        for (std::size_t c = 0; c < kConstants.size(); ++c) {
            start.words[kConstantAt + c] = {kConstants[c], kConstants[c]};
        }
        start.accumulators = inputs_.accumulators;

        std::vector<Paths> arriving(code_.size());  // at each word
        arriving.front()[0] = start;
        State ends = inputs_.state;
        for (std::size_t pc = 0; pc < code_.size(); ++pc) {
            const Instruction& i = code_[pc];
            for (std::size_t f = 0; f < 2; ++f) {
                if (!arriving[pc][f]) continue;
                Values values = *arriving[pc][f];
                const bool runs =
                    i.pred == Predicate::kAlways || (i.pred == Predicate::kIfSet) == (f == 1);
                if (runs && i.op == Opcode::kEnd) {
                    for (std::size_t w = 0; w < kStateWords; ++w) {
                        ends[w] = hull(ends[w], values.words[kStateAt + w]);
                    }
                    continue;
                }
                const std::size_t next =
                    runs && i.op == Opcode::kBf ? pc + static_cast<std::size_t>(i.imm) : pc + 1;
                Paths paths;
                if (runs && i.op == Opcode::kCmp) {
                    paths = compared(i, values, f == 1);
                } else {
                    if (runs) execute(i, pc, values, f == 1);
                    paths[f] = values;
                }
                join(arriving[next], paths);
            }
        }
        return ends;
    }

    static Paths compared(const Instruction& i, const Values& values, bool flag) {
        Paths paths;
        for (const bool outcome : {false, true}) {
            Values narrowed = values;
            Range a = values.words[at(i.a)];
            Range b = values.words[at(i.b)];
            if (i.a == i.b) {
                const auto how = static_cast<Comparison>(i.imm);
                const bool holds =
                    how == Comparison::kLe || how == Comparison::kGe || how == Comparison::kEq;
                if (holds != outcome) continue;
            } else if (!ranges::refine(static_cast<Comparison>(i.imm), outcome, a, b)) {
                continue;
            } else {
                narrowed.words[at(i.a)] = a;
                narrowed.words[at(i.b)] = b;
            }
            join(paths[combine(flag, outcome, static_cast<Combine>(i.mode)) ? 1 : 0], narrowed);
        }
        return paths;
    }

    void execute(const Instruction& i, std::size_t pc, Values& values, bool flag) {
        const Range a = values.words[at(i.a)];
        const Range b = values.words[at(i.b)];
        switch (i.op) {
            case Opcode::kBf:
            case Opcode::kPsh:
                return;
            case Opcode::kTrc:
            case Opcode::kSpk:
                return record(pc, a);
            case Opcode::kLdi:
                return write(i, pc, values, {i.imm, i.imm});
            case Opcode::kRnd:
                return write(i, pc, values, ranges::draw(i.imm, static_cast<Draw>(i.mode)));
            case Opcode::kRdc:
            case Opcode::kPeek: {
                Range& sum = values.accumulators[i.accumulator];
                const Range result = ranges::exact(i, sum, {}, false);
                if (i.op == Opcode::kRdc) sum = {0, 0};
                return conditioned(i, pc, values, result);
            }
            case Opcode::kSel:
                return conditioned(i, pc, values, flag ? a : b);
            default:
                return conditioned(i, pc, values, ranges::exact(i, a, b, i.a == i.b));
        }
    }

    void conditioned(const Instruction& i, std::size_t pc, Values& values, Range exact) {
        const auto how = static_cast<Condition>(i.mode);
        if (recording_ && ranges::can_overflow(exact, how)) {
            auto& found = report_.findings;
            if (!found.empty() && found.back().pc == pc) {
                found.back().exact = hull(found.back().exact, exact);
            } else {
                found.push_back({static_cast<std::uint32_t>(pc), how, exact});
            }
        }
        write(i, pc, values, ranges::condition(exact, how));
    }

    void write(const Instruction& i, std::size_t pc, Values& values, Range result) {
        values.words[at(i.dst)] = result;
        record(pc, result);
    }

    void record(std::size_t pc, Range result) {
        if (!recording_) return;
        std::optional<Range>& known = report_.results[pc];
        known = known ? hull(*known, result) : result;
    }

    static State joined(const State& a, const State& b) {
        State both = a;
        for (std::size_t w = 0; w < both.size(); ++w) both[w] = hull(a[w], b[w]);
        return both;
    }

    /// `now`, in which each bound that moved since `before` is moved on to the next power of two,
    /// 24-bit limit or end of 32 bits: so that no bound can go on moving for long.
    static State widened(const State& before, const State& now) {
        State wide = now;
        for (std::size_t w = 0; w < wide.size(); ++w) {
            if (now[w].max > before[w].max) wide[w].max = next_bound(now[w].max);
            if (now[w].min < before[w].min) wide[w].min = -next_bound(-now[w].min) - 1;
            wide[w].min = std::max(wide[w].min, Range{}.min);
        }
        return wide;
    }

    static std::int64_t next_bound(std::int64_t x) {
        std::int64_t bound = 0;
        while (bound < x && bound < Range{}.max) bound = 2 * bound + 1;
        return bound;
    }

    std::vector<Instruction> code_;
    RangeInputs inputs_;
    RangeReport report_;
    bool recording_ = false;
};

}  // namespace

RangeInputs RangeInputs::of(const Program& program) {
    RangeInputs inputs;
    inputs.params.fill({0, 0});
    inputs.state.fill({0, 0});
    const auto lookup = [&](std::string_view name) {
        const ArgDecl& arg = *program.find_arg(name);
        return Range{arg.min, arg.max};
    };
    const auto initial = [&](const WordDecl& word) {
        const Range range = word.initial.range(lookup);
        const Range all;  // values beyond 32 bits are refused when a network is compiled
        return Range{std::clamp(range.min, all.min, all.max),
                     std::clamp(range.max, all.min, all.max)};
    };
    for (const WordDecl& p : program.params) {
        inputs.params[static_cast<std::size_t>(p.index)] = initial(p);
    }
    for (const WordDecl& s : program.states) {
        inputs.state[static_cast<std::size_t>(s.index)] = initial(s);
    }
    std::copy(program.inputs.begin(), program.inputs.end(), inputs.accumulators.begin());
    return inputs;
}

RangeReport analyse_ranges(std::span<const std::uint32_t> words, const RangeInputs& inputs) {
    return Analysis{words, inputs}.run();
}

}  // namespace seamount::isa
