"""Help inside the administration: the how-to of each screen, read from the documentation."""
