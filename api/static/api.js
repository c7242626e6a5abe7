// Calls of the JSON API, with the visitor's session. Whatever goes wrong becomes a Problem that can be shown as it is.
//
// The tabs of a browser have one session, which another tab may have ended, begun anew, or begun as another company. Each call
// says whose its page is, and is refused where the session is another company's by now; a proof of the session before is
// taken anew.

import { strings, words } from "./strings.js";

const SIGNED_OUT = 401;
const PATIENCE_MS = 30_000; // a line that hangs says nothing: nobody is left to wait for ever

export class Problem extends Error {
  constructor({ status = 0, code = "unexpected", detail = strings.unexpected, errors = {} } = {}) {
    super(detail);
    Object.assign(this, { name: "Problem", status, code, detail, errors });
  }
}

/** Waits `patience` milliseconds. Answers {data, etag}; throws a Problem, or the AbortError of `signal`. */
export async function call(method, path, options = {}) {
  try {
    return await ask(method, path, options);
  } catch (problem) {
    if (problem.code !== "csrf") throw problem;
    await renewProof(options.signal);
    return ask(method, path, options);
  }
}

async function ask(method, path, { body, headers = {}, signal, patience = PATIENCE_MS }) {
  const asked = { Accept: "application/json, application/problem+json", "Accept-Language": document.documentElement.lang };
  const company = meta("company"); // whose page this is
  const client = meta("acting-for"); // whose books it shows, and so what it asks for
  if (company) asked["Carnet-Signed-In-As"] = company.content;
  if (client) asked["Carnet-Acting-For"] = client.content;
  if (method !== "GET") asked["X-CSRFToken"] = meta("csrf-token").content;
  if (body !== undefined) asked["Content-Type"] = "application/json";
  const options = { method, headers: { ...asked, ...headers }, signal, patience };
  if (body !== undefined) options.body = JSON.stringify(body);
  const { answer, text } = await sent(path, options);
  const data = parsed(text);
  if (answer.status === SIGNED_OUT) throw signedOut(data);
  if (data?.code === "other_company") throw otherCompany(data);
  if (!answer.ok) throw new Problem({ ...data, status: answer.status });
  return { data, etag: answer.headers.get("ETag") };
}

async function sent(path, { signal, patience = PATIENCE_MS, ...options }) {
  const late = AbortSignal.timeout(patience);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  try {
    const answer = await fetch(path, { ...options, signal: either, cache: "no-store", credentials: "same-origin" });
    return { answer, text: await answer.text() };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ code: "unreachable", detail: strings.unreachable });
  }
}

// The page as the server gives it now, where it still gives it to the same company, has the proof that this one lacks.
async function renewProof(signal) {
  const { answer, text } = await sent(window.location.href, { headers: { Accept: "text/html" }, signal });
  const page = new DOMParser().parseFromString(text, "text/html");
  const company = meta("company", page)?.content;
  const proof = meta("csrf-token", page)?.content;
  if (!proof) throw new Problem({ status: answer.status });
  if (company !== meta("company")?.content) throw company ? otherCompany() : signedOut();
  meta("csrf-token").content = proof;
}

function meta(name, page = document) {
  return page.querySelector(`meta[name="${name}"]`);
}

function signedOut(data = {}) {
  return new Problem({ ...data, detail: strings.signed_out, status: SIGNED_OUT });
}

function otherCompany(data = {}) {
  const detail = words(strings.other_company, { name: strings.this_company });
  return new Problem({ ...data, detail, code: "other_company", status: 403 });
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return {}; // not ours: the page of a proxy in between, say
  }
}
