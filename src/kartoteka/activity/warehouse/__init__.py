"""The events of the site a second time, day by day in columns, so that heavy counting is quick.

The truth is in the main database: what lies here can be thrown away and is written anew (days.py). A day is three tables
(tables.py), made of the rows of its events (digesting.py) and kept in an event store (store.py, parquet.py).
"""
