"""The reports of the site: questions to its days in the event store, answered by DuckDB. Pure of any page.

Each is a function that takes who asks (`actor`), what for (`Asked`) and its own choices, and gives frozen rows. They count
the whole site: whoever may see numbers of the base sees them. Bots are left out.
"""
