On a search page several choices of one list find what has any of them, each list says how many more a further choice would add, and data are found by the years that they speak about.
