#include "tools/explore/runs/result_record.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "isa/base/json.hpp"
#include "tools/base/console.hpp"
#include "tools/base/version.hpp"
#include "tools/run/answer.hpp"

namespace seamount::explore {
namespace {

constexpr auto kSeverityNames =
    name_table<Severity>({{Severity::kWarning, "warning"}, {Severity::kError, "error"}});

/// What codes begin with (ERRORS.md) that mean: sound, but it does not fit.
enum class Misfit : std::uint8_t {
    kCompiler,  ///< the chip cannot hold the network
    kChip,      ///< there can be no such chip
};
constexpr auto kMisfitNames =
    name_table<Misfit>({{Misfit::kCompiler, "CMP"}, {Misfit::kChip, "CHIP"}});

Json to_json(const Diagnostic& finding) {
    return {{"code", finding.code},
            {"file", finding.where.file},
            {"line", finding.where.line},
            {"column", finding.where.column},
            {"message", finding.message},
            {"hint", finding.hint},
            {"severity", name_of(kSeverityNames, finding.severity)}};
}

Diagnostic finding_of(const Json& json) {
    const auto severity = parse(kSeverityNames, json.at("severity").get<std::string>());
    return {json.at("code"),
            {json.at("file"), json.at("line"), json.at("column")},
            json.at("message"),
            json.at("hint"),
            severity.value_or(Severity::kError)};
}

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(descriptor, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

/// For the handler below, which takes no argument and may not allocate.
struct LastWords {
    std::terminate_handler before = nullptr;
    int descriptor = -1;
    std::string text;
};
LastWords& last_words() {
    static LastWords words;
    return words;
}

[[noreturn]] void say_and_terminate() {
    try {
        if (const std::exception_ptr error = std::current_exception())
            std::rethrow_exception(error);
    } catch (const std::bad_alloc&) {
        write_all(last_words().descriptor, last_words().text);
    } catch (...) {  // no lack of memory: the signal tells enough
    }
    last_words().before();
    std::abort();
}

}  // namespace

EndStatus end_status_of(int exit_code) {
    switch (exit_code) {
        case tools::kOk:
            return EndStatus::kDone;
        case tools::kCheckFailed:
            return EndStatus::kCheckFailed;
        case tools::kBadInput:
            return EndStatus::kBadInput;
        case tools::kNoResources:
            return EndStatus::kOutOfMemory;
        default:
            return EndStatus::kInternalError;
    }
}

std::string text_of(const ResultRecord& record) {
    Json json{{"status", name_of(kEndStatusNames, record.status)},
              {"findings", Json::array()},
              {"message", record.message},
              {"summary", record.summary},
              {"build", record.build},
              {"files", record.files}};
    for (const Diagnostic& finding : record.findings) json["findings"].push_back(to_json(finding));
    return seamount::json_text(json) + '\n';
}

std::optional<ResultRecord> record_of(const std::string& text) {
    const std::size_t end = text.rfind('\n');
    if (end == std::string::npos) return std::nullopt;
    const std::size_t before = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    try {
        const Json json = parse_json_or_throw(text.substr(begin, end - begin));
        const auto status = parse(kEndStatusNames, json.at("status").get<std::string>());
        if (!status) return std::nullopt;
        ResultRecord record{
            *status,         {}, json.at("message"), json.at("summary"), json.at("build"),
            json.at("files")};
        for (const Json& finding : json.at("findings")) {
            record.findings.push_back(finding_of(finding));
        }
        return record;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

std::string words_of(const ResultRecord& record) {
    std::string text = record.message;
    for (const Diagnostic& finding : record.findings) {
        if (finding.severity != Severity::kError) continue;
        if (!text.empty()) text += '\n';
        text += to_string(finding);
    }
    return text;
}

bool is_infeasible(const ResultRecord& record) {
    if (record.status != EndStatus::kBadInput) return false;
    const auto first = std::find_if(
        record.findings.begin(), record.findings.end(),
        [](const Diagnostic& finding) { return finding.severity == Severity::kError; });
    if (first == record.findings.end()) return false;
    const std::string_view code = first->code;
    return parse(kMisfitNames, code.substr(0, code.find('-'))).has_value();
}

int take_result_descriptor() {
    const char* const value = std::getenv(kResultVariable);
    if (value == nullptr) return -1;
    const std::string_view text{value};
    int descriptor = -1;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), descriptor);
    const bool good = error == std::errc{} && stop == text.data() + text.size() &&
                      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
    unsetenv(kResultVariable);
    return good ? descriptor : -1;
}

void hand_back(int descriptor, const ResultRecord& record) noexcept {
    try {
        write_all(descriptor, text_of(record));
    } catch (...) {  // for want of memory; how far it came is known
    }
}

void hand_back_lack_of_memory(int descriptor) {
    LastWords& words = last_words();
    words.descriptor = descriptor;
    words.text = text_of({EndStatus::kOutOfMemory, {}, {}, {}});
    words.before = std::set_terminate(say_and_terminate);
}

int answer_request(const std::string& request, int descriptor) {
    ResultRecord record;
    record.build = tools::build();
    hand_back(descriptor, record);
    hand_back_lack_of_memory(descriptor);
    int code = tools::kInternalError;
    try {
        session::Listener silent;
        tools::RunAnswer answer = tools::answer(session::request_of(request), silent);
        record.summary = std::move(answer.summary);
        for (const tools::FileState& file : answer.files) {
            record.files[std::filesystem::absolute(file.path).lexically_normal().string()] =
                file.hash;
        }
        code = tools::kOk;
    } catch (const InputError& error) {
        record.findings = error.diagnostics();
        code = tools::kBadInput;
    } catch (const std::exception& error) {
        if (tools::is_lack_of_memory(error)) {
            record.status = EndStatus::kOutOfMemory;
            code = tools::kNoResources;
        } else {
            record.message = std::string{"internal error: "} + error.what() + ", please report";
        }
    }
    if (record.status == EndStatus::kStarted) record.status = end_status_of(code);
    hand_back(descriptor, record);
    return code;
}

}  // namespace seamount::explore
