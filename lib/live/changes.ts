/** What was done to a sandbox, as a row of its ledger: in words, and whom it touched. */
import type { Party } from '#lib/exchange/types.ts';
import { effectWords } from './faults.ts';
import { spell } from './rows.ts';
import type { Change } from './types.ts';

export interface ChangeWords {
  /** "Clock +1 h" */
  readonly title: string;
  /** What stands after it, smaller. */
  readonly detail: string;
  /** How it is drawn: across all lanes, as an end, as a ring, as a diamond. */
  readonly sign: 'clock' | 'reset' | 'ring' | 'diamond';
  /** Where the line from you ends. */
  readonly to: Party;
}

const known = new WeakMap<Change, ChangeWords>();

/** The words of a change; worked out once for an entry. */
export function changeWords(change: Change): ChangeWords {
  const before = known.get(change);
  if (before) return before;
  const words = wordsOf(change);
  known.set(change, words);
  return words;
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function wordsOf(change: Change): ChangeWords {
  const body = fieldsOf(change.did?.body);
  const method = change.did?.method ?? '';
  const by = change.by === 'stage' ? 'by the scenario' : '';
  switch (change.what) {
    case 'clock':
      return { title: `Clock ${clockDone(body)}`, detail: by, sign: 'clock', to: 'mcp' };
    case 'reset':
      return { title: 'Reset', detail: 'all but the configuration is forgotten', sign: 'reset', to: 'mcp' };
    case 'scenario':
      return { title: 'Scenario', detail: change.scenario ?? 'none', sign: 'ring', to: 'as' };
    case 'config': {
      const set = Object.entries(flat(fieldsOf(body.config ?? body.set ?? body)));
      const [name, value] = set[0] ?? ['', undefined];
      if (set.length === 0) return { title: 'Behaviour', detail: by, sign: 'ring', to: 'as' };
      if (set.length > 1)
        return {
          title: `${set.length} knobs`,
          detail: by || set.map(([knob]) => knob).join(', '),
          sign: 'ring',
          to: 'as',
        };
      return {
        title: 'Knob',
        detail: value === null ? `${name} default` : `${name} ${short(value)}`,
        sign: 'ring',
        to: /^(?:mcp|resource|bearer|prm)\b/.test(name) ? 'mcp' : 'as',
      };
    }
    case 'faults': {
      const endpoint = String(body.endpoint ?? '');
      const to = /^(?:mcp|bearer|no-auth|prm|resource)/.test(endpoint) ? 'mcp' : 'as';
      if (method === 'DELETE') return { title: 'Fault removed', detail: by, sign: 'diamond', to };
      const effect = effectWords(fieldsOf(body.effect)).replaceAll('`', '');
      return { title: 'Fault armed', detail: [endpoint, effect].filter(Boolean).join(': '), sign: 'diamond', to };
    }
    case 'client':
      return {
        title: method === 'DELETE' ? 'Client removed' : 'Client added',
        detail: String(body.client_name ?? ''),
        sign: 'ring',
        to: 'as',
      };
    case 'event': {
      const { type, event_type, event_id } = fieldsOf(change.event);
      const detail = String(type ?? event_type ?? event_id ?? '').slice(0, 100);
      return { title: 'Event taken', detail, sign: 'ring', to: 'as' };
    }
    case 'grant':
      return { title: 'Grant revoked', detail: '', sign: 'ring', to: 'as' };
    default:
      return { title: method === 'PUT' ? 'Keys replaced' : 'Keys rotated', detail: by, sign: 'ring', to: 'as' };
  }
}

/** What a request to the clock did: "+1 h", "frozen". */
function clockDone(body: Fields): string {
  if (typeof body.advance === 'number') return `${body.advance < 0 ? '−' : '+'}${spell(body.advance)}`;
  if (typeof body.set === 'string') return `set to ${body.set.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}`;
  if (body.freeze === true) return 'frozen';
  if (body.freeze === false) return 'resumed';
  return body.reset === true ? 'back to now' : 'moved';
}

/** Knobs by their flat names, whether they came flat or nested. */
function flat(config: Fields, before = ''): Fields {
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && before.split('.').length < 3
        ? Object.entries(flat(value as Fields, `${before}${name}.`))
        : [[`${before}${name}`, value]],
    ),
  );
}

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
};
