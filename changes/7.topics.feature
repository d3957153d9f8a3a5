Every country, community and Goal has a page: which data there are, whom they count, and what nobody is known to count.
