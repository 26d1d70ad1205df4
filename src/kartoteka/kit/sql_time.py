"""Time in SQL, the same on SQLite and PostgreSQL, without a call into Python for every row."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, FloatField, Func
from django.utils import timezone

DAY = 86_400


class After(Func):
    """The moment `seconds` (a number, or an expression) after another, to the next full second."""

    output_field = DateTimeField()

    def __init__(self, moment: Any, seconds: Any) -> None:
        self.fixed = None if hasattr(seconds, "resolve_expression") else int(seconds)
        super().__init__(moment, *([] if self.fixed is not None else [seconds]))

    def _parts(self, compiler: Any) -> tuple[str, str, list[Any]]:
        moment, params = compiler.compile(self.source_expressions[0])
        if self.fixed is not None:
            return moment, str(self.fixed + 1), list(params)
        seconds, more = compiler.compile(self.source_expressions[1])
        return moment, f"({seconds}) + 1", [*params, *more]

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By strftime, which takes seconds as a modifier."""
        moment, seconds, params = self._parts(compiler)
        return (
            f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {moment}, CAST({seconds} AS TEXT) || ' seconds')",
            tuple(params),
        )

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By an interval."""
        moment, seconds, params = self._parts(compiler)
        return f"({moment} + ({seconds}) * INTERVAL '1 second')", tuple(params)


class UtcDay(After):
    """The first moment of an ISO day (text) in UTC, `seconds` later."""

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """As a timestamp in UTC."""
        day, seconds, params = self._parts(compiler)
        return f"((({day})::timestamp + ({seconds}) * INTERVAL '1 second') AT TIME ZONE 'UTC')", tuple(params)


class LocalDay(UtcDay):
    """The first moment of an ISO day (text) of the business, `seconds` later; at most an hour early, as clocks change."""

    def __init__(self, day: Any, seconds: int) -> None:
        zone = timezone.get_default_timezone()
        now = timezone.now()
        of_the_year = [
            (now + timedelta(days=each)).astimezone(zone).utcoffset() for each in (0, 91, 182, 273)
        ]
        ahead = max(each or timedelta() for each in of_the_year)
        super().__init__(day, seconds - int(ahead.total_seconds()))


class Seconds(Func):
    """Seconds since the epoch of a moment."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By the Julian day."""
        moment, params = compiler.compile(self.source_expressions[0])
        return f"((julianday({moment}) - 2440587.5) * 86400.0)", tuple(params)

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By EXTRACT."""
        moment, params = compiler.compile(self.source_expressions[0])
        return f"EXTRACT(EPOCH FROM {moment})::double precision", tuple(params)


class MonthDay(Func):
    """Month and day ("04-03") of a partial ISO date that has both. Without parameters, so that an index is by it."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By substr."""
        day, params = compiler.compile(self.source_expressions[0])
        return f"substr({day}, -5)", tuple(params)

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By right."""
        day, params = compiler.compile(self.source_expressions[0])
        return f"right({day}, 5)", tuple(params)
