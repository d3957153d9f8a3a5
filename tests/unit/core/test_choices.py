"""What is chosen on a search page, as filters."""

from ckanext.citizendata.core.choices import chosen, filters, stock_filter

PAIRS = [("q", "water"), ("country", "KEN"), ("goal", "5"), ("country", "GHA"), ("ext_from", "2019"), ("_limit", "0")]


def test_what_ckan_makes_of_a_page() -> None:
    """In the order of the address, without what is no choice."""
    assert stock_filter(PAIRS) == 'country:"KEN" goal:"5" country:"GHA"'


def test_any_of_one_list_and_something_of_each() -> None:
    """Each field has one filter."""
    assert filters(chosen(PAIRS)) == {"country": 'country:("KEN" OR "GHA")', "goal": 'goal:"5"'}


def test_a_value_says_nothing_but_itself() -> None:
    """Marks of Solr's language are part of the value; what can be no field is left out, and what others hung on."""
    pairs = [
        ("country", 'KEN" OR "\\'),
        ("country", "KEN"),
        ("a:b OR c", "x"),
        ("fbclid", "1"),
        ("utm_source", "m"),
        ("mc_cid", "2"),
    ]

    assert filters(chosen(pairs)) == {"country": 'country:("KEN\\" OR \\"\\\\" OR "KEN")'}


def test_the_same_choice_twice_is_one() -> None:
    """Nothing is joined where nothing is to join."""
    assert filters(chosen([("country", "KEN"), ("country", "KEN")])) == {"country": 'country:"KEN"'}
