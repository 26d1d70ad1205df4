"""The command line: `kartoteka ...`."""
