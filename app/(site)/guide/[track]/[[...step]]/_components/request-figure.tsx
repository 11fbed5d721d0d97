'use client';

import { useEffect, useId, useState } from 'react';
import { targetOf } from '#components/exchange/target.ts';
import { Pkce } from '#components/experiment/pkce.tsx';
import { Parameters } from '#components/parameters/parameters.tsx';
import { CopyButton } from '#components/values/copy.tsx';
import { Tabs } from '#components/values/tabs.tsx';
import { explainPkce } from '#lib/guide/pkce.ts';
import type { PkceView, RequestView } from '#lib/guide/types.ts';
import { asSent, curlOf } from './as-sent.ts';
import type { WalkHandle } from './use-walk.ts';

type View = 'decoded' | 'sent' | 'curl';
const tabs = [
  { id: 'decoded', label: 'Decoded' },
  { id: 'sent', label: 'As sent' },
  { id: 'curl', label: 'curl' },
] as const;

/** Fig. n.1: the request about to be sent, a parameter a row; beside it the same as it will stand on the wire. */
export function RequestFigure({ walk, onSend }: { readonly walk: WalkHandle; readonly onSend: () => void }) {
  const id = useId();
  const [tab, setTab] = useState<View>('decoded');
  const { view, run } = walk;
  const requests = view.requests.filter((request) => request.sendsWhen === null);
  const sent = view.exchanges.length > 0 && !view.steps.some((one) => one.id === view.step.id && one.edited);
  const title =
    requests.length > 1
      ? sent
        ? 'The requests that were sent'
        : 'The requests about to be sent'
      : sent
        ? 'The request that was sent'
        : 'The request about to be sent';
  const text = () => requests.map((request) => (tab === 'curl' ? curlOf(request) : asSent(request))).join('\n\n');
  return (
    <section aria-labelledby={`${id}-h`} id={`fig-${view.step.number}.1`}>
      <div className="figh">
        <span className="fign">Fig. {view.step.number}.1</span>
        <h2 id={`${id}-h`}>{title}</h2>
        <Tabs<View> label="Views of the request" tabs={tabs} value={tab} onChange={setTab} panel={`${id}-p`}>
          <CopyButton text={text} label="Copy the request" />
        </Tabs>
      </div>
      <div id={`${id}-p`} role="tabpanel" aria-label={tabs.find((one) => one.id === tab)?.label}>
        {tab === 'decoded' ? (
          requests.map((request) => (
            <Editable
              key={request.id}
              request={request}
              titled={requests.length > 1}
              walk={walk}
              onSend={onSend}
              run={run}
            />
          ))
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it
          <pre className="snippet" tabIndex={0}>
            {text()}
          </pre>
        )}
      </div>
    </section>
  );
}

interface EditableProps {
  readonly request: RequestView;
  readonly titled: boolean;
  readonly walk: WalkHandle;
  readonly run: WalkHandle['run'];
  readonly onSend: () => void;
}

function Editable({ request, titled, walk, run, onSend }: EditableProps) {
  const step = walk.view.step.id;
  const [target = '', query] = targetOf(request.url).split('?');
  // An address that comes with a later answer is named, not shown as a template.
  const path = target.replace(/^\{(\w+)\}$/, (_whole, name: string) => `the ${name.replaceAll('_', ' ')}`);
  const challenge = request.parameters.some((one) => one.parameter.name === 'code_challenge');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid with subgrids everywhere
    <div className="req" role="group" aria-label={titled ? request.title : 'Parameters of the request'}>
      {titled && <h3 className="req-title">{request.title}</h3>}
      <div className="rl m-code">
        <span className="k">{request.method}</span> {path}
        {query !== undefined && <span className="p">?</span>}{' '}
        {query === undefined && <span className="p">HTTP/1.1</span>}
      </div>
      <Parameters
        parameters={request.parameters}
        onSend={onSend}
        faulty={walk.view.failure?.edited}
        awake={walk.snapshot.awake}
        onEdit={(key, edit) => run.edit(step, request.id, key, edit)}
        onRestore={(key) => run.restore(step, request.id, key)}
      />
      {query !== undefined && (
        <div className="rl end m-code">
          <span className="p">HTTP/1.1</span>
        </div>
      )}
      {challenge && (
        <Making verifier={walk.view.bag.code_verifier?.value ?? null} open={walk.view.exchanges.length === 0} />
      )}
    </div>
  );
}

/** PKCE, computed in this page. */
function Making({ verifier, open }: { readonly verifier: string | null; readonly open: boolean }) {
  const [pkce, setPkce] = useState<PkceView | null>(null);
  useEffect(() => {
    let alive = true;
    if (verifier === null) setPkce(null);
    else
      void explainPkce(verifier).then((view) => {
        if (alive) setPkce(view);
      });
    return () => {
      alive = false;
    };
  }, [verifier]);
  if (!pkce) return null;
  return (
    <details className="making-box" open={open}>
      <summary className="req-title">How the challenge is made</summary>
      <Pkce pkce={pkce} />
    </details>
  );
}
