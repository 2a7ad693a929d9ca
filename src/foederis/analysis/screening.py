"""Which of many inputs may matter at all: elementary effects of groups, for a few evaluations each.

A radial design: at each of some base points, every group in turn is moved while the others stay. A group that acts
only together with others is seen too, since the others stand elsewhere at each base point.

Sources: Morris (1991), Technometrics 33(2): 161-174; Campolongo, Cariboni & Saltelli (2007), Environmental Modelling &
Software 22(10): 1509-1518 (absolute effects, groups); Campolongo, Saltelli & Cariboni (2011), Computer Physics
Communications 182(4): 978-988 (radial design).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.latin import latin_hypercube

Floats = NDArray[np.float64]


def radial_points(bases: int, dimensions: int, *, seed: int) -> tuple[Floats, Floats]:
    """Base points, and where each of their coordinates moves to when its group is moved.

    Base points are a Latin hypercube. Each coordinate moves round the unit interval by a random quarter to three
    quarters: never so little that an effect drowns, and by no fixed length, which could be a period of the answer.

    Returns:
        float64[bases, dimensions] twice, in (0, 1).
    """
    random = np.random.default_rng([seed, bases, dimensions])
    base = latin_hypercube(bases, dimensions, random)
    moved = (base + random.uniform(0.25, 0.75, base.shape)) % 1.0
    return base, np.clip(moved, 2.0**-34, 1 - 2.0**-34)


def standing(answers: Floats) -> Floats:
    """float64[groups], 0 to 1: how much the answer changes when a group moves, as a part of the most that one does.

    The larger of two: by the mean absolute change of the answer, and by that of its rank, so that a few extreme
    answers neither hide a group nor make it.

    Args:
        answers: float64[1 + groups, bases], at the base points and then with each group moved; pairs with a nan are
            left out.
    Returns:
        1 for a group of which no pair is left: nothing is known of it.
    """
    return np.maximum(_relative(answers), _relative(_levels(answers)))


def _levels(answers: Floats) -> Floats:
    """Ranks among the base points, between them linear. (Among all answers, those near a base point would be a crowd
    in which the least change makes a leap.) What differs by rounding alone is the same."""
    known = np.isfinite(answers[0])
    step = 1e-12 * np.abs(answers[0, known]).max(initial=0.0)
    marks = np.unique(np.round(answers[0, known] / step) * step) if step > 0 else np.zeros(0)
    return np.interp(answers, marks, np.linspace(0, 1, len(marks))) if len(marks) > 1 else answers


def _relative(answers: Floats) -> Floats:
    changes = np.abs(answers[1:] - answers[0])
    known = np.isfinite(changes)
    effects = np.where(known, changes, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    most = effects.max(initial=0.0)
    return np.where(known.any(axis=1), effects / most if most > 0 else 0.0, 1.0)
