"""What customers do: orders, what happens on the site, and what was said with them."""
