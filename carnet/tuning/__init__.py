"""The workshop: how soon people find the company that they mean, measured on real names, keystroke by keystroke."""
