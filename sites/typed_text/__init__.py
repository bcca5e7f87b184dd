"""What people type or paste: the signs that nobody sees are taken out before anything is stored or asked."""
