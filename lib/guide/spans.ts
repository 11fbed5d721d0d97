/**
 * Provenance: which piece of a text is which value. Colour is made from it, and so is lighting a
 * value up everywhere at once.
 */
import { formEncoded } from '#lib/exchange/encoding.ts';
import type { Bag, HeldValue, Span } from './types.ts';

/** Too ordinary to be found by their text alone: only where a key beside them says so. */
const ONLY_BY_KEY = new Set([
  'expires_in',
  'interval',
  'application_type',
  'client_name',
  'client_id_issued_at',
  'notes',
  'notes_count',
  'refresh_generation',
  'polls',
  'scheme',
  'user',
]);
/** Everything begins with these: colouring them would colour every address. */
const NEVER = new Set(['origin', 'base']);
/** Members whose value is held under another name. */
const KEY_NAMES: Readonly<Record<string, readonly string[]>> = {
  scope: ['challenged_scope', 'granted_scope', 'requested_scope'],
  redirect_uris: ['redirect_uri'],
  authorization_servers: ['issuer'],
  resource_metadata: ['resource_metadata_url'],
  token: ['refresh_token', 'access_token'],
  aud: ['resource'],
  url: ['resource_metadata_url', 'as_metadata_url'],
};

interface Form {
  readonly text: string;
  readonly name: string;
  readonly encoded: boolean;
}

/** The ways in which a value can stand in a text, the plain one first. */
function formsOf(value: string): { text: string; encoded: boolean }[] {
  const forms = [{ text: value, encoded: false }];
  const add = (text: string) => {
    if (!forms.some((form) => form.text === text)) forms.push({ text, encoded: true });
  };
  let uri: string;
  try {
    uri = encodeURIComponent(value);
  } catch {
    return forms;
  }
  add(uri);
  add(uri.replaceAll('%20', '+'));
  add(formEncoded(value));
  add(JSON.stringify(value).slice(1, -1));
  return forms;
}

const known = new WeakMap<Bag, { byText: Map<string, Form[]>; needles: string[] }>();

/** Every form of every value, the longer ones first; worked out once for a bag. */
function candidates(bag: Bag): { byText: Map<string, Form[]>; needles: string[] } {
  const before = known.get(bag);
  if (before) return before;
  const byText = new Map<string, Form[]>();
  for (const value of Object.values(bag)) {
    if (NEVER.has(value.name) || value.provisional || value.value.length < 2) continue;
    if (value.value.length < 4 && !ONLY_BY_KEY.has(value.name)) continue;
    for (const form of formsOf(value.value)) {
      const list = byText.get(form.text) ?? [];
      list.push({ text: form.text, name: value.name, encoded: form.encoded });
      byText.set(form.text, list);
    }
  }
  const made = { byText, needles: [...byText.keys()].sort((a, b) => b.length - a.length) };
  known.set(bag, made);
  return made;
}

/** The key that stands before a position: `"name": "`, `name=`, `Name: `. */
function keyBefore(text: string, at: number): string | null {
  const before = text.slice(Math.max(0, at - 80), at);
  const match =
    /"([\w-]+)"\s*:\s*\[?\s*(?:"[^"]*",\s*)*"?$/.exec(before) ??
    /(?:^|[?&\s,;"])([\w-]+)="?$/.exec(before) ??
    /(?:^|\n)([\w-]+):\s*$/.exec(before);
  return match?.[1] ?? null;
}

function choose(forms: readonly Form[], key: string | null, prefer: readonly string[]): Form | null {
  const named = key === null ? [] : [key, ...(KEY_NAMES[key] ?? [])];
  for (const name of named) {
    const hit = forms.find((form) => form.name === name);
    if (hit) return hit;
  }
  const open = forms.filter((form) => !ONLY_BY_KEY.has(form.name));
  for (const name of prefer) {
    const hit = open.find((form) => form.name === name);
    if (hit) return hit;
  }
  return open.at(-1) ?? null;
}

/** Not inside a longer word: `notes:read` is not found in `notes:readonly`. */
function standsAlone(text: string, from: number, to: number): boolean {
  const word = /[A-Za-z0-9_-]/;
  const inEscape = from >= 2 && /%[0-9A-Fa-f]{2}$/.test(text.slice(from - 3, from));
  return (
    !(from > 0 && !inEscape && word.test(text[from - 1]!) && word.test(text[from]!)) &&
    !(to < text.length && word.test(text[to]!) && word.test(text[to - 1]!))
  );
}

/**
 * Splits a text by the values that stand in it, also where they are encoded; longer ones first,
 * so that a resource is not cut by its issuer.
 *
 * @param prefer names that win where several values are the same string
 */
export function spans(text: string, bag: Bag, prefer: readonly string[] = []): Span[] {
  const { byText, needles } = candidates(bag);
  const taken: { from: number; to: number; form: Form }[] = [];
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      const to = at + needle.length;
      if (taken.some((hit) => at < hit.to && to > hit.from)) continue;
      if (!standsAlone(text, at, to)) continue;
      const form = choose(byText.get(needle)!, keyBefore(text, at), prefer);
      if (form) taken.push({ from: at, to, form });
    }
  }
  taken.sort((a, b) => a.from - b.from);
  const result: Span[] = [];
  let from = 0;
  for (const hit of taken) {
    if (hit.from > from) result.push({ text: text.slice(from, hit.from) });
    const value = bag[hit.form.name] as HeldValue;
    result.push({
      text: text.slice(hit.from, hit.to),
      value: value.name,
      madeBy: value.madeBy,
      ...(hit.form.encoded ? { encoded: true } : {}),
    });
    from = hit.to;
  }
  if (from < text.length || result.length === 0) result.push({ text: text.slice(from) });
  return result;
}

/** How often each value appears in the texts; for "appears in 4 places". */
export function countValues(texts: readonly string[], bag: Bag): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const text of texts)
    for (const span of spans(text, bag)) if (span.value) counts[span.value] = (counts[span.value] ?? 0) + 1;
  return counts;
}
