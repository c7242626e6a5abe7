"""A company's customer and vendor lists.

A contact stores its link and the fields written here, and nothing else: reading it composes the card version that it
follows with those fields. So a card's update reaches any number of contacts at once and at no cost. What a member wrote
into a field is never changed by the network: what the network says since is offered beside it.

reading, listing     what a contact says                       history, offers   what it said before, what the card says
creating, editing    new ones; one's own values                linking           link, unlink, delete
duplicates           said before saving                        matching, accepting   an existing list, in one go
"""

from directory.contacts.accepting import Accepted, Outcome, accept_matches
from directory.contacts.creating import create_contact
from directory.contacts.duplicates import Because, Duplicate, find_duplicates
from directory.contacts.editing import NETWORK, edit_contact, revert_contact
from directory.contacts.history import Entry, read_history
from directory.contacts.linking import delete_contact, link_contact, unlink_contact
from directory.contacts.listing import list_contacts
from directory.contacts.matching import Matched, Verdict, match_names
from directory.contacts.offers import Offer
from directory.contacts.opening import read_contact
from directory.contacts.reading import Contact

__all__ = [
    "NETWORK",
    "Accepted",
    "Because",
    "Contact",
    "Duplicate",
    "Entry",
    "Matched",
    "Offer",
    "Outcome",
    "Verdict",
    "accept_matches",
    "create_contact",
    "delete_contact",
    "edit_contact",
    "find_duplicates",
    "link_contact",
    "list_contacts",
    "match_names",
    "read_contact",
    "read_history",
    "revert_contact",
    "unlink_contact",
]
