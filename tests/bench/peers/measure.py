# SPDX-License-Identifier: Apache-2.0
"""Isoflop against what people fit scaling laws with today, in one run on one table, one thread each.

scipy        L-BFGS-B with the analytic gradient from the 4,500 starts of Hoffmann et al. and Besiroglu et al., and 4,000
             bootstrap refits, each started at the optimum
chinchilla   the package of that name (PyPI), by the call and the grid of its README, with its log_huber loss
scalefit     the package of that name (PyPI), if it has anything to call

usage: measure.py ISOFLOP_PEER LAW RUNS FOLDER
FOLDER gets a virtual environment with the packages from PyPI. Where PyPI is out of reach, the scipy of the system is used.
"""
import functools
import glob
import importlib.metadata
import importlib.util
import itertools
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
import time

DELTA = 1e-3
# scipy's own tolerances suit objectives of the order of 1. This one is of the order of 1e-3, so that they end refits from a
# near point before they have begun; with these a refit comes to rest.
CONVERGED = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 10000, "maxfun": 100000}
PACKAGES = ["scipy", "chinchilla", "scalefit"]


def environment(folder):
    """The interpreter to measure with: of a virtual environment with what could be installed, else the system's."""
    python = os.path.join(folder, "venv", "bin", "python")
    if not os.path.exists(python):
        # scalefit asks for Python 3.12: the newest interpreter that there is.
        found = [shutil.which(f"python3.{minor}") for minor in (14, 13, 12)] + sorted(
            glob.glob(os.path.expanduser("~/.pyenv/versions/3.1[2-9]*/bin/python3"))) + [sys.executable]
        for base in filter(None, found):
            if subprocess.run([base, "-m", "venv", os.path.join(folder, "venv")], capture_output=True).returncode == 0:
                break
    for package in PACKAGES:
        done = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", package],
                              capture_output=True, text=True)
        if done.returncode:
            print(f"  {package}: not installed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    if subprocess.run([python, "-c", "import scipy"], capture_output=True).returncode == 0:
        return python
    for system in ("/usr/bin/python3", sys.executable):
        if subprocess.run([system, "-c", "import scipy"], capture_output=True).returncode == 0:
            print("  PyPI is out of reach: the system's scipy (python3-scipy) is measured")
            return system
    sys.exit("no scipy: neither from PyPI nor the package python3-scipy")


def report(name, peer, ours, note):
    print(f"  {name:<58} {peer:9.2f} s {1e3 * ours:10.2f} ms {peer / ours:9.0f}x   {note}", flush=True)


def fit_chinchilla_law(theta, log_n, log_d, log_loss, weights):
    """The objective of Hoffmann et al. (equation 3) over (log A, log B, log E, alpha, beta), and its gradient."""
    import numpy as np
    a, b, e, alpha, beta = theta
    terms = np.stack([a - alpha * log_n, b - beta * log_d, np.full_like(log_n, e)])
    top = terms.max(axis=0)
    shares = np.exp(terms - top)
    total = shares.sum(axis=0)
    shares /= total
    residual = top + np.log(total) - log_loss
    size = np.abs(residual)
    value = weights @ np.where(size <= DELTA, 0.5 * residual * residual, DELTA * (size - 0.5 * DELTA))
    slope = weights * np.clip(residual, -DELTA, DELTA)
    by_a, by_b, by_e = shares @ slope
    return value, np.array([by_a, by_b, by_e, -(shares[0] * log_n) @ slope, -(shares[1] * log_d) @ slope])


def measure_scipy(n, d, loss, ours):
    import numpy as np
    import scipy
    from scipy.optimize import minimize
    data = np.log(n), np.log(d), np.log(loss)
    ones = np.ones_like(n)
    starts = list(itertools.product(np.arange(0, 30, 5.0), np.arange(0, 30, 5.0), np.arange(-1, 1.5, 0.5),
                                    np.arange(0, 2.5, 0.5), np.arange(0, 2.5, 0.5)))
    name = f"scipy {scipy.__version__}, L-BFGS-B"
    for tolerances, options in (("its own tolerances", {}), ("converged", CONVERGED)):
        begun = time.perf_counter()
        best = None
        for start in starts:
            found = minimize(fit_chinchilla_law, start, args=(*data, ones), jac=True, method="L-BFGS-B", options=options)
            if best is None or found.fun < best.fun:
                best = found
        report(f"{name} from {len(starts)} starts, {tolerances}", time.perf_counter() - begun, ours["cold_seconds"],
               f"objective {best.fun:.10f}, ours {ours['objective']:.10f}")
    count = int(ours["resamples"])
    for tolerances, options in (("its own tolerances", {}), ("converged", CONVERGED)):
        random = np.random.default_rng(0)
        alphas = []
        begun = time.perf_counter()
        for _ in range(count):
            weights = np.bincount(random.integers(len(n), size=len(n)), minlength=len(n)).astype(float)
            alphas.append(minimize(fit_chinchilla_law, best.x, args=(*data, weights), jac=True, method="L-BFGS-B",
                                   options=options).x[3])
        low, high = np.percentile(alphas, [2.5, 97.5])
        report(f"{name}, {count} warm refits, {tolerances}", time.perf_counter() - begun, ours["bootstrap_seconds"],
               f"95% of alpha {low:.4f} to {high:.4f}, ours {ours['alpha_low']:.4f} to {ours['alpha_high']:.4f}")


def measure_chinchilla(n, d, loss, ours):
    try:
        import numpy as np
        from chinchilla import Chinchilla
        from chinchilla._metrics import log_huber
    except ImportError as error:
        print(f"  chinchilla: not measured: {error}")
        return
    version = importlib.metadata.version("chinchilla")
    per_axis = 3
    with tempfile.TemporaryDirectory() as folder:
        # The ranges of its README, three points on each axis of its five.
        peer = Chinchilla(folder, param_grid=dict(E=np.linspace(1.1, 1.5, per_axis), A=np.linspace(200, 1000, per_axis),
                                                  B=np.linspace(200, 1000, per_axis), alpha=np.linspace(0.1, 0.5, per_axis),
                                                  beta=np.linspace(0.1, 0.5, per_axis)),
                          loss_fn=functools.partial(log_huber, delta=DELTA), log_level=50)
        for row in zip(n, d, loss):
            peer.append(N=row[0], D=row[1], loss=row[2])
        begun = time.perf_counter()
        peer.fit(parallel=False)
        seconds = time.perf_counter() - begun
        theta = np.log(float(peer.A)), np.log(float(peer.B)), np.log(float(peer.E)), float(peer.alpha), float(peer.beta)
    value, _ = fit_chinchilla_law(theta, np.log(n), np.log(d), np.log(loss), np.ones_like(n))
    report(f"chinchilla {version}, README's 5^5 grid from {per_axis}^5 measured", seconds * 5**5 / per_axis**5,
           ours["cold_seconds"], f"objective {value:.8f}")


def measure_scalefit():
    spec = importlib.util.find_spec("scalefit")
    if spec is None:
        print("  scalefit: not measured: not installed")
        return
    version = importlib.metadata.version("scalefit")
    import scalefit
    names = [name for name in vars(scalefit) if not name.startswith("_")]
    names += [module.name for module in pkgutil.iter_modules(scalefit.__path__)]
    if names:
        print(f"  scalefit {version}: not measured: it now has {', '.join(names)}, which this benchmark does not know")
    else:
        print(f"  scalefit {version}: not measured: the package is empty")


def main():
    if sys.argv[1] == "--measure":
        import numpy as np
        ours = {key: float(value) for key, value in (line.split() for line in open(sys.argv[2]))}
        n, d, loss = np.loadtxt(sys.argv[3], delimiter=",", skiprows=1, unpack=True)
        measure_scipy(n, d, loss, ours)
        measure_chinchilla(n, d, loss, ours)
        measure_scalefit()
        return
    binary, law, runs, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    used, figures = os.path.join(folder, "used.csv"), os.path.join(folder, "isoflop.txt")
    python = environment(folder)
    with open(figures, "w") as out:
        subprocess.run([binary, law, runs, used], stdout=out, check=True)
    ours = dict(line.split() for line in open(figures))
    single = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", MPLBACKEND="Agg")
    version = subprocess.run([python, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"The Chinchilla law on {ours['runs']} runs of {os.path.basename(runs)}; {version}; one thread each side\n")
    print(f"  {'':<58} {'peer':>11} {'Isoflop':>13} {'ratio':>10}", flush=True)
    subprocess.run([python, os.path.abspath(__file__), "--measure", figures, used], env=single, check=True)


main()
