"""Dates as Poles write them: the short one with full stops, not dashes."""

SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
