"""Linking: which customers of a base are one and the same.

Pure: an Arrow table in, groups and doubts out. Read in this order: derive with dictionaries, nicknames, spellings and
sharing (columns), blocking (candidates), comparisons and compare (levels), model (weights), namesakes, clusters and
resolving (decisions), reasons.
"""

from .linkage import DOUBT_AT, JOIN_AT, compare, link
from .outcome import Join, Linkage, Pair
from .reasons import Reason

__all__ = ["DOUBT_AT", "JOIN_AT", "Join", "Linkage", "Pair", "Reason", "compare", "link"]
