"""A run that is killed three times: ``python -m tests.bench.judging [REPLIES]`` prints what was paid, and how fast.

A stand-in endpoint on this machine charges for each answer. It answers a question of the same Idempotency-Key again
without charging, as endpoints that know the header do, so that a kill without warning costs nothing either.
"""

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from tests.made_judged import SYSTEMS, made_study
from tests.standin_endpoint import Manner, StandinEndpoint

TOP = Path(__file__).parents[2]
KILLS = (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL)


def main(replies: int) -> None:
    """Run, kill, go on, and count."""
    with tempfile.TemporaryDirectory() as folder, StandinEndpoint(remembers=True) as endpoint:
        study, out = made_study(Path(folder) / "study", replies // len(SYSTEMS)), Path(folder) / "out"
        command = [sys.executable, "-m", "data", "judge", "--model", "m", "--endpoint", endpoint.url, "--yes"]
        command += ["--study", str(study), "--output", str(out), "--concurrency", "16"]
        endpoint.manners = [Manner.BUSY, *[Manner.ANSWERS] * 50, Manner.FAILS, Manner.SLOW, Manner.ANSWERS]
        for number, kill in enumerate(KILLS, start=1):
            process = subprocess.Popen(command, cwd=TOP, stderr=subprocess.DEVNULL)
            while len(endpoint.paid) < replies * number // 4:
                time.sleep(0.01)
            process.send_signal(kill)
            process.wait()
            print(f"{kill.name} after {len(endpoint.paid):,} replies: exit code {process.returncode}")
        before, start = len(endpoint.paid), time.perf_counter()
        code = subprocess.run(command, cwd=TOP, stderr=subprocess.DEVNULL, check=False).returncode
        spent = time.perf_counter() - start
        rated = pd.read_csv(out / "m_llm_judge.csv")[["item", "system"]].drop_duplicates()
    most = max(endpoint.paid.values())
    print(f"then exit code {code}: {len(rated):,} replies rated, {len(endpoint.paid):,} paid, each {most} time(s)")
    print(
        f"{len(endpoint.asked):,} calls in all; the last run made {(len(endpoint.paid) - before) / spent:.0f} a second"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
