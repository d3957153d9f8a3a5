A registry says in its feed through which sites a harvested record came (`cdata:custody`), and leaves out what came through itself (*looped*).
