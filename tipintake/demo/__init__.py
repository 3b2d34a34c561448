"""Made-up tips for trying the desk: who links them, with what, and how well that is found."""
