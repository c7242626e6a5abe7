// Calls of the JSON API, with the visitor's session. Whatever goes wrong becomes a Problem that can be shown as it is.

import { strings } from "./strings.js";

const SIGNED_OUT = 401;

export class Problem extends Error {
  constructor({ status = 0, code = "unexpected", detail = strings.unexpected, errors = {} } = {}) {
    super(detail);
    Object.assign(this, { name: "Problem", status, code, detail, errors });
  }
}

/** Answers {data, etag}; throws a Problem, or the AbortError of `signal`. */
export async function call(method, path, { body, headers = {}, signal } = {}) {
  const asked = { Accept: "application/json, application/problem+json", "Accept-Language": document.documentElement.lang };
  const client = document.querySelector('meta[name="acting-for"]'); // whose books this page shows, and so what it asks for
  if (client) asked["Carnet-Acting-For"] = client.content;
  if (method !== "GET") asked["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  if (body !== undefined) asked["Content-Type"] = "application/json";
  const options = { method, headers: { ...asked, ...headers }, signal, cache: "no-store", credentials: "same-origin" };
  if (body !== undefined) options.body = JSON.stringify(body);
  let answer, text;
  try {
    answer = await fetch(path, options);
    text = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ code: "unreachable", detail: strings.unreachable });
  }
  const data = parsed(text);
  if (answer.status === SIGNED_OUT) throw new Problem({ ...data, detail: strings.signed_out, status: SIGNED_OUT });
  if (!answer.ok) throw new Problem({ ...data, status: answer.status });
  return { data, etag: answer.headers.get("ETag") };
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return {}; // not ours: the page of a proxy in between, say
  }
}
