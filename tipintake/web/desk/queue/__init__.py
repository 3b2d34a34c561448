"""The analyst's queue over every line that they may see."""
