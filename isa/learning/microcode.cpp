#include "isa/learning/microcode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace seamount::isa {
namespace {

constexpr std::uint32_t op_word(LearnOp op) {
    return static_cast<std::uint32_t>(op) << 29;
}
constexpr std::uint32_t field(std::int32_t value, int bits, int low) {
    return (static_cast<std::uint32_t>(value) & ((1U << bits) - 1U)) << low;
}
constexpr std::uint32_t unsigned_field(std::uint32_t word, int bits, int low) {
    return (word >> low) & ((1U << bits) - 1U);
}
constexpr std::int32_t signed_field(std::uint32_t word, int bits, int low) {
    return static_cast<std::int32_t>(word << (32 - bits - low)) >> (32 - bits);
}

LearnOp op_of(std::uint32_t word) {
    return static_cast<LearnOp>(word >> 29);
}

std::uint32_t gate_word(const LearnProduct& product) {
    return op_word(LearnOp::kGate) | field(static_cast<std::int32_t>(product.gate), 2, 27) |
           field(static_cast<std::int32_t>(product.k), 5, 22);
}
std::uint32_t factor_word(const LearnFactor& factor) {
    return op_word(LearnOp::kMul) | field(static_cast<std::int32_t>(factor.variable), 4, 25) |
           field(factor.sign ? 1 : 0, 1, 24) | field(factor.constant, 9, 15);
}
std::uint32_t accumulate_word(const LearnProduct& product) {
    return op_word(LearnOp::kAcc) | field(static_cast<std::int32_t>(product.target), 2, 27) |
           field(product.mantissa, 8, 19) | field(product.exponent, 6, 13);
}

LearnFactor factor_of(std::uint32_t word) {
    return {static_cast<LearnVariable>(unsigned_field(word, 4, 25)), signed_field(word, 9, 15),
            unsigned_field(word, 1, 24) != 0};
}

/// Why a word is illegal by itself; empty if it is not.
std::string word_fault(std::uint32_t word) {
    const auto unused = [word](std::uint32_t used) { return (word & ~used & 0x1FFFFFFFU) != 0; };
    switch (op_of(word)) {
        case LearnOp::kGate:
            if (unsigned_field(word, 2, 27) > 2 || unused(0x1FC00000U)) return "illegal gate";
            if (unsigned_field(word, 2, 27) != 2 && unsigned_field(word, 5, 22) != 0) {
                return "a k without u";
            }
            return {};
        case LearnOp::kMul: {
            if (unsigned_field(word, 4, 25) >= kLearnVariables || unused(0x1FFF8000U)) {
                return "illegal factor";
            }
            const LearnFactor factor = factor_of(word);
            const bool synaptic =
                factor.variable >= LearnVariable::kW && factor.variable <= LearnVariable::kT;
            return factor.sign && !synaptic ? "a sign of what is no synaptic variable" : "";
        }
        case LearnOp::kAcc: {
            const std::int32_t exponent = signed_field(word, 6, 13);
            const bool good = unsigned_field(word, 2, 27) < kLearnTargets && exponent >= -16 &&
                              exponent <= 8 && !unused(0x1FFFE000U);
            return good ? "" : "illegal accumulation";
        }
        case LearnOp::kEnd:
            return unused(0) ? "illegal end" : "";
    }
    return "illegal operation";
}

}  // namespace

std::vector<std::uint32_t> encode(std::span<const LearnProduct> products) {
    std::vector<std::uint32_t> words;
    for (const LearnProduct& product : products) {
        words.push_back(gate_word(product));
        for (const LearnFactor& factor : product.factors) words.push_back(factor_word(factor));
        words.push_back(accumulate_word(product));
    }
    words.push_back(op_word(LearnOp::kEnd));
    return words;
}

std::vector<std::string> check_learning(std::span<const std::uint32_t> words, bool exact) {
    std::vector<std::string> faults;
    bool open = false;  // within a product
    std::size_t products = 0;
    int width = 0;
    for (std::size_t i = 0; i < words.size() && faults.size() < 10; ++i) {
        const std::string fault = word_fault(words[i]);
        if (!fault.empty()) {
            faults.push_back(fmt::format("word {}: {}", i, fault));
            continue;
        }
        const LearnOp op = op_of(words[i]);
        const bool last = i + 1 == words.size();
        if (last != (op == LearnOp::kEnd) || open == (op == LearnOp::kGate || last)) {
            faults.push_back(fmt::format("word {}: not where it may stand", i));
        }
        if (op == LearnOp::kGate) width = 0;
        if (op == LearnOp::kMul) width += width_of(factor_of(words[i]).variable);
        if (op == LearnOp::kAcc &&
            (width > kMaxProductBits ||
             (exact && width + signed_field(words[i], 6, 13) > kMaxExactBits))) {
            faults.push_back(fmt::format("word {}: the product has {} bits", i, width));
        }
        products += op == LearnOp::kAcc ? 1 : 0;
        open = op == LearnOp::kGate || (open && op == LearnOp::kMul);
    }
    if (words.empty()) faults.emplace_back("there are no words");
    if (products > kMaxProducts) {
        faults.push_back(fmt::format("{} products, at most {}", products, kMaxProducts));
    }
    return faults;
}

std::vector<LearnProduct> decode_learning(std::span<const std::uint32_t> words) {
    std::vector<LearnProduct> products;
    LearnProduct product;
    for (const std::uint32_t word : words) {
        switch (op_of(word)) {
            case LearnOp::kGate:
                product = {};
                product.gate = static_cast<LearnGate>(unsigned_field(word, 2, 27));
                product.k = unsigned_field(word, 5, 22);
                break;
            case LearnOp::kMul:
                product.factors.push_back(factor_of(word));
                break;
            case LearnOp::kAcc:
                product.target = static_cast<LearnTarget>(unsigned_field(word, 2, 27));
                product.mantissa = signed_field(word, 8, 19);
                product.exponent = signed_field(word, 6, 13);
                products.push_back(product);
                break;
            case LearnOp::kEnd:
                return products;
        }
    }
    return products;
}

std::string disassemble_learning(std::uint32_t word) {
    if (!word_fault(word).empty()) return fmt::format(".word {:#010x}", word);
    switch (op_of(word)) {
        case LearnOp::kGate:
            switch (static_cast<LearnGate>(unsigned_field(word, 2, 27))) {
                case LearnGate::kX0:
                    return "LGATE x0";
                case LearnGate::kY0:
                    return "LGATE y0";
                case LearnGate::kU:
                    return fmt::format("LGATE u{}", unsigned_field(word, 5, 22));
            }
            break;
        case LearnOp::kMul: {
            const LearnFactor factor = factor_of(word);
            std::string text{name_of(factor.variable)};
            if (factor.constant != 0) {
                text = fmt::format("{} {} {}", text, factor.constant < 0 ? '-' : '+',
                                   std::abs(factor.constant));
            }
            return fmt::format("LMUL  {}({})", factor.sign ? "sgn" : "", text);
        }
        case LearnOp::kAcc:
            return fmt::format("LACC  {}, {}*2^{}",
                               name_of(static_cast<LearnTarget>(unsigned_field(word, 2, 27))),
                               signed_field(word, 8, 19), signed_field(word, 6, 13));
        case LearnOp::kEnd:
            break;
    }
    return "LEND";
}

bool uses(std::span<const std::uint32_t> words, LearnTarget variable) {
    const auto read_as = static_cast<LearnVariable>(static_cast<int>(LearnVariable::kW) +
                                                    static_cast<int>(variable));
    const std::vector<LearnProduct> products = decode_learning(words);
    return std::any_of(products.begin(), products.end(), [&](const LearnProduct& product) {
        return product.target == variable ||
               std::any_of(product.factors.begin(), product.factors.end(),
                           [&](const LearnFactor& f) { return f.variable == read_as; });
    });
}

LearnCost cost_of(std::span<const LearnProduct> products) {
    LearnCost cost;
    for (const LearnProduct& product : products) {
        const auto macs = static_cast<std::uint32_t>(product.factors.size()) + 1;
        (product.gate == LearnGate::kX0   ? cost.x0
         : product.gate == LearnGate::kY0 ? cost.y0
                                          : cost.u) += macs;
    }
    return cost;
}

}  // namespace seamount::isa
