"""Ask a running server for everything and compare: ``python -m tests.api.agree --base … ``.

Prints how many units agree to the last digit, and each one that does not; exit status 1 then.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

from tests.api.independent import District, Get, rows


def reader(base: str, client: str, secret: str) -> Get:
    """A function from an address to JSON, with a token of its own."""
    body = urlencode(
        {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    )
    with urlopen(urljoin(base, "/identity/o/api/token"), body.encode()) as answer:
        token = json.load(answer)["access_token"]

    def get(address: str) -> Any:
        request = Request(urljoin(base, address), headers={"Authorization": f"Bearer {token}"})
        with urlopen(request) as answer:
            return json.load(answer)

    return get


def main() -> int:
    """Compare one period; the number of disagreements."""
    parser = argparse.ArgumentParser()
    for name in ("base", "client", "secret", "period"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    get = reader(given.base, given.client, given.secret)
    run = next(rows(get, f"/api/v1/runs/?period={given.period}"))
    mine = District(get, int(given.period[:4]), int(given.period[-1])).ranking()
    theirs = {
        row["unit"]: (
            row["score"],
            row["rank_committee"],
            row["rank_field"],
            row["rank_district"],
        )
        for row in rows(get, f"/api/v1/runs/{run['uuid']}/rows/?page_size=500")
    }
    apart = [code for code in {*mine, *theirs} if mine.get(code) != theirs.get(code)]
    for code in sorted(apart):
        sys.stdout.write(f"{code}: {mine.get(code)} ≠ {theirs.get(code)}\n")
    sys.stdout.write(f"{given.period}: {len(mine) - len(apart)} of {len(mine)} units agree\n")
    return len(apart)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
