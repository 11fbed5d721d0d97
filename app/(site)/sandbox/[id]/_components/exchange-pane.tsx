'use client';

import { memo, useId, useMemo, useState } from 'react';
import { RunChart } from '#components/chart/run-chart.tsx';
import { Score } from '#components/exchange/score.tsx';
import type { Pointer } from '#components/exchange/point.ts';
import type { Note } from '#components/exchange/view.ts';
import { CopyButton, CopyWords } from '#components/values/copy.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { Tabs } from '#components/values/tabs.tsx';
import { clientName } from '#lib/exchange/sender.ts';
import { makers } from '#lib/exchange/values.ts';
import { bagAt } from '#lib/live/bag.ts';
import { chartKey, chartOfFlow } from '#lib/live/chart.ts';
import type { Flow } from '#lib/exchange/flows.ts';
import { notesFor } from '#lib/live/notes.ts';
import { exchangeIssue, httpText } from '#lib/live/issue.ts';
import { actedOn } from '#lib/live/acted.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';
import type { EndpointNote } from '#lib/live/types.ts';
import { snippetsOf } from '#lib/exchange/write/index.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { Acted, isWrong, Why } from './exchange-notes.tsx';
import { titleOf } from './titles.ts';

type View = 'notes' | 'http' | 'curl' | 'har';
const views: readonly { readonly id: View; readonly label: string }[] = [
  { id: 'notes', label: 'Explained' },
  { id: 'http', label: 'HTTP' },
  { id: 'curl', label: 'curl' },
  { id: 'har', label: 'HAR' },
];
const none: readonly Note[] = [];

interface ExchangePaneProps {
  readonly exchange: Exchange;
  readonly exchanges: readonly Exchange[];
  readonly flow: Flow | undefined;
  readonly notes: readonly EndpointNote[];
  /** Names of clients by `client_id`. */
  readonly names: ReadonlyMap<string, string>;
  readonly revealed: boolean;
  /** null: secrets are not to be had. */
  readonly onReveal: ((on: boolean) => void) | null;
  readonly heading: React.RefObject<HTMLHeadingElement | null>;
  /** Where the evidence of the opened rule points. */
  readonly pointers: readonly Pointer[];
  /** Issuer of the sandbox, and ms of its clock from the wall's: to read tokens with. */
  readonly issuer: string;
  readonly offset: number;
  /** Back to the list, on a narrow screen. */
  readonly onBack: () => void;
}

/** The exchange that was chosen, explained line by line, with what the server did between; and its run against time. */
export const ExchangePane = memo(function ExchangePane({
  exchange,
  exchanges,
  flow,
  notes,
  names,
  revealed,
  onReveal,
  heading,
  pointers,
  issuer,
  offset,
  onBack,
}: ExchangePaneProps) {
  const id = useId();
  const [view, setView] = useState<View>('notes');
  // What came before an exchange does not change after it, but for secrets that are shown or masked: then it is
  // another object.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above; it is not drawn anew for each new exchange
  const bag = useMemo(() => bagAt(exchanges, exchange), [exchange]);
  const shown = useMemo(() => notesFor(notes, exchange), [notes, exchange]);
  const decode = useMemo(
    () => (onReveal && revealed ? { issuer, offset } : null),
    [onReveal, revealed, issuer, offset],
  );
  const marked = useMemo(() => [...pointers, ...actedPointers(exchange)], [pointers, exchange]);
  const text = () => (view === 'notes' || view === 'http' ? httpText(exchange) : snippetsOf(exchange)[view]);
  const from = [
    clientName(exchange, names),
    exchange.client.connection ? `from ${exchange.client.connection.split('#')[0]}` : null,
    timeOfDay(exchange.at),
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <section className="exch" aria-labelledby={`${id}-h`} id={`exchange-${exchange.seq}`}>
      <p className="to-list">
        <button type="button" onClick={onBack}>
          <Icon name="left" />
          All exchanges
        </button>
      </p>
      <div className="figh">
        <span className="fign">Exchange {exchange.seq}</span>
        <h2 id={`${id}-h`} tabIndex={-1} ref={heading}>
          {titleOf(exchange)}
        </h2>
        <Tabs label="Views of the exchange" tabs={views} value={view} onChange={setView} panel={`${id}-p`}>
          <CopyButton text={text} label="Copy what is shown" />
        </Tabs>
      </div>
      <div id={`${id}-p`} role="tabpanel" aria-label={views.find((one) => one.id === view)?.label}>
        <Acted exchange={exchange} />
        {view === 'notes' || view === 'http' ? (
          <StillScore
            key={exchange.seq}
            exchange={exchange}
            bag={bag}
            notes={view === 'notes' ? shown : none}
            caption={from}
            wrong={isWrong(exchange)}
            pointers={marked}
            decode={decode}
          />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it
          <pre className="snippet" tabIndex={0}>
            {text()}
          </pre>
        )}
      </div>
      {view === 'notes' && <Why exchange={exchange} exchanges={exchanges} />}
      <div className="exch-foot tiny dim">
        <CopyWords
          className="link"
          text={() =>
            exchangeIssue(exchange, titleOf(exchange), window.location.href.replace(/#.*/, `#exchange-${exchange.seq}`))
          }
        >
          Copy as issue
        </CopyWords>
        {(exchange.redacted.length > 0 || revealed) && (
          <p className="masked">
            {revealed
              ? 'Secrets are shown; a token can be decoded in its line.'
              : `Masked: ${exchange.redacted.join(', ')}. Equal values have equal masks.`}{' '}
            {onReveal && (
              <button type="button" className="link" aria-pressed={revealed} onClick={() => onReveal(!revealed)}>
                {revealed ? 'Mask them' : 'Show secrets'}
              </button>
            )}
          </p>
        )}
      </div>
      {flow && flow.exchanges.length > 1 && <FlowChart flow={flow} seq={exchange.seq} />}
    </section>
  );
}, isSame);

/** What came before an exchange does not change after it: a list that grows is no reason to draw it anew. */
function isSame(before: ExchangePaneProps, after: ExchangePaneProps): boolean {
  const { exchanges, flow, ...others } = after;
  return (
    chartKeyOf(before) === chartKeyOf(after) &&
    Object.entries(others).every(([name, value]) => Object.is(before[name as keyof ExchangePaneProps], value))
  );
}

const chartKeyOf = ({ flow, exchange }: ExchangePaneProps): string =>
  flow && flow.exchanges.length > 1 ? chartKey(flow, exchange.seq) : '';

/** Drawn again only for another exchange, or another view of it. */
const StillScore = memo(Score);

function FlowChart({ flow, seq }: { readonly flow: Flow; readonly seq: number }) {
  const key = chartKey(flow, seq);
  // biome-ignore lint/correctness/useExhaustiveDependencies: charted only while it shows
  return useMemo(() => {
    const chart = chartOfFlow(flow, seq);
    return (
      <section className="flow-plate" aria-labelledby="flow-h">
        <div className="figh">
          <h2 id="flow-h">{chart.title}</h2>
        </div>
        <p className="cap">{chart.caption}</p>
        <RunChart chart={chart} makers={makers} width={680} />
      </section>
    );
  }, [key]);
}

/** What a knob made different in the answer is marked, too: it is wrong on purpose. */
function actedPointers(exchange: Exchange): Pointer[] {
  return actedOn(exchange).map((name) => ({ side: 'response', in: 'body', name, expected: null, absent: false }));
}
