"""One run of wrk, and what it found."""

import os
import pathlib
import re
import subprocess

SCRIPTS = pathlib.Path(__file__).resolve().parent / "wrk"
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def wrk(url, connections, seconds, script=None, **environment):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    if script:
        command += ["-s", str(SCRIPTS / script)]
    environment = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    printed = subprocess.run(
        [*command, url], env=environment, check=True, capture_output=True, text=True
    ).stdout
    # A failed request would make the others look fast.
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise SystemExit(printed)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", printed).group(1))
    return rate, percentile(printed, 50), percentile(printed, 99)


def percentile(printed, percent):
    value, unit = re.search(rf"\s{percent}%\s+([\d.]+)(us|ms|s)", printed).groups()
    return float(value) * MILLISECONDS[unit]
