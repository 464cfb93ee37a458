"""State folders for launchers under test: short, because socket addresses have to be short."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.places import Places

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def places() -> Iterator[Places]:
    """This checkout, with a state folder of its own that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="desk-l-"))
    made = Places(ROOT, folder)
    made.make()
    yield made
    shutil.rmtree(folder, ignore_errors=True)
