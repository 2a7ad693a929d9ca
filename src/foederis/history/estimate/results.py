"""What a fit says: coefficients with their errors, how good the maximum is, and what is to be minded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis._version import __version__
from foederis.history.estimate.numbers import short

if TYPE_CHECKING:  # at run time these would import jax
    import pandas

    from foederis.history.estimate.bootstrap import Bootstrap
    from foederis.history.estimate.maximise import Start
    from foederis.history.estimate.model import Model, Named
    from foederis.history.estimate.predict import Predicted, Profile
    from foederis.history.estimate.separation import Separation

Row = dict[str, Any]
FEW = 40  # clusters, below which errors come out too small


@dataclass(frozen=True, repr=False)
class Fit:
    """A strategic choice model fitted to data.

    Attributes:
        form, formula, errors, link: as they were asked for.
        model: the data, as they were used, and the names of coefficients.
        best: where the likelihood, with its penalty, is largest.
        log_likelihood: of all cases, without the penalty.
        covariance: float64[coefficients, coefficients], the inverse of the observed information at the estimate,
            without the penalty's share, or with clusters the sandwich; nan where the information is not positive
            definite, or where there is no maximum.
        penalty: what was used: `none` or `log-F`; `chosen` says whether the data decided it.
        separation: what was found at each move, from the last to the first.
        starts: what became of every start.
        bootstrap: None if none was asked for.
        cluster: the column of clusters, None without; clusters: how many there are, 0 without.
    """

    form: str
    formula: str
    errors: str
    link: str
    model: Model
    best: Start
    log_likelihood: float
    covariance: Any
    penalty: str
    chosen: bool
    separation: tuple[Separation, ...]
    starts: tuple[Start, ...]
    bootstrap: Bootstrap | None = None
    cluster: str | None = None
    clusters: int = 0

    @property
    def names(self) -> tuple[Named, ...]:
        return self.model.names

    @property
    def coefficients(self) -> Any:
        """float64[coefficients]"""
        return self.best.coefficients

    @property
    def standard_errors(self) -> Any:
        """float64[coefficients]: of the bootstrap if there was one, else from the covariance."""
        if self.bootstrap is not None:
            return self.bootstrap.standard_errors
        return np.sqrt(np.diag(self.covariance))

    @property
    def converged(self) -> bool:
        return not self.best.failure

    @property
    def gradient_norm(self) -> float:
        """Of the objective, the penalty included, at the estimate."""
        return self.best.gradient_norm

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What is predicted for each case: the outcomes; of the ultimatum form the offer, and that it is accepted."""
        return self.model.predicted

    @property
    def cases(self) -> int:
        return self.model.problem.cases

    @property
    def left_out(self) -> int:
        """How many rows of the data were left out, since something is missing in them."""
        return self.model.table.rows - self.cases

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be minded before the numbers are used."""
        found = []
        if not self.converged:
            found.append(f"no start reached a maximum; the best stopped where {self.best.failure}; {self._cure}")
        for part in self.separation:
            if part.found:
                found.append(self._of_separation(part))
        lower = [start.name for start in self.starts if start.failure.startswith("another maximum")]
        if lower:
            found.append(f"the likelihood has several maxima; lower ones were reached from {', '.join(lower)}")
        if 0 < self.clusters < FEW:
            found.append(f"{self.clusters} clusters are few; errors made from them tend to be too small")
        if self.bootstrap is not None and self.bootstrap.failed:
            failed = sum(self.bootstrap.failed.values())
            whole = failed + len(self.bootstrap.coefficients)
            found.append(f"{failed} of {whole} bootstrap samples had no maximum and are left out")
        return tuple(found)

    @property
    def _cure(self) -> str:
        if self.penalty == "none" and any(part.found for part in self.separation):
            return '`penalty="log-F"` keeps estimates finite'
        if self.form == "ultimatum":
            return "give a scale that is known, `s1` or `s2`, or leave out terms"
        flat = "leave out terms that stand in several utilities, or what the data hardly tell apart"
        return f"{flat}; or ask for more `starts`"

    def _of_separation(self, part: Separation) -> str:
        how = "completely" if part.complete else f"in {part.separated} of {part.cases} cases"
        found = f"a sum of regressors tells move {part.move} without fail, {how} ({', '.join(part.weights)})"
        if self.penalty == "none":
            return f"{found}; its coefficients are inflated, or have no estimate at all"
        why = ", which separation made the default" if self.chosen else ""
        return f"{found}; estimates are finite by the {self.penalty} penalty{why}"

    def rows(self) -> list[Row]:
        """One for each coefficient."""
        errors = self.standard_errors
        ratio = self.coefficients / errors
        return [
            {
                "equation": name.equation,
                "term": name.term,
                "estimate": float(value),
                "standard_error": float(error),
                "z": float(z),
                "p": math.erfc(abs(z) / math.sqrt(2.0)),
            }
            for name, value, error, z in zip(self.names, self.coefficients, errors, ratio, strict=True)
        ]

    def facts(self) -> Row:
        """What holds for all rows."""
        return {
            "form": self.form,
            "formula": self.formula,
            "errors": self.errors,
            "link": self.link,
            "cases": self.cases,
            "left_out": self.left_out,
            "log_likelihood": self.log_likelihood,
            "penalty": self.penalty,
            "objective": self.best.objective,
            "converged": self.converged,
            "gradient_norm": self.gradient_norm,
            "standard_errors": "bootstrap" if self.bootstrap is not None else self._information,
            "cluster": self.cluster,
            "clusters": self.clusters,
            "separated_moves": [part.move for part in self.separation if part.found],
            "starts": [
                {
                    "name": start.name,
                    "objective": start.objective if np.isfinite(start.objective) else None,
                    "gradient_norm": start.gradient_norm if np.isfinite(start.gradient_norm) else None,
                    "failure": start.failure or None,
                }
                for start in self.starts
            ],
            "warnings": list(self.warnings),
        }

    @property
    def _information(self) -> str:
        return "observed information" if self.cluster is None else "sandwich"

    def to_json(self) -> Row:
        """The fit as plain data; what is not known is None."""
        rows = [{k: _plain(value) for k, value in row.items()} for row in self.rows()]
        return {"foederis": __version__, **{k: _plain(v) for k, v in self.facts().items()}, "rows": rows}

    def to_frame(self) -> pandas.DataFrame:
        """The coefficients as a table. Needs pandas."""
        import pandas

        return pandas.DataFrame(self.rows())

    def predict(self, data: Any = None) -> Predicted:
        """How likely each outcome is, for each case fitted or for each row of other data.

        Raises:
            FitError: data that lack a column, or in which a value is missing.
        """
        from foederis.history.estimate.predict import predict

        return predict(self, data)

    def profile(
        self, column: str, at: Any = None, *, others: Mapping[str, Any] | None = None, seed: int = 0
    ) -> Profile:
        """How likely each outcome is as one column goes through its range, all others standing still.

        Args:
            at: the values of the column; 41 from its least to its largest, or all its words, if None.
            others: values of other columns, in place of their medians or most frequent words.
        Raises:
            FitError: no such column.
        """
        from foederis.history.estimate.predict import profile

        return profile(self, column, at, others or {}, seed=seed)

    def __str__(self) -> str:
        width = max(len(str(name)) for name in self.names)
        lines = [
            f"{self.form}, {self.errors} errors, {self.link}: {self.cases:,} cases"
            + (f", {self.left_out:,} left out for missing values" if self.left_out else ""),
            f"log-likelihood {self.log_likelihood:.4f}, gradient norm {self.gradient_norm:.1e}, penalty {self.penalty}"
            + (f", errors by {self.clusters} clusters of {self.cluster}" if self.cluster else ""),
            "",
            f"{'':{width}}  {'estimate':>10}  {'std. error':>10}  {'z':>7}",
        ]
        for name, row in zip(self.names, self.rows(), strict=True):
            numbers = f"{short(row['estimate'])}  {short(row['standard_error'])}  {_ratio(row['z'])}"
            lines.append(f"{name!s:{width}}  {numbers}")
        lines += ["", "starts:" if self.penalty == "none" else "starts, log-likelihood with the penalty:"]
        for start in self.starts:
            lines.append(
                f"  {start.name}: {start.objective:.4f}" + (f", failed: {start.failure}" if start.failure else "")
            )
        return "\n".join([*lines, *(f"warning: {warning}" for warning in self.warnings)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def _ratio(value: float) -> str:
    return f"{'':>7}" if np.isnan(value) else f"{value:>7.2f}"


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value
