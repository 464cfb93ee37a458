"""Static files by their content's name, scripts that import each other included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class DeskStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A script that imports another finds it under its hashed name: one copy of each in a page."""

    support_js_module_import_aggregation = True
