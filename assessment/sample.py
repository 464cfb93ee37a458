"""样例区的考核: the last three full quarters, all but the newest published."""

from accounts.models import User
from assessment.services import compute, publish, start_run
from branches.sample import SampleDistrict

QUARTERS = 3


def build(*, sample: SampleDistrict, staff: User, second_staff: User) -> None:
    """Compute the quarters, the oldest first; the newest waits to be published by staff."""
    quarters = [sample.closed]
    while len(quarters) < QUARTERS:
        quarters.insert(0, quarters[0].previous())
    for quarter in quarters:
        run, _ = start_run(unit=sample.root, period=quarter, by=staff)
        run = compute(run=run)
        if quarter != sample.closed:
            publish(run=run, by=second_staff)
