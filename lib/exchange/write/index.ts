/** All forms of one exchange, for the tabs beside it. */
import type { Exchange } from '../types.ts';
import { toCurl } from './curl.ts';
import { toFetch } from './fetch.ts';
import { toHarEntry } from './har.ts';
import { toSdk } from './sdk.ts';

export interface Snippets {
  readonly curl: string;
  readonly fetch: string;
  readonly sdk: string | null;
  readonly har: string;
}

/** An exchange in every form. */
export function snippetsOf(exchange: Exchange): Snippets {
  return {
    curl: toCurl(exchange.request),
    fetch: toFetch(exchange.request),
    sdk: toSdk(exchange),
    har: JSON.stringify(toHarEntry(exchange), null, 2),
  };
}
