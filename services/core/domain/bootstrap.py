"""The paired bootstrap: how much a difference between two runs of the same questions may be chance.

It needs numpy, which takes 20 MB: import this where it is used.
"""

from collections.abc import Sequence

import numpy as np

from services.core.domain.evaluation import Score

FOLDS = 2_000


class Resampled:
    """The same questions drawn again and again, with replacement: each fold says how often it drew each."""

    def __init__(self, questions: int) -> None:
        chances = np.full(questions, 1 / questions)
        self._counts = np.random.default_rng(1).multinomial(questions, chances, FOLDS).astype(np.float32)

    def interval(self, before: Sequence[Score], after: Sequence[Score]) -> tuple[float, float]:
        """The 95 % interval of the difference of a metric, of which each question has a part and a whole."""
        scores = np.hstack([np.asarray(before, np.float32), np.asarray(after, np.float32)])
        parts, wholes, parts_after, wholes_after = (self._counts @ scores).T
        with np.errstate(divide="ignore", invalid="ignore"):  # a fold may have none of the questions that it is about
            differences = parts_after / wholes_after - parts / wholes
        known = differences[np.isfinite(differences)]
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (0.0, 0.0)
        return float(low), float(high)
