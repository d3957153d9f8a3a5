Editors and administrators of a member's organisation may look at its harvests and plans, have it harvested, and approve or refuse held removals; before, only the registry's administrators could.
