/** The scenarios as a list that is searched: small, plain, the same on the server and in the page. */

/** One scenario as a line of a list. */
export interface ScenarioEntry {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** What the server does. */
  readonly does: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'none';
  readonly versions: readonly string[];
  /** Name in the MCP conformance suite; null if it has none. */
  readonly conformance: string | null;
  /** Whether it can be started on this origin. */
  readonly here: boolean;
  /** Further words by which it is found: common mistakes, clauses, knobs. */
  readonly words: string;
}

/** Words that people use, and the words of the specifications. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  expired: 'expire expir lifetime',
  timeout: 'slow never delay hang',
  slow: 'slow late delay',
  forbidden: '403 scope',
  unauthorized: '401 challenge',
  login: 'authorize consent sign',
  renew: 'refresh',
  logout: 'revoke revocation',
  entra: 'entra azure',
  azure: 'entra',
  okta: 'auth0 secret',
  mixup: 'iss issuer',
  csrf: 'state',
  secret: 'client_secret client-secret auth',
  '429': 'rate limit',
  '503': 'unavailable overloaded 503',
  offline: 'offline_access refresh',
};

/** Names of the protocol in a sentence: `snake_case`, headers, and a few words that are parameters here. */
const NAMES = new RegExp(
  [
    '[a-z0-9]+(?:_[a-z0-9]+)+',
    'WWW-Authenticate|Retry-After|DPoP-Nonce|Mcp-Session-Id|MCP-Protocol-Version|Cache-Control|Content-Type',
    '(?<!waiting )(?<!-)(?:iss|state|kid)(?!-)',
  ]
    .map((name) => `(?<![\\w./])(?:${name})(?![\\w/])`)
    .join('|'),
  'g',
);

/** A sentence of the catalogue, whose names of the protocol are marked as code for `Prose`. */
export const coded = (text: string): string => (text.includes('`') ? text : text.replace(NAMES, '`$&`'));

const tidy = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}_]+/gu, ' ');
const texts = new WeakMap<ScenarioEntry, { readonly head: string; readonly all: string }>();

function textOf(entry: ScenarioEntry) {
  const before = texts.get(entry);
  if (before) return before;
  const head = tidy(`${entry.id} ${entry.title} ${entry.id.replaceAll('-', ' ')}`);
  const text = { head, all: `${head} ${tidy(`${entry.group} ${entry.does} ${entry.words}`)}` };
  texts.set(entry, text);
  return text;
}

/** Entries that hold every word, or a word that the specifications use for it; titles first. */
export function searchScenarios<Entry extends ScenarioEntry>(all: readonly Entry[], sought: string): readonly Entry[] {
  const words = tidy(sought).split(' ').filter(Boolean);
  if (words.length === 0) return all;
  const alternatives = words.map((word) => [word, ...(SYNONYMS[word]?.split(' ') ?? [])]);
  const scored = all.flatMap((entry) => {
    const { head, all: text } = textOf(entry);
    if (!alternatives.every((some) => some.some((word) => text.includes(word)))) return [];
    return [{ entry, score: alternatives.filter((some) => some.some((word) => head.includes(word))).length }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ entry }) => entry);
}
