'use client';

import { memo, useId, useMemo, useState } from 'react';
import { RunChart } from '#components/chart/run-chart.tsx';
import { Score } from '#components/exchange/score.tsx';
import type { Note } from '#components/exchange/view.ts';
import { CopyButton } from '#components/values/copy.tsx';
import { ClauseLink } from '#components/values/prose.tsx';
import { Tabs } from '#components/values/tabs.tsx';
import { clientName } from '#lib/exchange/sender.ts';
import { makers } from '#lib/exchange/values.ts';
import { bagAt } from '#lib/live/bag.ts';
import { around, chartOfFlow } from '#lib/live/chart.ts';
import type { Flow } from '#lib/exchange/flows.ts';
import { notesFor } from '#lib/live/notes.ts';
import { reasonOf } from '#lib/live/reason.ts';
import { timeOfDay } from '#lib/live/rows.ts';
import type { EndpointNote } from '#lib/live/types.ts';
import { snippetsOf } from '#lib/exchange/write/index.ts';
import type { Exchange } from '#lib/exchange/types.ts';
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
}

/** The exchange that was chosen, explained line by line, with what the server did between; and its run against time. */
export function ExchangePane({
  exchange,
  exchanges,
  flow,
  notes,
  names,
  revealed,
  onReveal,
  heading,
}: ExchangePaneProps) {
  const id = useId();
  const [view, setView] = useState<View>('notes');
  // What came before an exchange does not change after it, but for secrets that are shown or masked: then it is another object.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above; ten exchanges a second must not draw this one anew
  const bag = useMemo(() => bagAt(exchanges, exchange), [exchange]);
  const shown = useMemo(() => notesFor(notes, exchange), [notes, exchange]);
  const text = () => (view === 'notes' || view === 'http' ? httpOf(exchange) : snippetsOf(exchange)[view]);
  const from = [
    clientName(exchange, names),
    exchange.client.connection ? `from ${exchange.client.connection.split('#')[0]}` : null,
    timeOfDay(exchange.at),
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <section className="exch" aria-labelledby={`${id}-h`}>
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
          />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll sideways, and then the keyboard must reach it
          <pre className="snippet" tabIndex={0}>
            {text()}
          </pre>
        )}
      </div>
      {view === 'notes' && <Why exchange={exchange} />}
      {(exchange.redacted.length > 0 || revealed) && (
        <p className="masked tiny dim">
          {revealed ? 'Secrets are shown.' : `Masked: ${exchange.redacted.join(', ')}. Equal values have equal masks.`}{' '}
          {onReveal && (
            <button type="button" className="link" aria-pressed={revealed} onClick={() => onReveal(!revealed)}>
              {revealed ? 'Mask them' : 'Show secrets'}
            </button>
          )}
        </p>
      )}
      {flow && flow.exchanges.length > 1 && <FlowChart flow={flow} seq={exchange.seq} />}
    </section>
  );
}

/** The first 401 is how everything begins; a refusal with an error is somebody's mistake. */
const isWrong = (exchange: Exchange) =>
  exchange.error !== null &&
  (exchange.response?.status ?? 0) >= 400 &&
  exchange.error !== 'authorization_pending' &&
  exchange.error !== 'slow_down';

/** What was done to the answer on purpose. */
function Acted({ exchange }: { readonly exchange: Exchange }) {
  if (exchange.acted.length === 0 && (exchange.delivered || !exchange.response)) return null;
  return (
    <p className="acted">
      {exchange.acted.map((one) => (
        <span key={`${one.kind}-${one.name}`}>
          {{ fault: 'The fault', knob: 'The knob', stage: 'The stage', patch: 'The patch' }[one.kind]}{' '}
          <code>{one.name}</code> acted here.{' '}
        </span>
      ))}
      {!exchange.delivered &&
        exchange.response &&
        'The connection was closed before this answer had arrived: the server has acted, and the client may not know.'}
    </p>
  );
}

/** Why it was refused: the reason, its clause, what was expected and what came. */
function Why({ exchange }: { readonly exchange: Exchange }) {
  const reason = reasonOf(exchange.reason);
  if (!reason && !exchange.error) return null;
  const evidence = Object.entries(exchange.evidence ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return (
    <section className="why" aria-label="Why">
      {reason && (
        <p>
          {reason.says} <ClauseLink label={reason.clause.label} url={reason.clause.url} />
        </p>
      )}
      {evidence.length > 0 && (
        <dl>
          {evidence.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {exchange.error && (
        <p className="tiny">
          <a className="link" href={`/reference#error-${exchange.error}`}>
            All that <code>{exchange.error}</code> can mean
          </a>
        </p>
      )}
    </section>
  );
}

/** Drawn again only for another exchange, or another view of it. */
const StillScore = memo(Score);

function FlowChart({ flow, seq }: { readonly flow: Flow; readonly seq: number }) {
  const charted = around(flow, seq);
  const key = `${charted[0]?.seq} ${charted.at(-1)?.seq} ${flow.exchanges.length === charted.length}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: sorted anew with each exchange that comes, charted anew only when it shows
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

function httpOf({ request, response }: Exchange): string {
  const target = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/';
  const message = (first: string, headers: Exchange['request']['headers'], body: string | null) =>
    `${first}\n${headers.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${body ? `\n${body}\n` : ''}`;
  return `${message(`${request.method} ${target} HTTP/${request.httpVersion.replace('HTTP/', '')}`, request.headers, request.body)}\n${response ? message(`HTTP/${request.httpVersion.replace('HTTP/', '')} ${response.status} ${response.statusText}`, response.headers, response.body) : ''}`;
}
