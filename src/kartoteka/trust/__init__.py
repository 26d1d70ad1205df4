"""Who may do what, and who did: staff, roles, the actor behind every call, audit, keys, backups."""
