#include "tools/explore/store_commands.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

#include "isa/base/json.hpp"
#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "tools/base/table.hpp"
#include "tools/explore/report/export.hpp"
#include "tools/explore/report/summary.hpp"
#include "tools/explore/runs/child.hpp"
#include "tools/explore/runs/measure.hpp"
#include "tools/explore/runs/result_record.hpp"
#include "tools/explore/runs/scores.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

std::vector<Run> runs_of_point(Store& store, std::int64_t point) {
    std::vector<Run> runs = store.runs();
    const std::int64_t last = runs.empty() ? 0 : runs.back().point;
    std::erase_if(runs, [point](const Run& run) { return run.point != point; });
    if (runs.empty()) {
        bad_input("EXP-POINT", store.path().string(), fmt::format("there is no point {}", point),
                  last == 0 ? "the store is empty" : fmt::format("points go up to {}", last));
    }
    return runs;
}

std::string title(const Run& run) {
    return fmt::format("point {}, {}{}{}", run.point, name_of(kStageNames, run.stage),
                       run.seed.empty() ? "" : ", seed ", run.seed);
}

std::vector<std::string> words_of(const std::string& command) {
    const Json json = parse_json(command);
    std::vector<std::string> words;
    if (!json.is_array()) return words;
    for (const Json& word : json) {
        if (word.is_string()) words.push_back(word.get<std::string>());
    }
    return words;
}

std::string quoted(const std::string& word) {
    const bool plain =
        !word.empty() && word.find_first_of(" \t\n'\"\\$`&|;<>()*?[]{}!#~") == std::string::npos;
    if (plain) return word;
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

std::string sheet(Store& store, const Run& run) {
    const Record record = store.record(run.id);
    std::string text =
        fmt::format("{}: {}{}\n", title(run), name_of(kStatusNames, run.result.status),
                    run.cached ? " (from the cache)" : "");
    if (!run.result.reason.empty()) text += run.result.reason + '\n';
    tools::Table table{{"parameter", "value"}};
    for (const auto& [path, value] : run.parameters) table.add({path, to_string(value)});
    text += table.text();
    tools::Table results{{"objective", "value"}};
    for (const auto& [name, value] : values_of(run.result)) {
        results.add({name, fmt::format("{:.6g}", value)});
    }
    if (!results.empty()) text += results.text();
    if (!record.command.empty()) {
        text += "  seamount";
        for (const std::string& word : words_of(record.command)) text += ' ' + quoted(word);
        text += '\n';
    }
    text += fmt::format("  key {}, version {}, {} attempts, {:.3g} s, {:.0f} MB\n", run.key,
                        record.version, run.attempts, run.result.wall_s,
                        static_cast<double>(run.result.peak_rss_bytes) / 1e6);
    if (!run.result.summary.empty()) {
        text +=
            "summary: " + seamount::json_text(parse_json_or_throw(run.result.summary), 2) + '\n';
    }
    if (!record.chip.empty())
        text += "chip:\n" + record.chip + "network:\n" + record.network + '\n';
    return text;
}

/// Keys of two summaries that differ, with both values.
std::vector<std::string> differences(const std::string& before, const std::string& after) {
    std::vector<std::string> out;
    const Assignment a = flatten(before);
    const Assignment b = flatten(after);
    for (const auto& [key, value] : a) {
        const auto found = b.find(key);
        const std::string now = found == b.end() ? "nothing" : to_string(found->second);
        if (now != to_string(value)) {
            out.push_back(fmt::format("{}: {}, was {}", key, now, to_string(value)));
        }
    }
    return out;
}

bool rerun(Store& store, const Run& run, const RunOptions& options, const tools::Console& console) {
    const RunOptions::Reading reading = options.read(words_of(store.record(run.id).command));
    if (reading.wrong) {
        bad_input("EXP-STORE", store.path().string(),
                  fmt::format("the command of {} cannot be read: {}", title(run), *reading.wrong),
                  "another version of Seamount may have written it");
    }
    Command command;
    command.words = {fs::read_symlink("/proc/self/exe").string()};
    command.input = session::text_of(reading.request);
    command.hands_back = true;
    Child child{std::move(command)};
    const Ended& ended = child.wait();
    const std::optional<ResultRecord> record = record_of(ended.record);
    if (ended.code != 0 || !record) {
        const bool same =
            run.result.status == Status::kInfeasible && record && is_infeasible(*record);
        console.print(fmt::format("{}: {}\n{}", title(run),
                                  same ? "infeasible again" : "does not run any more",
                                  record ? words_of(*record) + '\n' : ended.err));
        return same;
    }
    const std::vector<std::string> changed =
        differences(run.result.summary, counters_of(record->summary));
    if (run.result.status == Status::kDone && changed.empty()) {
        console.print(fmt::format("{}: every counter is the same\n", title(run)));
        return true;
    }
    console.print(fmt::format("{}: differs\n  {}\n", title(run), fmt::join(changed, "\n  ")));
    return false;
}

/// What the stores to merge have in common.
struct Common {
    std::string definition;
    std::string inputs;
    std::string sweep;
};

int merge_into(const fs::path& out, const std::vector<std::string>& stores, const Common& common,
               const tools::Console& console) {
    Store merged{out, true};
    const std::string known = merged.fact(Fact::kDefinition);
    if (!known.empty() &&
        (known != common.definition || merged.fact(Fact::kInputs) != common.inputs)) {
        bad_input("EXP-MERGE", out.string(), "belongs to another sweep, or to other input files",
                  "merge into a new store");
    }
    Merged all;
    merged.together([&] {
        merged.set_fact(Fact::kDefinition, common.definition);
        merged.set_fact(Fact::kInputs, common.inputs);
        merged.set_fact(Fact::kSweep, common.sweep);
        merged.set_fact(Fact::kShard, "0/1");
    });
    for (const std::string& path : stores) {
        const Merged one = merged.merge(path);
        all.replaced += one.replaced;
        all.left += one.left;
    }
    console.print(fmt::format("{}: {} runs\n", out.string(), grouped(merged.runs().size())));
    if (all.replaced + all.left != 0) {
        console.print(
            fmt::format("{} runs had failed in one store and are done in another: these "
                        "are kept\n",
                        grouped(all.replaced + all.left)));
    }
    return tools::kOk;
}

}  // namespace

int show_point(const fs::path& path, std::int64_t point, const tools::Console& console) {
    Store store{path};
    for (const Run& run : runs_of_point(store, point)) console.print(sheet(store, run));
    return tools::kOk;
}

int rerun_point(const fs::path& path, std::int64_t point, const RunOptions& options,
                const tools::Console& console) {
    Store store{path};
    bool same = true;
    for (const Run& run : runs_of_point(store, point)) {
        if (!is_final(run.result.status)) {
            console.print(fmt::format("{}: {}, nothing to compare with\n", title(run),
                                      name_of(kStatusNames, run.result.status)));
        } else if (store.record(run.id).command.empty()) {
            console.print(
                fmt::format("{}: its chip cannot be: {}\n", title(run), run.result.reason));
        } else {
            same = rerun(store, run, options, console) && same;
        }
    }
    return same ? tools::kOk : tools::kCheckFailed;
}

int export_store(const fs::path& path, const fs::path& csv, bool times) {
    Store store{path};
    reject_input_as_output(csv, {path});
    write_file(csv, csv_of(store.runs(), objectives_of(store).names, times));
    return tools::kOk;
}

int merge_stores(const fs::path& out, const std::vector<std::string>& stores,
                 const tools::Console& console) {
    std::string definition;
    std::string inputs;
    std::string sweep;
    for (const std::string& path : stores) {
        if (same_output(out, path)) two_outputs(out);
        Store store{path};
        if (definition.empty()) {
            definition = store.fact(Fact::kDefinition);
            inputs = store.fact(Fact::kInputs);
            sweep = store.fact(Fact::kSweep);
        }
        if (store.fact(Fact::kDefinition) != definition || store.fact(Fact::kInputs) != inputs) {
            bad_input("EXP-MERGE", path, "belongs to another sweep, or to other input files",
                      "merge the shards of one sweep");
        }
    }
    std::error_code ignored;
    const bool is_new = !fs::exists(out, ignored);
    try {
        return merge_into(out, stores, {definition, inputs, sweep}, console);
    } catch (const InputError&) {
        if (is_new) {
            for (const char* const ending : {"", "-wal", "-shm"}) {
                fs::remove(out.string() + ending, ignored);
            }
        }
        throw;
    }
}

}  // namespace seamount::explore
