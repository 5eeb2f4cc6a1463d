#include "tests/support/temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace seamount::test {

TemporaryFolder::TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "seamount-test-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp failed"};
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, std::string_view content) const {
    std::ofstream file{path_ / name, std::ios::binary};
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!file.flush()) throw std::runtime_error{"cannot write " + name};
    return *this / name;
}

std::string TemporaryFolder::write(const std::string& name,
                                   const std::vector<std::byte>& content) const {
    return write(name,
                 std::string_view{reinterpret_cast<const char*>(content.data()), content.size()});
}

}  // namespace seamount::test
