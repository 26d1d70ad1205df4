from django.db import migrations

# Who has no name stands behind all who have one, in every collation (people/rows.py).
MARKED = """
    UPDATE people_customer SET sort_name = CASE
        WHEN sort_name = '' OR (name = '' AND company = '' AND given = '' AND family = '' AND nickname = '')
        THEN '1 ' ELSE '0 ' END || substr(sort_name, 1, 298)
"""
UNMARKED = "UPDATE people_customer SET sort_name = substr(sort_name, 3)"


class Migration(migrations.Migration):

    dependencies = [("people", "0009_birthdays")]

    operations = [migrations.RunSQL(MARKED, UNMARKED)]
