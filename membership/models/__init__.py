"""发展党员 (rule sets, candidates, their steps), 组织关系转接, 流动和失联."""

from membership.models.candidate import Candidate, Step
from membership.models.clock import Clock
from membership.models.rule_set import RuleSet, StepRule
from membership.models.transfer import Transfer

__all__ = ["Candidate", "Clock", "RuleSet", "Step", "StepRule", "Transfer"]
