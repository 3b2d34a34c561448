"""Plain words, in two languages, that say by themselves whose a name, number or place is."""
