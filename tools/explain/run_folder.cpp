#include "tools/explain/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"
#include "isa/image/image_hash.hpp"
#include "tools/session/drive/names.hpp"

namespace seamount::explain {
namespace {

namespace fs = std::filesystem;

/// The process works in another folder for as long as it lives.
class WorkingFolder {
public:
    explicit WorkingFolder(const fs::path& folder) : before_{fs::current_path()} {
        std::error_code ignored;
        fs::current_path(folder, ignored);
    }
    ~WorkingFolder() {
        std::error_code ignored;
        fs::current_path(before_, ignored);
    }
    WorkingFolder(const WorkingFolder&) = delete;
    WorkingFolder& operator=(const WorkingFolder&) = delete;

private:
    fs::path before_;
};

struct Spike {
    std::uint64_t step = 0;
    std::uint32_t neuron = 0;
    std::int64_t payload = 0;
    friend auto operator<=>(const Spike&, const Spike&) = default;
};

std::vector<Spike> spikes_of(const Recording& recording) {
    std::vector<Spike> all;
    for (const auto& [origin, spikes] : recording.spikes()) {
        if (origin.is_input()) continue;
        for (const Emission& spike : spikes) {
            all.push_back({spike.step, origin.index, spike.payload});
        }
    }
    std::ranges::sort(all);
    return all;
}

std::vector<Spike> spikes_of(const tools::RunRecords& records, const Recording& recording) {
    std::vector<Spike> all;
    const auto rows = records.rows("spikes");
    while (rows->next()) {
        const tools::Cells& step = *rows->find("step");
        const tools::Cells& population = *rows->find("population");
        const tools::Cells& neuron = *rows->find("neuron");
        const tools::Cells& payload = *rows->find("payload");
        for (std::size_t i = 0; i < rows->count(); ++i) {
            const auto at = static_cast<std::uint64_t>(step.integers[i]);
            if (at < recording.first() || at >= recording.end()) continue;
            const isa::Image& image = recording.image();
            const NeuronId first =
                image.populations[session::find_population(image, population.text(i))].first_neuron;
            const auto index = static_cast<std::uint32_t>(neuron.integers[i]);
            all.push_back({at, (first + index).value(), payload.integers[i]});
        }
    }
    std::ranges::sort(all);
    return all;
}

}  // namespace

FolderRun::FolderRun(const fs::path& folder) : records_{folder} {
    const Json& about = records_.about();
    if (!about.contains("request") || !about.contains("folder")) {
        bad_input("EXPL-RUN", folder.string(), "its records do not say what was run",
                  "run it again with --out, or explain the network or image itself");
    }
    if (about.value("first_step", std::uint64_t{0}) != 0) {
        bad_input("EXPL-RUN", folder.string(), "the run continued from a saved state",
                  "explain a run that begins with step 0");
    }
    if (about.value("host", false)) {
        bad_input("EXPL-RUN", folder.string(), "a program played the host of this run",
                  "give its spikes as input: seamount run --input NAME=FILE");
    }
    request_ = session::request_of(json_text(about["request"]));
}

session::Loaded FolderRun::open(session::Listener& listener) const {
    const WorkingFolder there{records_.about()["folder"].get<std::string>()};
    session::Loaded loaded = session::open(request_, listener);
    const Json& hashes = records_.summary().value("hashes", Json::object());
    if (hashes.contains("image") && hashes["image"] != isa::image_hash(loaded.image)) {
        bad_input("EXPL-RUN", records_.folder().string(),
                  "the files that were run make another image now",
                  "seamount diff tells what changed; run it again with --out");
    }
    return loaded;
}

void FolderRun::compare(const Recording& recording) const {
    if (!records_.has("spikes")) return;
    if (records_.is_complete()) {
        const std::uint64_t steps = records_.summary().value("steps", std::uint64_t{0});
        if (recording.end() > steps) {
            bad_input("EXPL-RUN", records_.folder().string(),
                      fmt::format("the run ended after step {}", steps - 1),
                      "explain what happened before, or run more steps");
        }
    } else if (recording.end() > records_.complete_steps()) {
        bad_input("EXPL-RUN", records_.folder().string(),
                  fmt::format("the run was interrupted after {} steps", records_.complete_steps()),
                  "explain what happened before");
    }
    if (spikes_of(recording) == spikes_of(records_, recording)) return;
    bad_input("EXPL-RUN", records_.folder().string(),
              fmt::format("played again, steps {} to {} have other spikes than were recorded",
                          recording.first(), recording.end() - 1),
              "did the network, its data or the program change since? run it again with --out");
}

}  // namespace seamount::explain
