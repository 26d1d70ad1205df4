"""Groups of customers, and what they are worth."""
