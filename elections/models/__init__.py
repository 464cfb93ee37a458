"""换届: elections and their steps, who votes, tallies, 提前和延期, the wave of villages."""

from elections.models.ballots import Ballot, BallotLine
from elections.models.election import Election, ElectionFile, ElectionStep
from elections.models.shift import Shift
from elections.models.voters import Candidate, Exclusion, ExclusionReason
from elections.models.wave import CivicStep, Wave, WaveBody

__all__ = [
    "Ballot",
    "BallotLine",
    "Candidate",
    "CivicStep",
    "Election",
    "ElectionFile",
    "ElectionStep",
    "Exclusion",
    "ExclusionReason",
    "Shift",
    "Wave",
    "WaveBody",
]
