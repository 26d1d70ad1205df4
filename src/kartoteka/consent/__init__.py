"""Consent: for what a business may use what it knows, on what ground, and what a person may ask of it."""
