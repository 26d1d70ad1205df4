"""Kartoteka: a business's own customer database."""

__version__ = "0.1.0"
