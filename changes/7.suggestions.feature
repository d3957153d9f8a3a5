Search boxes suggest groups, Goals, countries, regions and titles of what there is while somebody types, by keyboard too.
