/** A request as JavaScript. */
import { formOf, jsonOf } from '../read.ts';
import type { HttpRequest } from '../types.ts';
import { ownHeaders } from './headers.ts';

/** A text as a JavaScript string in single quotes. */
export function jsString(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** As `fetch`, which follows no redirect. */
export function toFetch(request: HttpRequest): string {
  const headers = ownHeaders(request).map(([name, value]) => `    ${jsString(name)}: ${jsString(value)},`);
  const body = bodyOf(request);
  const parts = [
    ...(request.method === 'GET' ? [] : [`  method: ${jsString(request.method)},`]),
    ...(headers.length === 0 ? [] : [`  headers: {\n${headers.join('\n')}\n  },`]),
    ...(body === null ? [] : [`  body: ${body},`]),
    `  redirect: 'manual',`,
  ];
  return `const response = await fetch(${jsString(request.url)}, {\n${parts.join('\n')}\n});`;
}

function bodyOf(request: HttpRequest): string | null {
  if (request.body === null) return null;
  const json = jsonOf(request);
  if (json) return `JSON.stringify(${JSON.stringify(json, null, 2).replaceAll('\n', '\n  ')})`;
  const pairs = [...formOf({ request })];
  if (pairs.length === 0 || new Set(pairs.map(([name]) => name)).size !== pairs.length) return jsString(request.body);
  const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : jsString(name));
  const lines = pairs.map(([name, value]) => `    ${key(name)}: ${jsString(value)},`);
  return `new URLSearchParams({\n${lines.join('\n')}\n  })`;
}
