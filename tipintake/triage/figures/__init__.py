"""Figures of tips as SVG, each with a title, a description and a table that says the same.

Pure: values come in, text goes out. The desk shows them, and packets may print them. Colors come
from the page's style sheet where there is one, and from the elements themselves where there is
none. No script, no style attribute, nothing from elsewhere.
"""
