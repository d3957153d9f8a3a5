What became of each record is kept of the last 30 harvests of each member, and of failed ones for 180 days; counts are kept for ever.
