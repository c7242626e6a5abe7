"""How fast a typeahead answers: Carnet, what users would pick instead, and the route a user would write, in one run."""
