"""Send letters and tidy up in a process of its own, beside servers that run with doorward.run_worker = false."""

from __future__ import annotations

import argparse
import signal

from portal.app import assemble, prepare
from portal.app.redact import set_up_logging
from portal.cli.configuration import open_configuration
from portal.notices import worker
from portal.notices.transport import staying

STOP = {signal.SIGINT, signal.SIGTERM}


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No more than the data directory."""


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop."""
    settings = open_configuration(arguments.data).settings
    set_up_logging()
    prepare(settings)
    # Blocked before any thread begins: the signals wait for `sigwait` and interrupt nothing half-way.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    instance = assemble(settings).instance
    stop = worker.start(instance)
    if (sentence := staying(settings)) is not None:
        print(sentence)
    print("The worker is running. Stop it with Ctrl+C.", flush=True)
    signal.sigwait(STOP)
    stop()
    instance.database.close()
    return 0
