"""A Django database backend for SQLite encrypted by SQLCipher (see docs/adr/0003)."""
