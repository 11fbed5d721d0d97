/** Exhibits: places in exchanges that show what a verdict says. */
import { decodeToken } from '#lib/exchange/read.ts';
import type { Exhibit } from './types.ts';
import type { Seen } from './seen.ts';
import { textOf } from './seen.ts';

interface Words {
  readonly says: string;
  readonly expected?: string | undefined;
}

function exhibit(
  seen: Seen,
  pointer: string,
  part: Exhibit['part'] | null,
  got: string | null | undefined,
  { says, expected }: Words,
): Exhibit {
  return {
    seen,
    pointer,
    ...(part ? { part } : {}),
    ...(got === undefined ? {} : { got }),
    ...(expected === undefined ? {} : { expected }),
    says,
  };
}

/** A parameter of the request, in the form if it is there, else in the query; a missing one has `got: null`. */
export function parameter(seen: Seen, name: string, words: string, expected?: string): Exhibit {
  const inForm = seen.form.has(name);
  const inQuery = !inForm && seen.query.has(name);
  const value = seen.param(name);
  const isForm = inForm || (!inQuery && seen.method === 'POST');
  const json = value !== null && !inForm && !inQuery;
  return exhibit(
    seen,
    isForm ? '/request/body' : '/request/url',
    { in: json ? 'json' : isForm ? 'form' : 'query', name },
    value,
    { says: words, expected },
  );
}

/** A member of the JSON body of the request. */
export function requestMember(seen: Seen, name: string, got: string | null, words: string, expected?: string): Exhibit {
  return exhibit(seen, '/request/body', { in: 'json', name }, got, { says: words, expected });
}

/** A header of the request; if it is missing, the headers. */
export function requestHeader(seen: Seen, name: string, words: string, expected?: string): Exhibit {
  const index = seen.exchange.request.headers.findIndex(([one]) => one.toLowerCase() === name);
  return exhibit(
    seen,
    index < 0 ? '/request/headers' : `/request/headers/${index}/1`,
    { in: 'header', name },
    index < 0 ? null : seen.exchange.request.headers[index]![1],
    { says: words, expected },
  );
}

/** A header of the answer; if it is missing, the headers, or the answer if there is none. */
export function answerHeader(seen: Seen, name: string, words: string, expected?: string): Exhibit {
  const { response } = seen.exchange;
  if (response === null) return exhibit(seen, '/response', null, null, { says: words, expected });
  const index = response.headers.findIndex(([one]) => one.toLowerCase() === name);
  return exhibit(
    seen,
    index < 0 ? '/response/headers' : `/response/headers/${index}/1`,
    { in: 'header', name },
    index < 0 ? null : response.headers[index]![1],
    { says: words, expected },
  );
}

/** A member of the JSON answer. */
export function answerMember(seen: Seen, name: string, words: string, expected?: string): Exhibit {
  const value = seen.answer?.[name];
  const got = value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
  return exhibit(seen, seen.exchange.response === null ? '/response' : '/response/body', { in: 'json', name }, got, {
    says: words,
    expected,
  });
}

/** A parameter of the redirect that the answer makes. */
export function redirected(seen: Seen, name: string, words: string, expected?: string): Exhibit {
  const redirect = seen.redirect;
  const got = redirect?.parameters.get(name) ?? null;
  if (redirect === null || redirect.by === 'form_post')
    return exhibit(seen, '/response/body', { in: 'form', name }, got, { says: words, expected });
  return { ...answerHeader(seen, 'location', words, expected), part: { in: 'query', name }, got };
}

/** The status of the answer; if there was none, the answer itself. */
export function status(seen: Seen, words: string): Exhibit {
  return seen.exchange.response === null
    ? exhibit(seen, '/response', null, null, { says: words })
    : exhibit(seen, '/response/status', null, String(seen.status), { says: words });
}

/** The request as such: its method and address. */
export function request(seen: Seen, words: string, expected?: string): Exhibit {
  return exhibit(seen, '/request/url', null, `${seen.method} ${seen.path}`, { says: words, expected });
}

/** A claim or header member of a JWT that stands in a header or a form parameter. */
export function jwtMember(
  seen: Seen,
  where: { readonly header: string } | { readonly form: string },
  name: string,
  words: string,
  expected?: string,
): Exhibit {
  const place = 'header' in where ? requestHeader(seen, where.header, words) : parameter(seen, where.form, words);
  const text = 'header' in where ? seen.header(where.header) : seen.param(where.form);
  const token = decodeToken((text ?? '').replace(/^(?:bearer|dpop)\s+/i, ''));
  const value = token?.claims[name] ?? token?.header[name];
  const got = value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
  return exhibit(seen, place.pointer, { in: 'jwt', name }, got, { says: words, expected });
}

/** What the sandbox fetched on the client's word. */
export function fetched(seen: Seen, index: number, name: string, words: string, expected?: string): Exhibit {
  const one = seen.exchange.fetched?.[index];
  if (one === undefined) return request(seen, words, expected);
  let got: string | null = null;
  try {
    const document: unknown = JSON.parse(one.body ?? '');
    got = textOf(document as Record<string, unknown>, name);
  } catch {
    got = null;
  }
  return name === ''
    ? exhibit(seen, `/fetched/${index}/status`, null, one.status === null ? null : String(one.status), {
        says: words,
        expected,
      })
    : exhibit(seen, `/fetched/${index}/body`, { in: 'json', name }, got, { says: words, expected });
}
