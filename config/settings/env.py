"""The one reader of environment variables, and where the project stands on disk."""

from pathlib import Path

from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
