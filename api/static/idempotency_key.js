// The same request sent twice, after an answer that was lost, is done once; a corrected one is another request.

const keys = new Map();

export function keyFor(body) {
  const text = JSON.stringify(body);
  if (!keys.has(text)) keys.set(text, randomKey());
  return keys.get(text);
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
