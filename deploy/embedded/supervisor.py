"""Keeps programs running: starts again what ends, slower each time, and stops all in order."""

import threading
import time
from dataclasses import dataclass, field

from deploy.embedded import say
from deploy.embedded.child import Child

_CALM_AFTER = 60.0
_LONGEST_PAUSE = 30.0


def pause(failures: int) -> float:
    """Return the seconds to wait before start number ``failures`` + 1: 1, 2, 4 … at most 30."""
    return min(_LONGEST_PAUSE, 2.0 ** max(0, failures - 1))


@dataclass
class Supervisor:
    """Watches ``children`` in their starting order; ``stopping`` ends the watch.

    ``steady`` means that everything was started, and a stop has to go through the watch.
    """

    children: list[Child]
    steady: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)
    failures: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)

    def start(self, *added: Child) -> None:
        """Start further programs and watch them too."""
        self.steady = True
        for child in added:
            self.children.append(child)
            child.start()

    def watch(self, *, tick: float = 0.5) -> None:
        """Look after the programs until ``stopping`` is set."""
        self.steady = True
        while not self.stopping.wait(tick):
            self.look()

    def look(self) -> None:
        """Start again each program that ended and whose pause is over."""
        now = time.monotonic()
        for child in self.children:
            if child.alive():
                child.trim_log()
                if now - child.started > _CALM_AFTER:
                    self.failures.pop(child.name, None)
                continue
            if child.name not in self.due:
                self._note_end(child, now)
            elif now >= self.due[child.name]:
                del self.due[child.name]
                child.start()

    def stop(self) -> None:
        """Stop all, the last started first."""
        for child in reversed(self.children):
            child.stop()

    def insist(self) -> None:
        """Make a running ``stop`` quicker: tell every program to finish at once."""
        for child in self.children:
            child.insist()

    def _note_end(self, child: Child, now: float) -> None:
        code = child.process.returncode if child.process is not None else None
        child.sweep()
        count = self.failures[child.name] = self.failures.get(child.name, 0) + 1
        self.due[child.name] = now + pause(count)
        say.step(
            f"{child.name} ended (code {code}); starting again in {pause(count):.0f} s - "
            f"see {child.log}"
        )
