/* The sandbox that the forms of the reference are filled from, and everything that they ask the server for. */
import { placeOf } from './try-request.js';
import { newProof } from './try-values.js';

const KEPT = 'authwalk.sandboxes';
const LEARNED = 'authwalk.try';
const tokens = new Map();

/** What all forms of the page share: the address that was entered, and what is known of the sandbox there. */
export const desk = { typed: '', known: {} };

/** Sandboxes that this browser keeps, the newest first. */
export function keptSandboxes() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.id === 'string') : [];
  } catch {
    return [];
  }
}

/** Keeps the control token of a sandbox, for the other pages too. */
export function keepSandbox({ id, token }) {
  tokens.set(id, token);
  const others = keptSandboxes().filter((one) => one.id !== id);
  try {
    localStorage.setItem(KEPT, JSON.stringify([{ id, token, at: Date.now() }, ...others].slice(0, 30)));
  } catch {
    // Then this page alone knows it.
  }
}

/** The sandbox in the field, with the token that this browser has for it; null if there is none yet. */
export function placeNow() {
  if (desk.typed.trim() === '') return null;
  const place = placeOf(desk.typed, location.origin);
  return {
    ...place,
    token: place.token ?? tokens.get(place.id) ?? keptSandboxes().find((one) => one.id === place.id)?.token ?? null,
  };
}

/** What was learned goes along to the other pages of the reference, and is gone with the tab. */
export function remember() {
  try {
    sessionStorage.setItem(LEARNED, JSON.stringify(desk));
  } catch {
    // Then each page begins anew.
  }
}

/** The sandbox of the page before, else the newest that this browser keeps. */
export async function recall() {
  try {
    const before = JSON.parse(sessionStorage.getItem(LEARNED) ?? 'null');
    if (typeof before?.typed === 'string' && before.known instanceof Object) Object.assign(desk, before);
  } catch {
    // As if there were none.
  }
  if (desk.typed !== '') return;
  const [kept] = keptSandboxes();
  if (kept) desk.typed = `${location.origin}/s/${kept.id}`;
  await learnPlace();
}

/** The same; null as well if what was entered is no sandbox: that is said when a request is sent. */
export function placeOrNull() {
  try {
    return placeNow();
  } catch {
    return null;
  }
}

/** Asks this server, without a cookie. */
export const send = (url, init) =>
  fetch(url, {
    ...init,
    // Never to another server, whatever the address or a redirect says; never with a cookie.
    mode: 'same-origin',
    credentials: 'omit',
    redirect: 'manual',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
  });

/** Reads something of a sandbox. @throws Error if it is refused */
export const askControl = async (place, path) => {
  const headers = place.token === null ? {} : { Authorization: `Bearer ${place.token}` };
  const answer = await send(`/api/sandboxes/${place.id}${path}`, { headers });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
};

/** Learns the first client of the sandbox. */
export async function learnPlace() {
  desk.known = await newProof();
  const place = placeOrNull();
  if (place === null || (place.token === null && place.id !== 'default')) return;
  const { clients = [] } = await askControl(place, '/clients').catch(() => ({}));
  const [client] = clients;
  if (typeof client?.client_id === 'string') desk.known.client_id = client.client_id;
  if (typeof client?.redirect_uris?.[0] === 'string') desk.known.redirect_uri = client.redirect_uris[0];
  remember();
}

/** Makes a sandbox, and keeps its control token. @returns its address; @throws Error if it is refused */
export async function makeSandbox() {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const answer = await send('/api/sandboxes', { method: 'POST', headers, body: '{}' });
  const made = await answer.json();
  if (!answer.ok) throw new Error(made.error_description ?? `The server answered ${answer.status}.`);
  keepSandbox({ id: made.id, token: made.control_token });
  return `${location.origin}/s/${made.id}`;
}
