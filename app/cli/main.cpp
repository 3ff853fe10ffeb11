// SPDX-License-Identifier: Apache-2.0
#include <glog/logging.h>

#include <iostream>

#include "app/cli/command.h"

namespace {

constexpr int kDone = 0, kFailed = 1, kUsage = 2;

constexpr const char* kExamples = R"text(Examples
  isoflop-cli laws show chinchilla
  isoflop-cli fit runs.csv --law chinchilla --bootstrap 4000 --seed 1
  isoflop-cli fit runs.csv --map params="Model Size" --map flops="Training FLOP" \
    --derive "tokens = flops / (6 * params)" --exclude "rank(loss, descending) <= 5" --law chinchilla --json
  isoflop-cli allocate --law chinchilla --coefficients besiroglu2024 --flops "8 H100 30 d 40% MFU"
  isoflop-cli predict --law chinchilla --coefficients besiroglu2024 --at params=70e9 --at tokens=1.4T

Numbers take suffixes (K M B T). Exit codes: 0 done, 1 could not, 2 wrong usage. docs/cli.md describes --json.)text";

// One line, whatever the library put into its message.
int usage(const std::string& command, std::string message) {
  for (char& c : message)
    if (c == '\n') c = ' ';
  while (!message.empty() && message.back() == ' ') message.pop_back();
  std::cerr << command << ": " << message << (message.ends_with('.') ? "" : ".") << " See " << command << " --help.\n";
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace isoflop::cli;
  // The solver reports through its result; nothing of its log belongs on stderr.
  FLAGS_minloglevel = google::GLOG_FATAL;
  google::InitGoogleLogging(argv[0]);

  CLI::App program("Neural scaling laws from tables of runs: fit, predict, allocate compute.", "isoflop-cli");
  program.get_formatter()->column_width(34);
  program.set_version_flag("--version", "isoflop-cli " ISOFLOP_VERSION);
  program.require_subcommand(1);
  const Command commands[] = {add_laws(program),      add_import(program),     add_fit(program),
                              add_predict(program),   add_allocate(program),   add_envelope(program),
                              add_isoflop(program),   add_pareto(program),     add_simulate(program),
                              add_calculate(program), add_curve(program),      add_chain(program),
                              add_compare(program),   add_sensitivity(program)};

  program.footer(kExamples);  // after the subcommands, which would inherit it

  std::string name = "isoflop-cli";
  for (const Command& command : commands)
    if (argc > 1 && command.app->get_name() == argv[1]) name += " " + command.app->get_name();
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return program.exit(success);
  } catch (const CLI::ParseError& error) {
    return usage(name, error.what());
  }

  for (const Command& command : commands) {
    if (!command.app->parsed()) continue;
    try {
      const isoflop::Status status = command.run();
      std::cout.flush();
      if (!std::cout) {
        std::cerr << name << ": cannot write to the output.\n";
        return kFailed;
      }
      if (status) return kDone;
      std::cerr << name << ": " << status.error().to_string() << "\n";
      return kFailed;
    } catch (const UsageError& error) {
      return usage(name, error.what());
    }
  }
  return kUsage;
}
