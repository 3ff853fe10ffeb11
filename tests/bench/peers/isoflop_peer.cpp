// SPDX-License-Identifier: Apache-2.0
// Isoflop's side of the comparison with other software (measure.py): the cold fit of the Chinchilla law to a table of
// runs and 4,000 bootstrap refits, on one thread. Writes the runs it used as CSV for the others, prints `key value`
// lines.
#include <cstdio>
#include <fstream>

#include "core/base/quantity.h"
#include "core/fit/bootstrap.h"
#include "core/laws/law_file.h"
#include "core/runs/mapping.h"
#include "timing.h"

namespace {

using namespace isoflop;

int fail(const Error& error) {
  std::fprintf(stderr, "%s\n", error.to_string().c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: isoflop_peer LAW.toml RUNS.csv USED.csv\n");
    return 2;
  }
  constexpr int kResamples = 4000;
  const auto law = read_law(argv[1]);
  if (!law) return fail(law.error());
  // The published table has its own headers and five runs that its replications leave out; ours needs nothing.
  auto table = load_runs(argv[2], {});
  if (table && table->numbers("params").empty())
    table = load_runs(argv[2], {.roles = {{"params", "Model Size"}, {"flops", "Training FLOP"}, {"loss", "loss"}},
                                .derive = {"tokens = flops / (6 * params)"},
                                .exclude = {{"rank(loss, descending) <= 5", ""}}});
  if (!table) return fail(table.error());
  const auto runs = observe(*table, law->roles());
  if (!runs) return fail(runs.error());
  {
    std::ofstream used(argv[3]);
    used << "params,tokens,loss\n";
    for (std::size_t i = 0; i < runs->size(); ++i)
      used << format_exact(runs->columns[0][i]) << ',' << format_exact(runs->columns[1][i]) << ','
           << format_exact(runs->response[i]) << '\n';
  }
  const FitOptions options{.fixed = {}, .start = {}, .threads = 1};
  const auto fit = fit_law(*law, *runs, options);
  if (!fit) return fail(fit.error());
  const double cold = bench::median_seconds(15, [&] { (void)fit_law(*law, *runs, options); });
  Result<Bootstrap> resamples = bootstrap(*law, *runs, *fit, {.resamples = kResamples, .threads = 1});
  if (!resamples) return fail(resamples.error());
  const double boot = bench::median_seconds(
      3, [&] { resamples = bootstrap(*law, *runs, *fit, {.resamples = kResamples, .threads = 1}); });
  std::printf("runs %zu\ncold_seconds %.6g\nresamples %d\nbootstrap_seconds %.6g\nobjective %.12g\n", runs->size(),
              cold, kResamples, boot, fit->objective);
  const auto alpha = static_cast<std::size_t>(law->parameter_index("alpha"));
  std::vector<double> sample;
  for (int i = 0; i < resamples->resamples(); ++i) sample.push_back(resamples->sample(i)[alpha]);
  const Interval interval = percentile_interval(std::move(sample));
  std::printf("alpha %.6g\nalpha_low %.6g\nalpha_high %.6g\n", fit->theta[alpha], interval.lower, interval.upper);
}
