"""Pages: parse, one call into a domain, render."""
