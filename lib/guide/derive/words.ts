/** Words that everything shown shares. */
import type { Party } from '../types.ts';

export { PARTY_NAMES } from '#lib/exchange/parties.ts';

/** In sentences. */
export const PARTY_WORDS: Readonly<Record<Party, string>> = {
  you: 'you',
  client: 'the client',
  as: 'the authorization server',
  mcp: 'the MCP server',
};
/** At the head of a sentence. */
export const PARTY_TITLES: Readonly<Record<Party, string>> = {
  you: 'You',
  client: 'Client',
  as: 'Authorization server',
  mcp: 'MCP server',
};

/** 12:04:52, by the reader's own clock. */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Fills `{name}` in a figure's text. */
export function say(template: string, words: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    words[name] === undefined ? whole : String(words[name]),
  );
}
