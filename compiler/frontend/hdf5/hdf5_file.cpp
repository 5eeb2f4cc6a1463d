#include "compiler/frontend/hdf5/hdf5_file.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <functional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "compiler/frontend/hdf5/hdf5_values.hpp"
#include "isa/input/input_file.hpp"

namespace seamount::compiler::frontend {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* code, SourceLocation where, std::string message,
                       std::string hint = {}) {
    throw InputError{Diagnostic{code, std::move(where), std::move(message), std::move(hint)}};
}

/// What the file starts with; empty if it cannot be read.
std::string beginning_of(const fs::path& path) {
    std::array<char, 48> text{};
    std::ifstream file{readable_path(path), std::ios::binary};
    file.read(text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(file.gcount())};
}

/// Opens a dataset; an invalid handle if there is none.
Handle open_dataset(hid_t file, const std::string& name) {
    return {H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose};
}

/// The attribute of an object of the file; an invalid handle if there is none.
Handle open_attribute(hid_t file, const std::string& object, const std::string& name) {
    return {H5Aopen_by_name(file, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            H5Aclose};
}

herr_t try_attribute(hid_t object, const char* name, const H5A_info_t*, void*) {
    const Handle attribute{H5Aopen(object, name, H5P_DEFAULT), H5Aclose};
    if (attribute.valid()) {
        (void)text_of(attribute.id());
        (void)number_of(attribute.id());
    }
    return 0;
}

void try_attributes(hid_t file, const std::string& object) {
    const Handle opened{H5Oopen(file, object.c_str(), H5P_DEFAULT), H5Oclose};
    hsize_t at = 0;
    if (opened.valid()) {
        (void)H5Aiterate2(opened.id(), H5_INDEX_NAME, H5_ITER_NATIVE, &at, try_attribute, nullptr);
    }
}

/// Whether a group has this very object as a member: links to other places may lead nowhere.
bool is_stored(hid_t file, const std::string& object) {
    for (std::size_t end = object.find('/', 1);; end = object.find('/', end + 1)) {
        const std::string part = object.substr(0, end);
        if (part.size() < 2 || H5Lexists(file, part.c_str(), H5P_DEFAULT) <= 0) {
            return false;
        }
        if (end == std::string::npos) break;
    }
    H5L_info_t link;
    return H5Lget_info(file, object.c_str(), &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD;
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* names) {
    auto& list = *static_cast<std::vector<std::string>*>(names);
    list.emplace_back(name);
    return list.size() > Hdf5File::kMaxObjects ? 1 : 0;
}

/// Reads whatever is reachable, and forgets it: what crashes libhdf5 crashes it here. Groups can
/// contain themselves; `seen` are those that were read.
void read_everything(const Hdf5File& file, hid_t id, const std::string& group, int depth,
                     std::set<std::uint64_t>& seen) {
    constexpr int kMaxDepth = 64;
    const std::optional<std::uint64_t> address = file.address(group);
    if (depth > kMaxDepth || (address && !seen.insert(*address).second)) return;
    try_attributes(id, group);
    std::uint64_t objects = 0;
    std::vector<std::string> names;
    try {
        names = file.members(group);
    } catch (const InputError&) {
        return;  // the rest of the file may still end the child
    }
    for (const std::string& name : names) {
        if (++objects > Hdf5File::kMaxObjects) return;
        const std::string object = group + (group.back() == '/' ? "" : "/") + name;
        Hdf5File::Kind kind = Hdf5File::Kind::kNone;
        try {
            kind = file.kind(object);
        } catch (const InputError&) {
            continue;
        }
        if (kind == Hdf5File::Kind::kGroup) read_everything(file, id, object, depth + 1, seen);
        if (kind != Hdf5File::Kind::kDataset) continue;
        try_attributes(id, object);
        try {
            (void)file.numbers(object);
        } catch (const InputError&) {
        }
        try {
            (void)file.texts(object);
        } catch (const InputError&) {
        }
        try {
            for (std::uint64_t i = 0; i < Hdf5File::kMaxObjects; ++i) (void)file.list(object, i);
        } catch (const InputError&) {
        }
    }
}

/// Runs `work` in a child process; false if it did not end by itself within these seconds of
/// computing, or four times as many in all.
bool survives(const std::function<void()>& work, rlim_t seconds) {
    const pid_t child = fork();
    if (child < 0) return true;  // no process to spare: read without the trial
    if (child == 0) {
        const rlimit cpu{seconds, seconds};
        const rlimit no_core{0, 0};
        setrlimit(RLIMIT_CPU, &cpu);
        setrlimit(RLIMIT_CORE, &no_core);
        for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGALRM}) {
            std::signal(signal, SIG_DFL);
        }
        alarm(static_cast<unsigned>(4 * seconds));
        try {
            work();
        } catch (...) {
            _exit(0);  // the parent meets the same and says it
        }
        _exit(0);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

Hdf5File::Hdf5File(fs::path path) : path_{std::move(path)} {
    const SourceLocation whole{path_.string(), 0, 0};
    std::error_code ignored;
    const fs::path readable = readable_path(path_);
    if (!fs::is_regular_file(readable, ignored) || !std::ifstream{readable}.good()) {
        fail("CLI-FILE", whole,
             fs::exists(path_, ignored) ? "not a readable file" : "no such file");
    }
    const std::string beginning = beginning_of(path_);
    if (beginning.starts_with("version https://git-lfs")) {
        fail("IMP-LFS", whole, "a pointer of Git LFS, not the file itself",
             "fetch the file: git lfs pull");
    }
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    constexpr rlim_t kLeastSeconds = 20;  // 10^7 numbers that deflate to nothing, a slow machine
    const auto open = [&] {
        file_ = H5Fopen(readable.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
        return file_ >= 0;
    };
    constexpr std::uint64_t kBytesPerSecond = 10'000'000;  // compressed, on a slow machine
    const std::uint64_t size = fs::file_size(path_, ignored);
    const bool sound = survives(
        [&] {
            std::set<std::uint64_t> seen;
            if (open()) read_everything(*this, file_, "/", 0, seen);
        },
        kLeastSeconds + size / kBytesPerSecond);
    if (!sound) {
        fail("IMP-HDF5", whole, "damaged: reading it ends in a crash, or without end",
             "copy it again, or export it again");
    }
    if (!open()) {
        const bool is_hdf5 = beginning.starts_with("\x89HDF\r\n\x1a\n");
        fail("IMP-HDF5", whole, is_hdf5 ? "damaged: libhdf5 cannot open it" : "not an HDF5 file",
             is_hdf5 ? "copy it again, or export it again" : "what can be imported are HDF5 files");
    }
}

Hdf5File::~Hdf5File() {
    if (file_ >= 0) H5Fclose(file_);
}

SourceLocation Hdf5File::at(const std::string& object) const {
    return {path_.string() + ":" + object, 0, 0};
}

Hdf5File::Kind Hdf5File::kind(const std::string& object) const {
    const Handle opened{H5Oopen(file_, object.c_str(), H5P_DEFAULT), H5Oclose};
    if (!opened.valid()) {
        if (is_stored(file_, object)) {
            fail("IMP-HDF5", at(object), "damaged: it is there but cannot be opened",
                 "copy the file again, or export it again");
        }
        return Kind::kNone;
    }
    switch (H5Iget_type(opened.id())) {
        case H5I_GROUP:
            return Kind::kGroup;
        case H5I_DATASET:
            return Kind::kDataset;
        default:
            return Kind::kNone;
    }
}

std::optional<std::uint64_t> Hdf5File::address(const std::string& object) const {
    H5O_info_t info;
    if (H5Oget_info_by_name2(file_, object.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) {
        return std::nullopt;
    }
    return info.addr;
}

std::vector<std::string> Hdf5File::members(const std::string& group) const {
    std::vector<std::string> names;
    const Handle opened{H5Gopen2(file_, group.c_str(), H5P_DEFAULT), H5Gclose};
    if (!opened.valid()) return names;
    hsize_t at = 0;
    if (H5Literate(opened.id(), H5_INDEX_NAME, H5_ITER_INC, &at, collect_name, &names) < 0) {
        fail("IMP-HDF5", this->at(group), "damaged: its members cannot be listed",
             "copy the file again, or export it again");
    }
    std::sort(names.begin(), names.end());
    return names;
}

NumberArray Hdf5File::numbers(const std::string& dataset) const {
    const Handle opened = open_dataset(file_, dataset);
    if (!opened.valid()) fail("IMP-KEY", at(dataset), "no such dataset");
    const std::optional<DatasetExtent> extent = extent_of(opened.id());
    const Handle type{H5Dget_type(opened.id()), H5Tclose};
    if (!extent || !type.valid()) fail("IMP-HDF5", at(dataset), "damaged: it has no shape or type");
    const H5T_class_t kind = H5Tget_class(type.id());
    if (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_ENUM) {
        fail("IMP-VALUE", at(dataset), "holds no numbers");
    }
    if (extent->elements > kMaxElements) {
        fail("IMP-VALUE", at(dataset), fmt::format("more than {} numbers", kMaxElements));
    }
    NumberArray result{extent->shape, std::vector<double>(extent->elements), kind != H5T_FLOAT};
    if (!read_numbers(opened.id(), result.values)) {
        const std::string filter = missing_filter(opened.id());
        fail("IMP-HDF5", at(dataset),
             filter.empty()
                 ? "damaged: it cannot be read"
                 : fmt::format("compressed by the filter '{}', which is not there", filter),
             filter.empty() ? "copy the file again, or export it again"
                            : "write it again with gzip, or without compression");
    }
    return result;
}

std::vector<double> Hdf5File::list(const std::string& dataset, std::uint64_t index) const {
    const Handle opened = open_dataset(file_, dataset);
    if (!opened.valid()) fail("IMP-KEY", at(dataset), "no such dataset");
    const std::optional<DatasetExtent> extent = extent_of(opened.id());
    const Handle type{H5Dget_type(opened.id()), H5Tclose};
    if (!extent || !type.valid()) fail("IMP-HDF5", at(dataset), "damaged: it has no shape or type");
    if (!holds_lists(type.id())) fail("IMP-VALUE", at(dataset), "holds no lists of numbers");
    if (extent->shape.size() != 1 || index >= extent->shape.front()) {
        fail("IMP-VALUE", at(dataset), fmt::format("there is no list {}", index));
    }
    std::vector<double> values;
    if (!read_list(opened.id(), index, values)) {
        fail("IMP-HDF5", at(dataset), fmt::format("damaged: list {} cannot be read", index),
             "copy it again, or export it again");
    }
    return values;
}

std::vector<std::string> Hdf5File::texts(const std::string& dataset) const {
    const Handle opened = open_dataset(file_, dataset);
    if (!opened.valid()) fail("IMP-KEY", at(dataset), "no such dataset");
    const std::optional<DatasetExtent> extent = extent_of(opened.id());
    const Handle type{H5Dget_type(opened.id()), H5Tclose};
    if (!extent || !type.valid()) fail("IMP-HDF5", at(dataset), "damaged: it has no shape or type");
    if (H5Tget_class(type.id()) != H5T_STRING) fail("IMP-VALUE", at(dataset), "holds no text");
    if (extent->elements > kMaxObjects) {
        fail("IMP-VALUE", at(dataset), fmt::format("more than {} texts", kMaxObjects));
    }
    std::vector<std::string> result;
    if (!read_texts(opened.id(), extent->elements, result)) {
        fail("IMP-HDF5", at(dataset), "damaged: it cannot be read",
             "copy the file again, or export it again");
    }
    return result;
}

std::vector<std::uint64_t> Hdf5File::shape(const std::string& dataset) const {
    const Handle opened = open_dataset(file_, dataset);
    const std::optional<DatasetExtent> extent =
        opened.valid() ? extent_of(opened.id()) : std::nullopt;
    if (!extent) fail("IMP-KEY", at(dataset), "no such dataset");
    return extent->shape;
}

std::optional<std::string> Hdf5File::attribute_text(const std::string& object,
                                                    const std::string& name) const {
    const Handle attribute = open_attribute(file_, object, name);
    return attribute.valid() ? text_of(attribute.id()) : std::nullopt;
}

std::optional<double> Hdf5File::attribute_number(const std::string& object,
                                                 const std::string& name) const {
    const Handle attribute = open_attribute(file_, object, name);
    return attribute.valid() ? number_of(attribute.id()) : std::nullopt;
}

}  // namespace seamount::compiler::frontend
