/* From a form of the reference to a request, and from an answer to lines. Nothing here touches a page or sends. */

/** Bytes of an answer that are read and shown. */
export const MOST_BYTES = 65_536;

/**
 * The sandbox that an address names: its id, its base, the address of its page, with the control token or without.
 * @param origin of this server: no other is taken
 * @throws Error with words for the reader
 */
export function placeOf(text, origin) {
  const typed = text.trim();
  if (typed === '') throw new Error('Make a sandbox first, or enter the address of one.');
  let url;
  try {
    url = new URL(/^[\w-]+$/.test(typed) ? `/s/${typed}` : typed, origin);
  } catch {
    throw new Error('This is no address. Enter the address of a sandbox.');
  }
  if (url.origin !== origin || url.username !== '' || url.password !== '')
    throw new Error(`Requests go to this server only. Enter an address at ${origin}.`);
  const [, id] = /^\/(?:s|sandbox)\/([\w-]+)\/?$/.exec(url.pathname) ?? [];
  if (id === undefined && url.pathname !== '/')
    throw new Error(`A sandbox is at ${origin}/s/ and its id. This address is another one.`);
  const path = id === undefined || id === 'default' ? '' : `/s/${id}`;
  return { id: id ?? 'default', path, base: origin + path, token: /^#control=([\w-]+)$/.exec(url.hash)?.[1] ?? null };
}

/** What a schema says of a value, in a few words. */
export function hint(schema) {
  const { default: usual } = schema;
  const usually = usual === undefined ? null : `${JSON.stringify(usual)} if it is not sent`;
  const choices = schema.anyOf?.map((one) => (one.const === undefined ? kindOf(one) : JSON.stringify(one.const)));
  return [choices?.filter(Boolean).join(', or ') ?? kindOf(schema), usually].filter(Boolean).join('; ');
}

function kindOf({ $ref, type, enum: words, minimum, maximum, maxLength, pattern, format }) {
  const kinds = { boolean: 'true or false', integer: 'a whole number', object: 'a JSON object', array: 'a JSON array' };
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER;
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return [
    words ? null : $ref ? kinds.object : kinds[type],
    format,
    least ? `from ${minimum}` : null,
    most ? `to ${maximum}` : null,
    maxLength === undefined ? null : `at most ${maxLength} characters`,
    pattern && pattern.length < 40 ? `like ${pattern}` : null,
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * A member of a JSON body, from what was typed. What does not fit its type goes as text: the server is to refuse it.
 * @throws Error if an object or an array is no JSON
 */
export function memberOf({ name, schema }, text) {
  const kinds = [schema.type ?? []].flat();
  if (kinds.length > 0 && kinds.every((kind) => kind === 'string')) return text;
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*[[{]/.test(text)) throw new Error(`${name} is no JSON. Mend the brackets and quotes.`);
    return text;
  }
}

/** `name=value`, one a line. */
const pairsOf = (lines) =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    });

function bodyOf(form, sent, extra) {
  if (form.body === null) return null;
  if (form.body === 'form') {
    const pairs = [...sent('form').map(([{ name }, text]) => [name, text]), ...pairsOf(extra)];
    return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(pairs).toString() };
  }
  const members = sent('json');
  if (members.length === 0) return extra.trim() === '' ? null : { type: 'application/json', text: extra };
  const value = Object.fromEntries(members.map(([field, text]) => [field.name, memberOf(field, text)]));
  if (extra.trim() !== '') {
    let more;
    try {
      more = JSON.parse(extra);
    } catch {
      more = null;
    }
    if (typeof more !== 'object' || more === null || Array.isArray(more))
      throw new Error('Further members have to be a JSON object.');
    Object.assign(value, more);
  }
  return { type: 'application/json', text: JSON.stringify(value, null, 2) };
}

/**
 * The request that a form makes. An empty field is not sent.
 * @param place as `placeOf` found it; null if the operation needs none
 * @param given `address`, the chosen one; `values` by `in.name`; `bearer`; `extra`, further parameters; `trace`
 * @returns method, url, headers, body (null: none)
 * @throws Error with words for the reader: a part of the path is missing, or the address would be another server's
 */
export function requestOf(form, origin, place, { address, values, bearer = '', extra = '', trace = null }) {
  const sent = (where) =>
    form.fields
      .filter((field) => field.in === where && (values[`${where}.${field.name}`] ?? '') !== '')
      .map((field) => [field, values[`${where}.${field.name}`]]);
  const path = address.replaceAll(/\{(\w+)\}/g, (_, name) => {
    if (name === 'origin') return origin;
    if (name === 'base' || name === 'path') {
      if (place === null) throw new Error('Make a sandbox first, or enter the address of one.');
      return place[name];
    }
    const text = (values[`path.${name}`] ?? '').trim();
    if (text === '') throw new Error(`${name} is a part of the address. Enter it.`);
    if (/^\.{1,2}$/.test(text)) throw new Error(`${name} cannot be "${text}".`);
    return encodeURIComponent(text);
  });
  const url = new URL(path === origin ? `${origin}/` : path);
  if (url.origin !== origin) throw new Error(`Requests go to this server only, ${origin}.`);
  for (const [{ name }, text] of sent('query')) url.searchParams.append(name, text);
  if (form.body === null) for (const [name, text] of pairsOf(extra)) url.searchParams.append(name, text);
  const body = bodyOf(form, sent, extra);
  const headers = {
    Accept: form.body === 'json-rpc' ? 'application/json, text/event-stream' : 'application/json, */*',
  };
  if (body !== null) headers['Content-Type'] = body.type;
  if (bearer.trim() !== '') headers.Authorization = `Bearer ${bearer.trim()}`;
  if (trace !== null) headers.traceparent = trace;
  for (const [{ name }, text] of sent('header')) headers[name] = text;
  return { method: form.method, url: url.href, headers, body: body === null ? null : body.text };
}

/** A request as it is written in HTTP. */
export function requestLines({ method, url, headers, body }) {
  const { pathname, search, host } = new URL(url);
  return [
    `${method} ${pathname}${search}`,
    `Host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === null ? [] : ['', body]),
  ].join('\n');
}

/** The body of an answer: JSON is set out in lines, everything else is as it came. */
export function bodyText(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/**
 * Reads an answer up to a bound: a stream has no end.
 * @param patience ms after which no more is read
 * @param most bytes that are read
 * @returns its text, and whether there was more
 */
export async function readBounded(stream, patience = 5000, most = MOST_BYTES) {
  if (stream === null) return { text: '', cut: false };
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  let cut = false;
  const stop = () => {
    cut = true;
    reader.cancel().catch(() => undefined);
  };
  const timer = setTimeout(stop, patience);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode(), cut };
      text += decoder.decode(value.subarray(0, most - bytes), { stream: true });
      bytes = Math.min(most + 1, bytes + value.length);
      if (bytes > most) {
        stop();
        return { text, cut };
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
