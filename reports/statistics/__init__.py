"""Counts: what everybody may know by county and quarter, and what the house needs by month."""
