"""Finding the parameters at which a likelihood is highest, and how sure they are. Pure: numpy and scipy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from .history import Numbers

# Twice this many standard errors hold 95 of 100 (two-sided normal).
_Z95 = 1.959963984540054
# No parameter of these models means anything further out than this (natural logarithms).
_FURTHEST = 14.0
_STEP = 1e-4


class CannotFit(ValueError):
    """There is too little, or too little that differs, to fit a model to. The message says what is missing."""


@dataclass(frozen=True)
class Fitted:
    """Parameters in the order of the model, their 95 % intervals, and how they hang together.

    log_likelihood: at the parameters. spread: covariance of the parameters' logarithms, or None where the likelihood is
    flat in some direction: then no interval is given either.
    """

    parameters: Numbers
    log_likelihood: float
    customers: int
    spread: Numbers | None

    @property
    def intervals(self) -> list[tuple[float, float] | None]:
        """Lower and upper end for each parameter (Wald, on the logarithm: a parameter is never negative)."""
        if self.spread is None:
            return [None] * len(self.parameters)
        errors = np.sqrt(np.diag(self.spread))
        return [
            (float(value * np.exp(-_Z95 * error)), float(value * np.exp(_Z95 * error)))
            for value, error in zip(self.parameters, errors, strict=True)
        ]

    def draws(self, count: int, *, seed: int = 1) -> Numbers:
        """So many sets of parameters as the fit leaves them possible; the fit itself where it says no spread."""
        if self.spread is None:
            return np.tile(self.parameters, (count, 1))
        lots = np.random.default_rng(seed)
        return np.exp(lots.multivariate_normal(np.log(self.parameters), self.spread, size=count))


def highest(
    likelihood: Callable[[Numbers], tuple[float, Numbers]], *, start: list[float], customers: int
) -> Fitted:
    """Climb to the highest likelihood.

    likelihood: parameters (all positive) -> log-likelihood and its gradient in the parameters' logarithms. start: where
    to begin. Raises CannotFit where no summit is found.
    """

    def downhill(logs: Numbers) -> tuple[float, Numbers]:
        value, gradient = likelihood(np.exp(logs))
        return -value / customers, -gradient / customers

    found = minimize(
        downhill,
        np.log(start),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_FURTHEST, _FURTHEST)] * len(start),
        options={"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-9},
    )
    logs = np.asarray(found.x, dtype=np.float64)
    if not np.all(np.isfinite(logs)) or not np.isfinite(found.fun):
        raise CannotFit("No parameters fit these purchases.")
    return Fitted(np.exp(logs), -float(found.fun) * customers, customers, _spread(likelihood, logs))


def _spread(likelihood: Callable[[Numbers], tuple[float, Numbers]], logs: Numbers) -> Numbers | None:
    """The inverse of the observed information, from differences of the gradient.

    None where that is next to flat, so that an error is wider than all that a parameter can mean."""
    size = len(logs)
    bend = np.empty((size, size))
    for place in range(size):
        step = np.zeros(size)
        step[place] = _STEP
        ahead, behind = (likelihood(np.exp(logs + sign * step))[1] for sign in (1, -1))
        bend[place] = (ahead - behind) / (2 * _STEP)
    information = -(bend + bend.T) / 2
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return None
    spread = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return spread if np.all(np.sqrt(np.diag(spread)) < 2 * _FURTHEST) else None
