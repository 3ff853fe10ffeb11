// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "app/cli/calculate.h"

namespace isoflop::cli {

Command add_calculate(CLI::App& program) {
  CLI::App* app = program.add_subcommand("calculate", "what serving, sampling and larger batches cost and bring");
  app->require_subcommand(1);
  auto commands = std::make_shared<std::vector<Command>>();
  *commands = {add_calculate_inference(*app), add_calculate_coverage(*app), add_calculate_knockout(*app),
               add_calculate_attention(*app), add_calculate_sampling(*app), add_calculate_noise_scale(*app)};
  return {app, [=]() -> Status {
            for (const Command& command : *commands)
              if (command.app->parsed()) return command.run();
            return Done{};
          }};
}

}  // namespace isoflop::cli
