"""Customers taken out as a file.

asking: who asks, who approves. writing: the worker writes the file, sealed, marked for its one recipient. marks: the marks
(canaries, order, spacing). tracing: a file that turned up, read back to who had it.
"""
