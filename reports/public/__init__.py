"""What residents see of reports: the published numbers. It reads `PublishedQuarter` alone."""
