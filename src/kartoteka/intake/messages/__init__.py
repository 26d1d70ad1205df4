"""An order that somebody wrote as a message: read into a draft, confirmed by staff."""
