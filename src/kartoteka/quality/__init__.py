"""Keeping the base clean: matching, merging and splitting, completeness, freshness."""
