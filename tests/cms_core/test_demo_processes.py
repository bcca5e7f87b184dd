"""Web server, worker and scheduler of the demo live and end together."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import sys
from cms_core.demo.processes import Service, run_together
folder = sys.argv[1]
sleeper = [sys.executable, "-c", "import os,sys,time; open(sys.argv[1],'w').write(str(os.getpid())); time.sleep(60)"]
failing = [sys.executable, "-c", "import sys,time; time.sleep(0.5); sys.exit(7)"]
services = [Service("first", [*sleeper, folder + "/first"]), Service("second", [*sleeper, folder + "/second"])]
if sys.argv[2] == "failing":
    services.append(Service("third", failing))
sys.exit(run_together(services, {}, first_is_ready=lambda: True, on_ready=lambda: print("ready", flush=True)))
"""


def start(folder: Path, kind: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT), str(folder), kind],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def pids(folder: Path) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        files = [folder / "first", folder / "second"]
        if all(file.exists() and file.read_text() for file in files):
            return [int(file.read_text()) for file in files]
        time.sleep(0.05)
    raise AssertionError("the services did not start")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_ends_all_of_them(tmp_path: Path) -> None:
    parent = start(tmp_path, "well")
    children = pids(tmp_path)
    parent.send_signal(signal.SIGINT)
    printed, _errors = parent.communicate(timeout=20)
    assert parent.returncode == 0
    assert "ready" in printed
    assert not any(is_running(pid) for pid in children)


def test_one_that_fails_ends_the_others_and_tells_which(tmp_path: Path) -> None:
    parent = start(tmp_path, "failing")
    children = pids(tmp_path)
    _printed, errors = parent.communicate(timeout=20)
    assert parent.returncode == 7
    assert "third ended with status 7" in errors
    assert not any(is_running(pid) for pid in children)
