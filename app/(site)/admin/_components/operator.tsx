'use client';

import { type FormEvent, useState } from 'react';
import { countOf, type Instance, span, whole } from './api.ts';
import { Attention } from './attention.tsx';
import { Events } from './events.tsx';
import { Clients, Plans, Reports, Users } from './lists.tsx';
import { Metrics } from './metrics.tsx';
import { Overview } from './overview.tsx';
import { Sandboxes } from './sandboxes.tsx';
import { useAsked } from './use-asked.ts';

const VIEWS = [
  'Sandboxes',
  'Kept reports',
  'Plans',
  'Users of default',
  'Clients of default',
  'Events',
  'Metrics',
] as const;
type View = (typeof VIEWS)[number];

/** The operator's page. The token stays in this page's memory: a reload asks for it again. */
export function Operator() {
  const [token, setToken] = useState<string | null>(null);
  const [view, setView] = useState<View>('Sandboxes');
  const [search, setSearch] = useState('');
  const [looked, setLooked] = useState<string | null>(null);
  const [oldestFirst, setOldestFirst] = useState(false);
  const instance = useAsked<Instance>(token, '/instance', 10_000);
  if (instance.locked) return <Gate wrong={token !== null} onToken={setToken} />;
  if (instance.value === null)
    return (
      <main id="main" className="adm-gate">
        <h1 className="title">Operator</h1>
        <p role="status">{instance.problem ?? 'Asking this instance…'}</p>
      </main>
    );
  const show = (name: View) => {
    setView(name);
    setOldestFirst(false);
  };
  const { totals, ...about } = instance.value;
  const counts: Partial<Record<View, number>> = {
    Sandboxes: totals.sandboxes,
    'Kept reports': totals.reports,
    Plans: totals.plans,
    'Users of default': totals.users,
    'Clients of default': totals.clients,
  };
  return (
    <div className="adm">
      <nav className="adm-rail" aria-label="Operator">
        <h2>Operator</h2>
        <ol>
          {VIEWS.map((name) => (
            <li key={name}>
              <button type="button" aria-current={view === name ? 'page' : undefined} onClick={() => show(name)}>
                {name}
                {counts[name] === undefined ? null : <span className="num">{whole(counts[name])}</span>}
              </button>
            </li>
          ))}
        </ol>
        <dl className="adm-inst">
          <dt>Version</dt>
          <dd>
            authwalk {about.version}, up {span(about.up_seconds * 1000)}
          </dd>
          <dt>Origin</dt>
          <dd>
            {about.origin}, {about.public ? 'public' : 'local'}
          </dd>
          <dt>Database</dt>
          <dd>
            {about.database.kind}, {instance.problem === null ? 'connected' : 'no answer'},{' '}
            {countOf(about.instances, 'instance')}
          </dd>
          <dt>Limits</dt>
          <dd>
            {about.rate_limits ? 'on' : 'off'}; {about.trusted_proxies === 0 ? 'no' : about.trusted_proxies}{' '}
            {about.trusted_proxies === 1 ? 'proxy' : 'proxies'} trusted
          </dd>
        </dl>
      </nav>
      <main id="main" className="adm-main">
        <h1 className="vh">{view}</h1>
        {instance.problem === null ? null : (
          <p role="alert" className="adm-stale">
            {instance.problem} What stands here is older.
          </p>
        )}
        {view === 'Sandboxes' ? (
          <>
            <Overview instance={instance.value} />
            <Attention
              token={token}
              instance={instance.value}
              onReports={() => {
                setView('Kept reports');
                setOldestFirst(true);
              }}
              onLook={(id) => {
                setSearch(id);
                setLooked(id);
              }}
              onChange={instance.again}
            />
            <div className="adm-boxes">
              <Sandboxes
                token={token}
                lastUses={instance.value.last_uses.counts}
                all={totals.sandboxes}
                search={search}
                looked={looked}
                onSearch={(text) => {
                  setSearch(text);
                  setLooked(null);
                }}
                onChange={instance.again}
              />
              <Events token={token} />
            </div>
          </>
        ) : null}
        {view === 'Kept reports' ? (
          <Reports
            token={token}
            total={totals.reports}
            oldestFirst={oldestFirst}
            onOrder={() => setOldestFirst(!oldestFirst)}
            onChange={instance.again}
          />
        ) : null}
        {view === 'Plans' ? <Plans token={token} total={totals.plans} onChange={instance.again} /> : null}
        {view === 'Users of default' ? <Users token={token} /> : null}
        {view === 'Clients of default' ? <Clients token={token} onChange={instance.again} /> : null}
        {view === 'Events' ? <Events token={token} /> : null}
        {view === 'Metrics' ? <Metrics token={token} /> : null}
      </main>
    </div>
  );
}

function Gate({ wrong, onToken }: { wrong: boolean; onToken: (token: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('token');
    if (typeof given === 'string' && given.trim() !== '') onToken(given.trim());
  };
  return (
    <main id="main" className="adm-gate">
      <h1 className="title">Operator</h1>
      <p className="lede">This page is for whoever runs the instance.</p>
      <form onSubmit={submit}>
        <label htmlFor="token">Admin token</label>
        <input
          id="token"
          name="token"
          type="password"
          autoComplete="off"
          required
          aria-invalid={wrong || undefined}
          aria-describedby="token-says"
        />
        <button type="submit" className="btn">
          Open
        </button>
        <p id="token-says" role={wrong ? 'alert' : undefined} className="tiny dim">
          {wrong ? 'This is not the admin token.' : 'The value of AUTHWALK_ADMIN_TOKEN. It stays in this page.'}
        </p>
      </form>
    </main>
  );
}
