'use client';

import { useId, useState } from 'react';
import type { Bag, ExchangeView, Track } from '#lib/guide/types.ts';
import { Trip } from '../values/glyph.tsx';
import { CopyButton } from '../values/copy.tsx';
import { Tabs } from '../values/tabs.tsx';
import { requestLines, responseLines } from './lines.ts';
import { Score } from './score.tsx';
import { targetOf } from './target.ts';
import { lineText, type Note } from './view.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

export type SnippetKind = 'curl' | 'fetch' | 'sdk' | 'har';
type View = 'http' | SnippetKind;

const views: readonly { readonly id: View; readonly label: string }[] = [
  { id: 'http', label: 'HTTP' },
  { id: 'curl', label: 'curl' },
  { id: 'fetch', label: 'fetch' },
  { id: 'sdk', label: 'SDK' },
  { id: 'har', label: 'HAR' },
];

interface FigureProps {
  /** "Fig. 4.2" */
  readonly number: string;
  /** Its anchor: `fig-4.2`. */
  readonly anchor?: string;
  /** Before the title of what is shown. */
  readonly before?: string;
  /** The last one with notes is shown whole; the others are folded to one line each. */
  readonly exchanges: readonly ExchangeView[];
  readonly track: Pick<Track, 'clauses'>;
  readonly current?: Bag;
  /** The last exchange is where it went wrong. */
  readonly wrong?: boolean;
  /** What is said of a line without a note of its own. */
  readonly glosses?: Readonly<Record<string, Pick<Note, 'text' | 'clause'>>>;
  /** The exchange as something to paste; the views that it gives null for are not offered. */
  readonly snippet: (exchange: ExchangeView, kind: SnippetKind) => string | null;
}

/** A figure of one or several exchanges, with its views: HTTP, curl, fetch, SDK, HAR. */
export function ExchangeFigure({
  number,
  anchor,
  before = '',
  exchanges,
  track,
  current,
  glosses,
  wrong,
  snippet,
}: FigureProps) {
  const id = useId();
  const [view, setView] = useState<View>('http');
  const [openKey, setOpen] = useState<string | null>(null);
  // What the step is about is the last exchange that there is something to say of.
  const shown =
    exchanges.find((one) => one.entry.key === openKey) ??
    (wrong ? exchanges.at(-1) : undefined) ??
    exchanges.findLast((one) => one.notes.length > 0) ??
    exchanges.at(-1);
  if (!shown) return null;
  const offered = views.filter((each) => each.id === 'http' || snippet(shown, each.id) !== null);
  const chosen = offered.some((each) => each.id === view) ? view : 'http';
  const text = () => (chosen === 'http' ? httpText(shown) : (snippet(shown, chosen) ?? ''));
  return (
    <section className="exch" aria-labelledby={`${id}-n ${id}-h`} id={anchor}>
      <div className="figh">
        <span className="fign" id={`${id}-n`}>
          {number}
        </span>
        <h2 id={`${id}-h`}>{before ? `${before} ${lowerFirst(shown.title)}` : shown.title}</h2>
        <Tabs label="Views of the exchange" tabs={offered} value={chosen} onChange={setView} panel={`${id}-p`}>
          <CopyButton text={text} label="Copy what is shown" />
        </Tabs>
      </div>
      <div id={`${id}-p`} role="tabpanel" aria-label={offered.find((each) => each.id === chosen)?.label}>
        {exchanges.map((one) =>
          one === shown ? (
            chosen === 'http' ? (
              <ShownExchange
                key={one.entry.key}
                view={one}
                track={track}
                current={current}
                glosses={glosses}
                wrong={wrong && one === exchanges.at(-1)}
              />
            ) : (
              <Snippet key={one.entry.key} text={text()} />
            )
          ) : (
            <Folded key={one.entry.key} view={one} onOpen={() => setOpen(one.entry.key)} />
          ),
        )}
      </div>
    </section>
  );
}

/** One exchange, whole, with its notes' clauses looked up. */
export function ShownExchange({
  view,
  track,
  current,
  glosses,
  wrong,
}: { readonly view: ExchangeView } & Pick<FigureProps, 'track' | 'current' | 'glosses' | 'wrong'>) {
  const { exchange } = view.entry;
  const notes = view.notes.map((note): Note => {
    const clause = note.clause === null ? undefined : track.clauses[note.clause];
    return { side: note.side, lemma: note.lemma, text: note.note, clause };
  });
  const time = timeOfDay(view.entry.at);
  return (
    <Score
      exchange={exchange}
      bag={view.bag}
      current={current}
      prefer={view.prefer}
      notes={notes}
      glosses={glosses}
      stale={view.stale}
      wrong={wrong}
      caption={`exchange ${view.number}, ${time}${view.stale ? ', stale' : ''}`}
    />
  );
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function Folded({ view, onOpen }: { readonly view: ExchangeView; readonly onOpen: () => void }) {
  const { exchange } = view.entry;
  const [path, query] = targetOf(exchange.request.url).split('?');
  return (
    <p className="fold">
      <button type="button" onClick={onOpen}>
        <Trip from={exchange.from} to={exchange.to} />
        <span>
          <b className="w">{exchange.request.method}</b> {path}
          {query !== undefined && <span className="p">?…</span>}
        </span>
      </button>
      <span>{exchange.response ? `${exchange.response.status} ${exchange.response.statusText}` : 'no answer'}</span>
      <span className="dim">exchange {view.number}, folded</span>
    </p>
  );
}

function Snippet({ text }: { readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll sideways, and then the keyboard must reach it
    <pre className="snippet" tabIndex={0}>
      {text}
    </pre>
  );
}

function httpText({ entry }: ExchangeView): string {
  const { request, response } = entry.exchange;
  const plain = (lines: ReturnType<typeof requestLines>) =>
    lines.map((line) => (line.gap ? '\n' : '') + lineText(line)).join('\n');
  return `${plain(requestLines(request))}\n\n${response ? plain(responseLines(response, request.httpVersion)) : ''}\n`;
}
