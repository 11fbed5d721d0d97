/** The acts of a moment as rows: an arrow, the text that stands beside it, and what somebody holds from there on. */
import { formOf, headerOf, queryOf, queryOfUrl, redirectOf } from '#lib/exchange/read.ts';
import { objectionOf } from '../judge.ts';
import type { Act, Approve, Done, Hand, Lab, LabRun, Position, RequestParts, Send, Side, Words } from '../types.ts';
import { namesIn } from '../requests.ts';
import { brief, makerOf, wordOf } from './values.ts';

export interface Bead {
  readonly name: string;
  readonly by: Hand;
}

export interface Arrow {
  readonly from: Hand;
  readonly to: Hand;
  /** What she only sees has an open head. */
  readonly kind: 'sent' | 'seen';
  readonly label: string;
  readonly status: string | null;
  readonly beads: readonly Bead[];
  /** The defence ends it here. */
  readonly stop: boolean;
  /** An honest request that was refused. */
  readonly failed: boolean;
}

/** A piece of a line: plain, a value in the hand of its maker, a remark, or what was left out. */
export interface Piece {
  readonly text: string;
  readonly is?: 'remark' | 'left-out' | 'name';
  readonly value?: Bead;
}

export interface Line {
  /** Null: the line goes on with the one above. */
  readonly trip: readonly [Hand, Hand] | null;
  readonly pieces: readonly Piece[];
  /** At the end of the line: the exchange, or the time. */
  readonly end: { readonly exchange: number } | { readonly later: number } | null;
}

/** Somebody begins to hold something; or the server's code is spent. */
export interface Gain {
  readonly lane: Hand;
  readonly word: string;
  readonly by: Hand;
  readonly spent?: true;
}

export interface Row {
  readonly arrow: Arrow | null;
  readonly line: Line | null;
  readonly gains: readonly Gain[];
  /** What was read, each in a line of its own. */
  readonly loot?: readonly string[];
}

export interface RowContext {
  readonly lab: Lab;
  readonly position: Position;
  readonly run: LabRun | null;
  readonly moment: number;
}

/** A text for a position. */
export function wordsFor(words: Words | undefined, position: Position): string {
  return typeof words === 'string' ? words : (words?.[position] ?? '');
}

const PATHS: Readonly<Record<string, string>> = {
  '{authorization_endpoint}': '/authorize',
  '{her_authorization_endpoint}': '/authorize',
  '{token_endpoint}': '/token',
  '{mcp_url}': '/mcp',
  '{other_mcp_url}': '/oauth',
  '{as_metadata_url}': 'metadata',
  '{jwks_uri}': 'keys',
};

/** The end of an address, for an arrow. */
function shortPath(url: string): string {
  return PATHS[url] ?? url.replace(/[?#].*$/, '').replace(/^.*\//, '/');
}

const sideOf = (hand: Hand): Side => (hand === 'attacker' ? 'attacker' : 'victim');

function beadsOf(values: Readonly<Record<string, string>>, side: Side, run: LabRun | null): Bead[] {
  const beads = Object.entries(values)
    .filter(([name]) => wordOf(name) !== null)
    .map(([name, value]): Bead => ({ name, by: makerOf(name, value, side, run) }));
  return beads.slice(0, 4);
}

/** Beads of what is yet to be sent, from the names in its templates. */
function coming(parts: unknown, side: Side, leftOut: readonly string[]): Bead[] {
  const values = Object.fromEntries(
    namesIn(parts)
      .filter((name) => !leftOut.includes(name))
      .map((name) => [name, '']),
  );
  return beadsOf(values, side, null);
}

/** Parameters and headers below a request's line. */
function shownLines(shows: readonly string[], done: Done | undefined, side: Side, context: RowContext): Row[] {
  const { lab, position, run } = context;
  return shows.map((name): Row => {
    if (position === 'off' && lab.defence.leavesOut?.includes(name))
      return textRow([
        { text: name, is: 'left-out' },
        { text: ' left out', is: 'remark' },
      ]);
    const exchange = done?.exchange;
    const value = exchange
      ? (queryOf(exchange).get(name) ?? formOf(exchange).get(name) ?? headerOf(exchange.request, name) ?? '')
      : '';
    return textRow(valuePieces(name, value, side, run));
  });
}

function valuePieces(name: string, value: string, side: Side, run: LabRun | null): Piece[] {
  const separator = /^[A-Z]/.test(name) ? ': ' : '=';
  return [
    { text: `${name}${separator}`, is: 'name' },
    {
      text: brief(value),
      value: { name, by: makerOf(name === 'Authorization' ? 'access_token' : name, value, side, run) },
    },
  ];
}

/** A value's own name, whatever it is held under. */
function plainName(name: string): string {
  return name === 'planted' ? 'code' : name.replace(/^(?:seen|other|wide)_/, '');
}

function textRow(pieces: readonly Piece[]): Row {
  return { arrow: null, line: { trip: null, pieces, end: null }, gains: [] };
}

function stops(act: Act, done: Done | undefined, lab: Lab): boolean {
  return lab.stop.act === act.id && done !== undefined && objectionOf(done)?.check === lab.stop.check;
}

/** Names of the values that an answer brought, as a line says them. */
function broughtPieces(done: Done, side: Side, run: LabRun | null): Piece[] {
  const names = Object.entries(done.made).filter(([name]) => name !== 'notes' && name !== 'scheme');
  return names.flatMap(([name, value], index): Piece[] => [
    ...(index > 0 ? [{ text: ', ' }] : []),
    { text: name.replace(/^(?:other|wide)_/, ''), value: { name, by: makerOf(name, value, side, run) } },
  ]);
}

/** The texts of the notes in a tool's answer. */
export function notesIn(body: string | null | undefined): string[] {
  return [...(body ?? '').matchAll(/"text":"((?:[^"\\]|\\.)*)","created_at"/g)].map(
    (match) => JSON.parse(`"${match[1]}"`) as string,
  );
}

function errorOf(done: Done): string {
  const { exchange } = done;
  const body = exchange?.response?.body ?? '';
  return exchange?.error ?? /"error":\s*"([a-z_]+)"/.exec(body)?.[1] ?? '';
}

function sendRows(act: Send, done: Done | undefined, context: RowContext): Row[] {
  const { lab, position, run, moment } = context;
  const side = sideOf(act.from);
  const leftOut = position === 'off' ? (lab.defence.leavesOut ?? []) : [];
  const parts: RequestParts = act;
  const isHonest = act.from !== 'attacker';
  const status = done?.exchange?.response?.status ?? null;
  const isStopped = stops(act, done, lab);
  const request: Row = {
    arrow: {
      from: act.from,
      to: act.to,
      kind: 'sent',
      label: `${act.method} ${act.label ?? shortPath(act.url)}`,
      status: null,
      beads: done ? beadsOf(done.used, side, run) : coming([parts.query, parts.form, parts.headers], side, leftOut),
      stop: isStopped,
      failed: isHonest && !isStopped && status !== null && status >= 400,
    },
    line: {
      trip: [act.from, act.to],
      pieces: [
        { text: `${act.method} ${act.label ?? pathOf(done, act.url)}` },
        ...(act.tool ? [{ text: ` ${act.tool.name}`, is: 'remark' as const }] : []),
        ...(act.aside ? [{ text: ` ${wordsFor(act.aside, position)}`, is: 'remark' as const }] : []),
      ],
      end: done?.exchange ? { exchange: done.exchange.seq } : null,
    },
    gains: [],
  };
  const notes = act.brings && 'notes' in act.brings ? notesIn(done?.exchange?.response?.body) : [];
  const outcome = wordsFor(lab.moments[moment]?.outcome, position);
  const answer: Row = {
    arrow: {
      from: act.to,
      to: act.from,
      kind: 'sent',
      label: '',
      status: status === null ? null : String(status),
      beads: done ? beadsOf(done.made, side, run) : [],
      stop: false,
      failed: false,
    },
    line: {
      trip: [act.to, act.from],
      pieces: done
        ? [
            { text: `${status ?? 'no answer'} ` },
            ...((status ?? 500) >= 400 ? [{ text: errorOf(done) }] : broughtPieces(done, side, run)),
            ...(status === 200 && outcome ? [{ text: ` ${outcome}`, is: 'remark' as const }] : []),
          ]
        : [],
      end: done?.exchange ? { later: Math.max(1, Math.round(done.exchange.duration)) } : null,
    },
    gains: done ? gainsOf(done, act.from, run) : [],
    ...(notes.length > 0 ? { loot: notes } : {}),
  };
  return [request, ...shownLines(act.shows ?? [], done, side, context), answer];
}

function pathOf(done: Done | undefined, template: string): string {
  const url = done?.exchange?.request.url;
  if (!url) return shortPath(template);
  return new URL(url).pathname.replace(/^\/s\/[a-z2-7]+/, '').replace(/^(\/\.well-known\/[a-z-]+).*/, '$1…');
}

/** What the sender of a request holds from its answer on, and what is spent by it. */
function gainsOf(done: Done, lane: Hand, run: LabRun | null): Gain[] {
  const names = Object.keys(done.made).filter((name) => wordOf(name) !== null && name !== 'notes');
  const spends = formOf(done.exchange!).get('code') !== null && (done.exchange?.response?.status ?? 500) < 400;
  const spent: Gain[] = spends ? [{ lane: 'as', word: '', by: 'as', spent: true }] : [];
  if (names.length === 0) return spent;
  const several = names.includes('refresh_token') && names.includes('access_token');
  const [name = ''] = names;
  const word = several ? 'tokens' : (wordOf(name) ?? name);
  return [...spent, { lane, word, by: makerOf(name, done.made[name] ?? '', sideOf(lane), run) }];
}

/** The redirect of an answer, or the page that it is: its arrow, its line, and the code that the server now keeps. */
function redirectRow(done: Done, to: Hand, context: RowContext, stop: boolean): Row {
  const { run } = context;
  const { exchange } = done;
  const status = exchange?.response?.status ?? 0;
  const target = exchange && redirectOf(exchange);
  const query = queryOfUrl(target?.href ?? '');
  const code = query.get('code');
  const what = code
    ? 'code'
    : query.get('error')
      ? 'error'
      : /\/consent\//.test(target?.uri ?? '')
        ? 'consent page'
        : null;
  const address = (target?.uri ?? '').replace(run ? originOf(done) : '', '').replace(/\/consent\/.*/, '/consent/…');
  return {
    arrow: {
      from: 'as',
      to,
      kind: 'sent',
      label: what === null ? 'error page' : what === 'consent page' ? 'consent page' : `302 with ${what}`,
      status: null,
      beads: code ? [{ name: 'code', by: 'as' }] : [],
      stop,
      failed: false,
    },
    line: {
      trip: ['as', to],
      pieces: [
        { text: `${status} ` },
        ...(what === null
          ? [{ text: errorOf(done) }, { text: ', as a page', is: 'remark' as const }]
          : [{ text: `to ${brief(address, 40)}` }, ...(what === 'error' ? [{ text: ` ${query.get('error')}` }] : [])]),
      ],
      end: null,
    },
    gains: code ? [{ lane: 'as', word: 'code', by: 'as' }] : [],
  };
}

const originOf = (done: Done): string => (done.exchange ? new URL(done.exchange.request.url).origin : '');

function approveRows(act: Approve, entries: readonly Done[], context: RowContext): Row[] {
  const { lab, position, run } = context;
  const [asked, pressed] = entries;
  const isHers = act.values === 'attacker';
  const side: Side = act.values ?? sideOf(act.who);
  const leftOut = position === 'off' ? (lab.defence.leavesOut ?? []) : [];
  const beads = asked ? beadsOf(asked.used, side, run) : coming(act.query, side, leftOut);
  const challenged = !leftOut.includes('code_challenge') && 'code_challenge' in act.query;
  const rows: Row[] = [];
  if (act.who === 'you')
    rows.push({
      arrow: {
        from: isHers ? 'attacker' : 'client',
        to: 'you',
        kind: 'sent',
        label: isHers ? 'a link' : 'open URL',
        status: null,
        beads,
        stop: false,
        failed: false,
      },
      line: null,
      gains: challenged && !isHers ? [{ lane: 'client', word: 'verifier', by: 'client' }] : [],
    });
  rows.push({
    arrow: {
      from: act.who,
      to: 'as',
      kind: 'sent',
      label: 'GET /authorize',
      status: null,
      beads,
      stop: false,
      failed: false,
    },
    line: {
      trip: [act.who, 'as'],
      pieces: [{ text: 'GET /oauth/authorize' }, { text: '?…' }],
      end: asked?.exchange ? { exchange: asked.exchange.seq } : null,
    },
    gains: [],
  });
  rows.push(...shownLines(act.shows ?? [], asked, side, context));
  const isStopped = stops(act, asked, lab);
  if (act.decides !== 'nothing' && act.who === 'you') {
    rows.push(pressRow(act.decides, pressed));
    rows.push(pressed ? redirectRow(pressed, 'you', context, false) : plainAnswer('you', '302 with code'));
  } else {
    const to = act.who;
    rows.push(asked ? redirectRow(asked, to, context, isStopped) : plainAnswer(to, ''));
  }
  return rows;
}

/** One arrow for each address that the browser goes to, and one for where it ends. */
function followRows(act: Extract<Act, { act: 'follow' }>, entries: readonly Done[], context: RowContext): Row[] {
  const none = { status: null, beads: [], stop: false, failed: false } as const;
  const opened: Row = {
    arrow: {
      ...none,
      from: act.values === 'attacker' ? 'attacker' : 'client',
      to: 'you',
      kind: 'sent',
      label: act.label ?? 'a link',
    },
    line: null,
    gains: [],
  };
  if (entries.length === 0)
    return [
      opened,
      { arrow: { ...none, from: 'you', to: 'as', kind: 'sent', label: 'GET /authorize' }, line: null, gains: [] },
    ];
  const hops = entries.map(
    (done): Row => ({
      arrow: {
        ...none,
        from: 'you',
        to: 'as',
        kind: 'sent',
        label: `GET ${pathOf(done, act.url).replace(/^.*(?=\/\w+\/\w+$)/, '')}`,
      },
      line: {
        trip: ['you', 'as'],
        pieces: [{ text: `GET ${pathOf(done, act.url)}` }],
        end: done.exchange ? { exchange: done.exchange.seq } : null,
      },
      gains: [],
    }),
  );
  return [opened, ...hops, redirectRow(entries.at(-1)!, 'you', context, false)];
}

function pressRow(decides: 'approve' | 'deny', done: Done | undefined): Row {
  return {
    arrow: {
      from: 'you',
      to: 'as',
      kind: 'sent',
      label: `POST ${decides}`,
      status: null,
      beads: [{ name: 'user', by: 'you' }],
      stop: false,
      failed: false,
    },
    line: {
      trip: ['you', 'as'],
      pieces: [
        { text: 'POST /oauth/authorize ' },
        { text: `you press ${decides === 'approve' ? 'Approve' : 'Deny'}`, is: 'remark' },
      ],
      end: done?.exchange ? { exchange: done.exchange.seq } : null,
    },
    gains: [],
  };
}

function plainAnswer(to: Hand, label: string): Row {
  const arrow = {
    from: 'as' as const,
    to,
    kind: 'sent' as const,
    label,
    status: null,
    beads: [],
    stop: false,
    failed: false,
  };
  return { arrow, line: null, gains: [] };
}

/** The page keeps a token, or a script reads what is there. */
function storeRows(act: Extract<Act, { act: 'store' }>, done: Done | undefined, { lab, run }: RowContext): Row[] {
  const isKept = act.does === 'keep';
  const found = Object.entries(done?.made ?? {});
  const isEmpty = done !== undefined && found.length === 0;
  const [from, to]: [Hand, Hand] = isKept ? ['client', 'you'] : ['you', 'attacker'];
  const label = isKept ? (isEmpty ? 'a session' : 'keeps it') : 'reads storage';
  const [first] = found.map(([name]) => wordOf(name));
  const nothing = isKept ? 'a session cookie, which no script can read' : 'nothing is there';
  return [
    {
      arrow: {
        from,
        to,
        kind: isKept ? 'sent' : 'seen',
        label,
        status: null,
        beads: found.map(([name]): Bead => ({ name, by: 'as' })),
        stop: stops(act, done, lab),
        failed: false,
      },
      line: null,
      gains: first ? [{ lane: to, word: first, by: 'as' }] : [],
    },
    ...(isEmpty ? [textRow([{ text: nothing, is: 'remark' }])] : []),
    ...found.map(([name, value]) => textRow(valuePieces(name, value, 'victim', run))),
  ];
}

/**
 * The rows of one act.
 * @param entries what it did; none before it is done
 */
export function rowsOf(act: Act, entries: readonly Done[], context: RowContext): Row[] {
  const { lab, run } = context;
  const [done] = entries;
  const nothing = { status: null, stop: false, failed: false } as const;
  switch (act.act) {
    case 'send':
      return sendRows(act, done, context);
    case 'approve':
      return approveRows(act, entries, context);
    case 'follow':
      return followRows(act, entries, context);
    case 'press': {
      const isStopped = stops(act, done, lab);
      const row = pressRow(act.decides, done);
      const pressed: Row = isStopped ? { ...row, arrow: { ...row.arrow!, stop: true } } : row;
      return [pressed, done ? redirectRow(done, 'you', context, false) : plainAnswer('you', '302')];
    }
    case 'page': {
      const isStopped = stops(act, done, lab);
      const status = done?.exchange?.response?.status;
      return [
        {
          arrow: { ...nothing, from: 'you', to: 'as', kind: 'sent', label: 'GET /consent', beads: [] },
          line: {
            trip: ['you', 'as'],
            pieces: [
              { text: 'GET /consent/…' },
              ...(act.framed ? [{ text: ' in a frame', is: 'remark' as const }] : []),
            ],
            end: done?.exchange ? { exchange: done.exchange.seq } : null,
          },
          gains: [],
        },
        {
          arrow: {
            ...nothing,
            from: 'as',
            to: 'you',
            kind: 'sent',
            label: 'the page',
            status: status ? String(status) : null,
            beads: [],
            stop: isStopped,
          },
          line: {
            trip: ['as', 'you'],
            pieces: [
              { text: `${status ?? ''} ` },
              { text: wordsFor(lab.moments[context.moment]?.outcome, context.position), is: 'remark' },
              ...(act.framed
                ? [
                    {
                      text: isStopped ? 'and the browser leaves the frame empty' : 'and the browser shows it',
                      is: 'remark' as const,
                    },
                  ]
                : []),
            ],
            end: null,
          },
          gains: [],
        },
      ];
    }
    case 'sees': {
      const side = sideOf(act.to);
      const [first] = Object.keys(act.takes).filter((name) => wordOf(name) !== null);
      const beads = done ? beadsOf(done.made, side, run) : [];
      const arrow: Arrow = {
        ...nothing,
        from: act.from,
        to: act.to,
        kind: act.sent ? 'sent' : 'seen',
        label: act.label,
        beads,
      };
      const gains: Gain[] =
        done && first
          ? [{ lane: act.to, word: wordOf(first)!, by: makerOf(first, done.made[first]!, 'victim', run) }]
          : [];
      const lines = Object.entries(done?.made ?? {}).map(([name, value]) =>
        textRow(valuePieces(plainName(name), value, 'victim', run)),
      );
      return [{ arrow, line: null, gains }, ...lines];
    }
    case 'callback': {
      const isStopped = stops(act, done, lab);
      const code = done?.used.code;
      const objection = done ? objectionOf(done) : null;
      const of: Hand = act.of === 'attacker' ? 'attacker' : 'you';
      const rows: Row[] = [
        {
          arrow: {
            ...nothing,
            from: 'you',
            to: 'client',
            kind: 'sent',
            label: 'callback',
            beads: code ? [{ name: 'code', by: 'as' }] : [],
            stop: isStopped,
          },
          line: {
            trip: ['you', 'client'],
            pieces: [{ text: 'GET /guide/callback' }, { text: '?…' }],
            end: null,
          },
          gains:
            done && !objection ? [{ lane: 'client', word: of === 'attacker' ? 'her code' : 'code', by: 'as' }] : [],
        },
      ];
      for (const name of ['state', 'iss'])
        if (done?.used[name] !== undefined && (act.of === 'attacker' || name === 'iss') && lab.stop.act === act.id)
          rows.push(textRow(valuePieces(name, done.used[name], act.of, run)));
      if (objection)
        rows.push(
          textRow([{ text: 'the client stops: ', is: 'remark' }, { text: objection.reason ?? objection.check }]),
        );
      return rows;
    }
    case 'forge':
      return [
        textRow([
          { text: 'she writes it herself: ', is: 'remark' },
          ...(done?.made[act.as]
            ? [{ text: brief(done.made[act.as]!), value: { name: act.as, by: 'attacker' as const } }]
            : []),
        ]),
      ];
    case 'store':
      return storeRows(act, done, context);
  }
}
