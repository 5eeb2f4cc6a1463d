#pragma once

#include <cstdint>
#include <string>

#include "tools/run/timeline/timeline.hpp"

namespace seamount::tools {

/// The signals of a chip as VCD. SystemC opens the file by its name when the simulation starts;
/// from the end of the first step on it has none, so that it vanishes with the process. commit()
/// copies it to its place.
class WaveFile final : public Timeline {
public:
    static constexpr std::uint64_t kMostChanges = 2'000'000;

    /// Throws InputError (OUT-WRITE).
    WaveFile(const std::string& file, const StepWindow& window);
    ~WaveFile() override;

    [[nodiscard]] emu::WaveParams wave() const override;
    void on_step(const emu::StepReport& report, const session::Tally& tally) override;
    void finish(const emu::RunTotals& totals) override;
    void commit() override;
    [[nodiscard]] std::string note() const override;

private:
    void forget_name();

    OutputFile file_;
    std::string path_;
    StepWindow window_;
    std::string temporary_;    ///< without ".vcd"; empty: it has no name any more
    int descriptor_ = -1;      ///< of what SystemC writes
    std::uint64_t asked_ = 0;  ///< steps of the window
    std::uint64_t shown_ = 0;
    std::uint64_t last_ = 0;  ///< step of the run
};

}  // namespace seamount::tools
