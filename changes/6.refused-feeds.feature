A feed with a broken signature, an older number, mixed pages or an expired list is refused with a sentence, and nothing is changed; an unknown key or a new count waits for a person.
