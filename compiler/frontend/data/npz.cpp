#include "compiler/frontend/data/npz.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>

#include "compiler/frontend/data/npy.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::size_t kLeastChunk = 4096;
constexpr std::size_t kChunk = std::size_t{1} << 20U;

[[noreturn]] void fail(const std::string& what, std::string hint = {}) {
    throw DataError{"NET-NPZ", what, std::move(hint)};
}

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
struct CloseMember {
    void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Member = std::unique_ptr<zip_file_t, CloseMember>;

Archive open_archive(const std::filesystem::path& path) {
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
    if (archive == nullptr) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const std::string text = zip_error_strerror(&error);
        zip_error_fini(&error);
        fail("not a readable .npz file: " + text);
    }
    return {archive, &zip_discard};
}

std::vector<std::string> member_names(zip_t* archive) {
    std::vector<std::string> names;
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
        std::string text = name == nullptr ? "" : name;
        if (text.ends_with(".npy")) text.resize(text.size() - 4);
        names.push_back(std::move(text));
    }
    return names;
}

zip_uint64_t find_member(zip_t* archive, std::string array) {
    const std::vector<std::string> names = member_names(archive);
    if (array.empty() && names.size() == 1) return 0;
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    if (names.empty()) fail("the archive is empty");
    if (array.empty()) fail("the archive has several arrays", "choose one with 'array:' of " + all);
    if (array.ends_with(".npy")) array.resize(array.size() - 4);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == array) return i;
    }
    const std::string suggestion = closest(array, names);
    fail(fmt::format("the archive has no array '{}'", array),
         suggestion.empty() ? "it has " + all : fmt::format("did you mean '{}'?", suggestion));
}

/// Grows with what is really there, so that a false size in the archive costs nothing.
std::vector<std::byte> read_member(zip_t* archive, zip_uint64_t index, std::uint64_t max_input) {
    zip_stat_t status;
    zip_stat_init(&status);
    const bool has_size =
        zip_stat_index(archive, index, 0, &status) == 0 && (status.valid & ZIP_STAT_SIZE) != 0;
    if (has_size && status.size > max_input) refuse_unpacking(status.size, max_input);
    const Member member{zip_fopen_index(archive, index, 0)};
    if (!member) fail(std::string{"cannot unpack the array: "} + zip_strerror(archive));
    // One byte more than the archive says: reading it finds the end.
    const zip_uint64_t expected = has_size ? std::min<zip_uint64_t>(status.size, kChunk) : kChunk;
    const auto step = std::max(static_cast<std::size_t>(expected) + 1, kLeastChunk);
    std::vector<std::byte> bytes;
    for (;;) {
        const std::size_t used = bytes.size();
        if (used > max_input) refuse_unpacking(used, max_input);
        bytes.resize(used + step);
        const zip_int64_t got = zip_fread(member.get(), bytes.data() + used, step);
        if (got < 0) {
            fail(std::string{"cannot unpack the array: "} + zip_file_strerror(member.get()));
        }
        bytes.resize(used + static_cast<std::size_t>(got));
        if (got == 0) return bytes;
    }
}

}  // namespace

DataArray read_npz(const std::filesystem::path& path, const std::string& array,
                   std::uint64_t max_input) {
    const Archive archive = open_archive(path);
    return read_npy(
        keep_bytes(read_member(archive.get(), find_member(archive.get(), array), max_input)));
}

std::vector<std::string> npz_arrays(const std::filesystem::path& path) {
    return member_names(open_archive(path).get());
}

}  // namespace seamount::compiler::frontend
