/** Rows of what a person does in a browser: approve, press, follow. */
import { queryOfUrl, redirectOf } from '#lib/exchange/read.ts';
import type { Act, Approve, Done, Hand, Side } from '../types.ts';
import {
  beadsOf,
  coming,
  errorOf,
  numberOf,
  pathOf,
  type Row,
  type RowContext,
  shownLines,
  sideOf,
  stops,
} from './row.ts';
import { brief } from './values.ts';

/** The redirect of an answer, or the page that it is: its arrow, its line, and the code that the server now keeps. */
export function redirectRow(done: Done, to: Hand, context: RowContext, stop: boolean): Row {
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

export function approveRows(act: Approve, entries: readonly Done[], context: RowContext): Row[] {
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
      end: numberOf(asked),
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
export function followRows(act: Extract<Act, { act: 'follow' }>, entries: readonly Done[], context: RowContext): Row[] {
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
        end: numberOf(done),
      },
      gains: [],
    }),
  );
  return [opened, ...hops, redirectRow(entries.at(-1)!, 'you', context, false)];
}

export function pressRow(decides: 'approve' | 'deny', done: Done | undefined): Row {
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
      end: numberOf(done),
    },
    gains: [],
  };
}

export function plainAnswer(to: Hand, label: string): Row {
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
