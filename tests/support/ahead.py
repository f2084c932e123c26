"""The `doorward` command with a clock that a test puts forward: by the seconds that stand in a file.

Started as a program of its own. Nothing else differs, so forms, sessions, links, codes and letters grow old together,
as they do for somebody who comes back later.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.cli import main
from portal.kernel.clock import SystemClock

FILE = "CLOCK_AHEAD"
"""The environment variable that names the file."""


def later(_clock: SystemClock) -> datetime:
    """The present instant, moved forward."""
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ[FILE]).read_text()))


if __name__ == "__main__":
    SystemClock.now = later  # type: ignore[method-assign]
    sys.exit(main())
