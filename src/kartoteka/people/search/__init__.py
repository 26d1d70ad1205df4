"""Finding a customer by any word of the record.

words: what of a record is put in the index, and how a text is cut into words. spelling: what makes two words look or
sound alike. index: feeding. asking: what was typed, as terms. lookup: reading the index. find: the answer.

How it works. A million people use a few hundred thousand different words, so a misspelt word is corrected before anybody
is looked up: `people_searchword` holds every word once, `people_searchclue` leads from three letters in a row, from the
sound and from a short word with a letter missing to the words that have it. The customers are then found by whole words in
a full text index (FTS5 on SQLite, a GIN index on PostgreSQL), and ranked in Python by one rule on both.

Sensitive fields are not in the index at all: nobody finds a customer by them, whoever asks. When an own field is made
sensitive, `reindex` takes its words out.
"""
