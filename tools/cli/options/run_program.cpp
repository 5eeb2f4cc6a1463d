#include "tools/cli/options/run_program.hpp"

#include "isa/base/diagnostic.hpp"

namespace seamount::cli {

int run_program(const Program& program, int argc, char** argv, const tools::Console& console) {
    const Parsed parsed = parse(program, argc, argv);
    if (parsed.error) {
        tools::tell(to_string(*parsed.error) + '\n');
        return tools::kBadInput;
    }
    if (!parsed.run) return tools::kOk;
    try {
        return parsed.run();
    } catch (const InputError& error) {
        console.report(error.diagnostics());
        return tools::kBadInput;
    }
}

}  // namespace seamount::cli
