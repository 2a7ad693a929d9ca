"""What a fit of a crisis file to observed cases says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.analysis.result import Result, Row
from foederis.diagnostics import close_to
from foederis.history.estimate.numbers import short
from foederis.language.case import Case

if TYPE_CHECKING:
    from foederis.history.estimate.maximise import Start

_FAR = 4.0  # standard deviations of its range: how far from its median a parameter is expected


@dataclass(frozen=True, repr=False)
class FileFit(Result):
    """A crisis file fitted to observed cases.

    Attributes:
        parameters: the quantities that were estimated; covariates: those that the data give; still: the other uncertain
            quantities, which stand at their medians; unused: columns of the data that are no quantity of the file.
        values: float64[parameters], the estimates.
        covariance: float64[parameters, parameters], from the observed information; nan where there is no maximum.
        best: where the likelihood is largest, in standard normal scores of the file's ranges; its gradient too.
        starts: what became of every start.
        paths: {path: how many cases took it}.
        left_out: rows left out for missing values.
        residual: the largest of all solutions, as in `solve`.
    """

    case: Case
    parameters: tuple[str, ...]
    covariates: tuple[str, ...]
    still: tuple[str, ...]
    unused: tuple[str, ...]
    values: Any
    covariance: Any
    best: Start
    starts: tuple[Start, ...]
    paths: dict[str, int]
    left_out: int
    residual: float

    @property
    def log_likelihood(self) -> float:
        return self.best.objective

    @property
    def gradient_norm(self) -> float:
        return self.best.gradient_norm

    @property
    def converged(self) -> bool:
        return not self.best.failure

    @property
    def standard_errors(self) -> Any:
        """float64[parameters]"""
        return np.sqrt(np.diag(self.covariance))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be minded before the numbers are used."""
        found = []
        if not self.converged:
            found.append(f"no start reached a maximum; the best stopped where {self.best.failure}")
        far = [name for name, score in zip(self.parameters, self.best.coefficients, strict=True) if abs(score) > _FAR]
        found += [
            f"`{name}` went far out of its range in the file; widen the range and fit again. If it runs on, the "
            "covariates tell paths without fail, and it has no finite estimate"
            for name in far
        ]
        if not self.converged and not far:
            found.append("measure covariates in units in which they differ by about 1, or ask for more `starts`")
        for column in self.unused:
            close = close_to(column, self.still)
            if close:
                found.append(f"`{close}` stands at its median in every case; did you mean it by the column `{column}`?")
        if any(start.failure.startswith("another maximum") for start in self.starts):
            found.append("the likelihood has several maxima")
        return tuple(found)

    def rows(self) -> list[Row]:
        """One for each parameter."""
        return [
            {"parameter": name, "estimate": float(value), "standard_error": float(error)}
            for name, value, error in zip(self.parameters, self.values, self.standard_errors, strict=True)
        ]

    def facts(self) -> Row:
        return {
            "covariates": list(self.covariates),
            "at_their_medians": list(self.still),
            "cases": sum(self.paths.values()),
            "paths": self.paths,
            "left_out": self.left_out,
            "log_likelihood": self.log_likelihood,
            "converged": self.converged,
            "gradient_norm": self.gradient_norm,
            "residual": self.residual,
            "starts": [
                {
                    "name": s.name,
                    "objective": s.objective,
                    "gradient_norm": s.gradient_norm,
                    "failure": s.failure or None,
                }
                for s in self.starts
            ],
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        width = max(map(len, self.parameters))
        lines = [f"{self.case.title}: {sum(self.paths.values()):,} cases, log-likelihood {self.log_likelihood:.4f}", ""]
        lines += [
            f"{row['parameter']:{width}}  {short(row['estimate'])}  ± {short(row['standard_error']).strip()}"
            for row in self.rows()
        ]
        if self.still:
            lines.append(f"at their medians in every case: {', '.join(self.still)}")
        return "\n".join([*lines, *(f"warning: {warning}" for warning in self.warnings)])

    __repr__ = __str__
