"""Fail when a source file of ours has more than 600 lines; name those over 400."""

import subprocess
import sys
from pathlib import Path

HABIT, LIMIT = 400, 600
KINDS = {".py", ".html", ".js", ".css", ".sh", ".md"}
LOOSE = ("static/vendor/", "tests/data/")


def main() -> int:
    """Print the long files; return 1 when one of them is over the limit."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    over = 0
    for name in listed.stdout.splitlines():
        path = Path(name)
        written = path.suffix in KINDS and "/migrations/" not in name
        ours = written or name in {"run", "test", ".ci/run", ".ci/check"}
        if not ours or name.startswith(LOOSE) or not path.is_file():
            continue
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > HABIT:
            print(f"{name}: {count} lines (habit {HABIT}, limit {LIMIT})")
        over += count > LIMIT
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
