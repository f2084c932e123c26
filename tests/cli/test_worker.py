"""`doorward worker`: a process that works until it is told to stop."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.serving import DOORWARD, PATIENCE_SECONDS, surroundings


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_cleanly_when_it_is_asked_to(tmp_path: Path, how: signal.Signals) -> None:
    command = [DOORWARD, "worker", "--data", str(tmp_path / "data")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=surroundings(), **pipes) as worker:
        assert worker.stdout.readline() == "The worker is running. Stop it with Ctrl+C.\n"
        worker.send_signal(how)
        _out, err = worker.communicate(timeout=PATIENCE_SECONDS)
    assert worker.returncode == 0
    assert "Traceback" not in err
