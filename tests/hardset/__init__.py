"""A hard set with truth: invented customers as five sources keep them."""
