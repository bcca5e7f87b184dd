"""Reading an old site from the web, politely and only where it is allowed to look."""
