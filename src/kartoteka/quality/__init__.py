"""Quality: matching, merging, completeness, freshness."""
