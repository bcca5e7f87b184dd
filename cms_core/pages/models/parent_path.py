"""The tree path of the page above, as the database reads it."""

from django.db.models import CharField, Func


class ParentPath(Func):
    """Tree path of a row's parent.

    Everything stands in the template and nothing in a parameter: SQLite looks an expression up in its
    index only where both read the same. 4 is treebeard's ``steplen``, which a test compares.
    """

    template = "SUBSTR(%(expressions)s, 1, LENGTH(%(expressions)s) - 4)"
    arity = 1
    output_field = CharField()
