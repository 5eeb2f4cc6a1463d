#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/name_table.hpp"

namespace seamount::explore {

/// How far a run of this program came, by its own account.
enum class EndStatus : std::uint8_t {
    kStarted,        ///< it has not said how it ended: main() was reached, no more
    kDone,           ///< exit code 0
    kCheckFailed,    ///< 1
    kBadInput,       ///< 2
    kInternalError,  ///< 3
    kOutOfMemory,    ///< 3
};
inline constexpr auto kEndStatusNames = name_table<EndStatus>({
    {EndStatus::kStarted, "started"},
    {EndStatus::kDone, "done"},
    {EndStatus::kCheckFailed, "check failed"},
    {EndStatus::kBadInput, "bad input"},
    {EndStatus::kInternalError, "internal error"},
    {EndStatus::kOutOfMemory, "out of memory"},
});

/// The status that goes with an exit code of the program.
[[nodiscard]] EndStatus end_status_of(int exit_code);

/// What a run hands back to the sweep that started it, beside its exit code: nothing of what it
/// prints is read.
struct ResultRecord {
    EndStatus status = EndStatus::kStarted;
    std::vector<Diagnostic> findings;  ///< of bad input, in the order in which they are printed
    std::string message;               ///< of an error that is no finding
    std::string summary;               ///< what `run --json` writes; empty unless done
    std::string build{};               ///< tools::build() of what ran
    std::map<std::string, std::string> files{};  ///< hash of each that was read, by path
};

/// The record as one line of JSON.
[[nodiscard]] std::string text_of(const ResultRecord& record);
/// The last complete record of what was handed back; nothing if there is none: then the program
/// was not reached.
[[nodiscard]] std::optional<ResultRecord> record_of(const std::string& text);

/// The errors of a record as they are printed.
[[nodiscard]] std::string words_of(const ResultRecord& record);
/// True if what was asked for is sound, but the chip cannot be, or cannot hold the network: the
/// code of the first error says so.
[[nodiscard]] bool is_infeasible(const ResultRecord& record);

/// Does what a request (session::text_of) says in this process and hands back, on the descriptor,
/// how far it came. Gives the exit code; prints nothing.
int answer_request(const std::string& request, int descriptor);

/// Environment variable with the descriptor that a new process hands its record back on.
inline constexpr const char* kResultVariable = "SEAMOUNT_RESULT_FD";
/// The descriptor that this process was given, or -1; no process that it starts is given it.
[[nodiscard]] int take_result_descriptor();
/// Writes a record to a descriptor; lost without complaint if nobody reads it.
void hand_back(int descriptor, const ResultRecord& record) noexcept;
/// Lets a process that ends because an exception found no handler, for want of memory, say so.
void hand_back_lack_of_memory(int descriptor);

}  // namespace seamount::explore
