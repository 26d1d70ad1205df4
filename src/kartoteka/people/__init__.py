"""Customers: identities, claims, the record computed from them, contact points, relations, fields, tags, search."""
