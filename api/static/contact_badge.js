// How a contact stands to the network: linked and following, linked to a company that shares no more updates, or local.

import { strings } from "./strings.js";

export function stateOf(contact) {
  if (!contact.linked) return "local";
  return contact.following ? "linked" : "frozen";
}

export function writeBadge(badge, contact) {
  const state = stateOf(contact);
  badge.textContent = strings[state];
  badge.className = `badge badge-${state}`;
  badge.hidden = false;
}
