"""Static files by their content's name, our own scripts that import each other included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = (
    r"""(?P<matched>\bfrom\s+["'](?P<url>\./[^"']+)["'])""",
    'from "%(url)s"',
)


class DeskStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A script that imports another finds it under its hashed name: one copy of each in a page.

    Django's own switch for this takes libraries' scripts too, which import what is not there.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (_IMPORTS,)))
