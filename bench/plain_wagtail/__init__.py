"""The comparator: one site on stock Wagtail, written the way its documentation and demo show."""
