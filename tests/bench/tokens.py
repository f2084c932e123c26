"""What the check of a token costs without the database: `python -m tests.bench.tokens`."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from uuid import uuid4

from portal.tokens.header import token_of
from portal.tokens.limits import Expiration, Networks, Owner, ProjectNames, Target, Use, read
from portal.tokens.limits.own import network
from portal.tokens.macaroon import read as read_token
from tests.tokens.made import KEY, basic, minted

ROUNDS = 2000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def main() -> None:
    """Print the median and the 95th percentile of reading, verifying and applying a token with four limits."""
    account_id, project_id = uuid4(), uuid4()
    limits = (
        Owner.of(account_id),
        Expiration.until(datetime(2027, 1, 1, tzinfo=UTC)),
        Networks.of([network("192.0.2.0/24")]),
        ProjectNames.of([f"project-{number}" for number in range(50)]),
    )
    header = basic(minted(*(limit.caveat() for limit in limits)))
    use = Use(NOW, "192.0.2.7", account_id, None, Target("project-49", project_id, "1.0"))
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        sent = read_token(token_of(header))
        if not sent.signed_by(KEY):
            raise SystemExit("the token was not recognised")
        read(sent.caveats).check(use)
        times.append((time.perf_counter() - started) * 1000)
    quantiles = statistics.quantiles(times, n=20)
    print(f"check of a token with four limits: {statistics.median(times):.3f} ms, 95 %: {quantiles[-1]:.3f} ms\n")


if __name__ == "__main__":
    main()
