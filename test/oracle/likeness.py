"""Random jobs that are as others are."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

Record = dict[str, object]


@dataclass
class Likeness:
    """Jobs that are as others are, so that an engine may put their records together."""

    # As many kinds of jobs there are.
    jobs: int
    # Packages that come together; as they come to each record where there are none.
    packages: list[list[str]]
    # Facts that each record has of its own, whatever its job.
    own: set[str]
    # Share of other facts that are a record's own: jobs that disagree with themselves.
    noise: float
    models: dict[tuple[int, bool], Record] = field(default_factory=dict)

    def made_like_others(
        self, rng: random.Random, record: Record, job: int, outside: bool
    ) -> Record:
        model = self.models.setdefault((job % self.jobs, outside), record)
        found = {
            name: value if name in self.own or rng.random() < self.noise else model[name]
            for name, value in record.items()
        }
        if self.packages and isinstance(record["package"], str) and rng.random() >= self.noise:
            found["package"] = rng.choice(self.packages[job % len(self.packages)])
        return found


def random_likeness(rng: random.Random, packages: list[str]) -> Likeness:
    own = {"job", "process", "count", "package", "job_part", "process_part"}
    own |= {name for name in ("user", "time", "nodes", "subsystem") if rng.random() < 0.25}
    together = [rng.sample(packages, rng.randint(1, 2)) for _ in range(rng.randint(1, 6))]
    return Likeness(
        rng.choice([1, 3, 12]), rng.choice([[], together, together]), own, rng.choice([0, 0, 0.01])
    )
