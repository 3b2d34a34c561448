"""How the work stands, counted for a supervisor. Every question is one grouped or capped query.

A figure covers what this account may see and nothing beyond: its lines, and the tips of those.
"""
