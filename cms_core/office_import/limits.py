"""How much one import may ask of the machine, and why."""

#: Bytes of the text of a Word file, unpacked. Reading holds it in memory about fifty times over; six
#: megabytes are some two hundred pages, and longer texts are read as a file, not on a page.
LARGEST_TEXT = 6 * 1024 * 1024
#: Pictures taken from one file: each is decoded and stored in this request.
MOST_PICTURES = 40
#: Bytes of one packed picture.
LARGEST_PICTURE = 20 * 1024 * 1024
#: Sheets of one workbook that become tables.
MOST_SHEETS = 10
#: Characters of a first paragraph that may be the title: the longest titles of notices have about 60.
LONGEST_GUESSED_TITLE = 70
