"""Packages of Debian, installed where we are allowed to: as root on Debian or its kin."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from deploy.embedded import say

_TRIES = 3


def may_install() -> bool:
    """Tell whether this is Debian (or a relative) and we are root."""
    return (
        sys.platform == "linux"
        and os.geteuid() == 0
        and Path("/etc/debian_version").exists()
        and shutil.which("apt-get") is not None
    )


def install(*packages: str) -> bool:
    """Install ``packages``, trying thrice for the network's sake; tell whether it worked."""
    for number in range(_TRIES):
        time.sleep(5 * number)
        if _apt("update") and _apt("install", "-y", "--no-install-recommends", *packages):
            return True
    return False


def _apt(*arguments: str) -> bool:
    done = subprocess.run(
        ["apt-get", "-q", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say.step(f"apt-get {arguments[0]} failed: {done.stderr.strip()[-400:]}")
    return done.returncode == 0
