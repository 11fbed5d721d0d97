/** The acts of a moment as rows: an arrow, the text that stands beside it, and what somebody holds from there on. */
import { decodeToken, formOf } from '#lib/exchange/read.ts';
import { objectionOf } from '../judge.ts';
import type { Act, Done, Hand, LabRun, RequestParts, Send, Side } from '../types.ts';
import { approveRows, followRows, plainAnswer, pressRow, redirectRow } from './browser-rows.ts';
import {
  type Arrow,
  type Bead,
  beadsOf,
  coming,
  errorOf,
  type Gain,
  pathOf,
  type Piece,
  type Row,
  type RowContext,
  shortPath,
  shownLines,
  sideOf,
  stops,
  textRow,
  valuePieces,
  wordsFor,
  numberOf,
} from './row.ts';
import { brief, makerOf, wordOf } from './values.ts';

/** A value's own name, whatever it is held under. */
function plainName(name: string): string {
  return name === 'planted' ? 'code' : name.replace(/^(?:seen|other|wide)_/, '');
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
      end: numberOf(done),
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

/** The token that she writes, and what in it decides how it is checked and whose it is. */
function forgeRows(name: string, done: Done | undefined): Row[] {
  const token = done?.made[name];
  const decoded = token === undefined ? null : decodeToken(token);
  const parts = { alg: decoded?.header.alg, kid: decoded?.header.kid, sub: decoded?.claims.sub };
  const hers = (text: string): Piece => ({ text: brief(text), value: { name, by: 'attacker' } });
  return [
    textRow([{ text: 'she writes it herself: ', is: 'remark' }, ...(token === undefined ? [] : [hers(token)])]),
    ...Object.entries(parts).flatMap(([key, value]) =>
      typeof value === 'string' ? [textRow([{ text: `${key}=`, is: 'name' }, hers(value)])] : [],
    ),
  ];
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
            end: numberOf(done),
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
      return forgeRows(act.as, done);
    case 'store':
      return storeRows(act, done, context);
  }
}
