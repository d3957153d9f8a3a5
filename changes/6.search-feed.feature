Any search can be followed in a feed reader: its page names an Atom feed of what it finds.
