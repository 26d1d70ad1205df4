"""One way of writing: names, phones, e-mails, addresses, dates, companies. Pure functions, no Django."""
