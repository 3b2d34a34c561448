"""What is printed: rows become values, values become pages.

`content` says a row in words, `figures` draws, `gather` holds one volume's tips with their index
and what ties them, `typeset` makes the PDF. Templates are Typst; tips reach them as JSON, so
whatever a tip says is printed and never run.
"""
