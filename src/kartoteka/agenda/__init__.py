"""What we are to do: tasks, calls, meetings, and promises with a clock."""
