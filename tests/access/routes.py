"""Every address of the software, read from the URLconf."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


@dataclass(frozen=True)
class Route:
    """One address: its pattern as it stands in the URLconf, and its name with namespaces."""

    pattern: str
    name: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what stands in it."""
        return tuple(_PARAMETER.findall(self.pattern))

    def url(self, values: Mapping[str, object]) -> str:
        """The address with its parameters filled in."""
        return "/" + _PARAMETER.sub(lambda found: str(values[found[1]]), self.pattern)


@cache
def routes() -> tuple[Route, ...]:
    """All of them, admin and API included, each once, by pattern."""
    found = {route.pattern: route for route in _walk(get_resolver(), "", "")}
    return tuple(found[pattern] for pattern in sorted(found))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            name = ":".join(part for part in (namespace, entry.name) if part)
            yield Route(pattern, name)
