Feeds are parsed in a process of its own with little memory and time and without files and network: a page that is made to break a parser is refused by name, and the next member is harvested as ever.
