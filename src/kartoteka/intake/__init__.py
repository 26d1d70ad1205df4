"""Ways in: files of any kind people keep, read, mapped, checked, run, undone."""
