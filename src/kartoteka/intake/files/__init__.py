"""Files as people have them, read into rows: any delimiter, encoding and spreadsheet; headings found,
columns mapped.
"""

from kartoteka.intake.files.book import Book, Cell, DateText, Row, Sheet
from kartoteka.intake.files.keys import key_is_sound, shared_keys
from kartoteka.intake.files.mapping import ColumnMap, propose, tells_who
from kartoteka.intake.files.opening import open_file
from kartoteka.intake.files.order_columns import is_of_order, propose_orders
from kartoteka.intake.files.profile import date_orders, guess_country, guess_language, row_voices
from kartoteka.intake.files.unreadable import Problem, Unreadable

__all__ = [
    "Book",
    "Cell",
    "ColumnMap",
    "DateText",
    "Problem",
    "Row",
    "Sheet",
    "Unreadable",
    "date_orders",
    "guess_country",
    "guess_language",
    "is_of_order",
    "key_is_sound",
    "open_file",
    "propose",
    "propose_orders",
    "row_voices",
    "shared_keys",
    "tells_who",
]
