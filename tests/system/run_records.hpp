#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace seamount::test {

/// A line of a CSV file by column name.
using Row = std::map<std::string, std::string>;

/// The lines of a CSV file below its head.
[[nodiscard]] std::vector<Row> csv(const std::string& path);

/// What `seamount run` with these arguments writes with --json; it must say nothing.
[[nodiscard]] nlohmann::json run_json(const std::vector<std::string>& arguments);

/// The learned weights (.npz) that `seamount run` of 200 steps writes with these options.
[[nodiscard]] std::string saved_weights(const std::string& network,
                                        const std::vector<std::string>& options);

/// The network that most runs of these tests take, and their arguments.
[[nodiscard]] std::string run_network();
[[nodiscard]] std::vector<std::string> base_run(const std::vector<std::string>& more = {});

}  // namespace seamount::test
