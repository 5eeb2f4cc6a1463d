#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "isa/assembly/assembler_declarations.hpp"
#include "isa/assembly/assembler_text.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/operand_order.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::isa::assembly {

/// Reads the operands of instructions, all but labels, and reports what cannot stand there.
class OperandReader {
public:
    OperandReader(const Program& program, const Declarations& declarations, Reporter& reporter)
        : program_{program}, declarations_{declarations}, reporter_{reporter} {}

    /// Reads `text` into the field that `slot` names. False after an error.
    bool read(Slot slot, const Piece& text, Instruction& instruction);

private:
    bool read_source(const Piece& text, Operand& operand);
    bool read_destination(const Piece& text, Operand& operand);
    bool read_constant(const Piece& text, Operand& operand);
    bool read_accumulator(const Piece& text, std::uint8_t& accumulator);
    bool read_immediate(const Piece& text, Instruction& instruction);

    std::optional<std::uint8_t> register_number(const Piece& text, int limit);
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view text) const;
    bool unknown_operand(const Piece& text, const Symbol* symbol, std::string_view expected);
    bool wrong_operand(const Piece& text, std::string_view expected, std::string hint = {});
    bool not_writable(const Piece& text, std::string_view kind);

    const Program& program_;
    const Declarations& declarations_;
    Reporter& reporter_;
};

}  // namespace seamount::isa::assembly
