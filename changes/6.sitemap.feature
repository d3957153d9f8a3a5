Search engines find the pages of open datasets in a sitemap.
