/** A sandbox in a test's hands: each method is one request to the control API. */
import type { Fetch } from './control.ts';
import { createControl } from './control.ts';
import { demandDecision, demandEndpoint, demandExpectation, demandMembers } from './demand.ts';
import { AuthwalkError } from './errors.ts';
import { lineOf, listing, matches, wanted } from './match.ts';
import { createReport } from './report.ts';
import { elapsed, pause } from './timers.ts';
import type {
  Came,
  Client,
  Decision,
  EndpointName,
  Exchange,
  Fault,
  Grant,
  Knobs,
  Report,
  Sandbox,
  Sent,
  TokenOptions,
  User,
  Verdict,
  VisitOptions,
} from './types.ts';
import { type Answer, followAuthorization } from './visit.ts';

/** Exchanges asked for at once, the most that the server gives. */
const PAGE = 100;
const TOKEN = ['as', 'clientId', 'scope', 'audience', 'expiresIn'] as const satisfies (keyof TokenOptions)[];
/** Milliseconds between two looks at the record. */
const LOOK_EVERY = 20;
/** Milliseconds that {@link Sandbox.waitFor} waits unless it is told otherwise. */
const PATIENCE = 5_000;

/** What `POST /api/sandboxes` and `GET /api/sandboxes/{id}` say of a sandbox. */
export interface SandboxJson {
  readonly id: string;
  readonly issuer: string;
  readonly control_token?: string;
  readonly mcp: { readonly oauth: string; readonly bearer: string; readonly no_auth: string };
  readonly inspect_url?: string;
}

interface ClockJson {
  readonly now: string;
}

/** The entry of the queue of decisions that a decision becomes. */
export function queued(decision: Decision): Record<string, unknown> {
  demandDecision(decision);
  if (typeof decision === 'string') return { decision };
  const { approve, scope, delay } = decision;
  return {
    decision: 'approve',
    ...(typeof approve === 'string' ? { user: approve } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(delay === undefined ? {} : { delay }),
  };
}

/** @throws TypeError for what is no time */
function instantOf(time: Date | string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new TypeError(`clock.set() takes a Date or an ISO time, and not ${time}.`);
  return date.toISOString();
}

/** @throws TypeError for what is no address */
function addressOf(url: string | URL): URL {
  if (URL.canParse(String(url))) return new URL(url);
  throw new TypeError(`visit() takes the address of an authorization request, and not ${String(url)}.`);
}

/** A decision that names the user, unless it names one already. */
function decidedAs(user: string, decision: Decision): Decision {
  if (decision === 'approve') return { approve: user };
  return typeof decision === 'object' && decision.approve === true ? { ...decision, approve: user } : decision;
}

/** @param pages whether the server has pages, so that there is one to look at */
export function createSandbox(fetch: Fetch, origin: string, made: SandboxJson, token: string, pages: boolean): Sandbox {
  const { json, text } = createControl(fetch, `${origin}/api/sandboxes/${made.id}`, token);
  const inspectUrl = pages ? (made.inspect_url ?? `${origin}/sandbox/${made.id}#control=${token}`) : null;
  const moved = async (command: unknown): Promise<Date> =>
    new Date((await json<ClockJson>('POST', '/clock', command)).now);

  async function exchangesAfter(after: number): Promise<Exchange[]> {
    const all: Exchange[] = [];
    for (let from = after; ; ) {
      const { exchanges } = await json<{ exchanges: Exchange[] }>(
        'GET',
        `/exchanges?after=${from}&limit=${PAGE}&reveal=1`,
      );
      all.push(...exchanges);
      if (exchanges.length < PAGE) return all;
      from = exchanges.at(-1)!.seq;
    }
  }

  async function waitFor(
    endpoint: EndpointName,
    sent?: Sent,
    came: Came & { timeout?: number } = {},
  ): Promise<Exchange> {
    demandEndpoint(endpoint);
    demandExpectation(sent, came);
    const patience = came.timeout ?? PATIENCE;
    const until = elapsed() + patience;
    const seen: Exchange[] = [];
    for (;;) {
      const fresh = await exchangesAfter(seen.at(-1)?.seq ?? 0);
      seen.push(...fresh);
      const found = fresh.find((exchange) => matches(exchange, endpoint, sent, came));
      if (found !== undefined) return found;
      if (elapsed() >= until)
        throw new AuthwalkError(
          'timeout',
          `Within ${patience} ms there was no ${wanted(endpoint, sent, came)}. What arrived:\n${listing(seen)}`,
          { arrived: seen.map(lineOf) },
        );
      await pause(LOOK_EVERY);
    }
  }

  /** Whether no page would open: the sandbox decides, by its knob or by what is in line. */
  async function decidesItself(): Promise<boolean> {
    const { config } = await json<{ config: Readonly<Record<string, unknown>> }>('GET', '');
    if ((config['consent.outcome'] ?? 'ask') !== 'ask') return true;
    return (await json<{ decisions: unknown[] }>('GET', '/consent')).decisions.length > 0;
  }

  async function visit(url: string | URL, options: VisitOptions = {}): Promise<URL> {
    demandMembers('visit()', options, ['as', 'decision', 'deliver'] satisfies (keyof VisitOptions)[]);
    const address = addressOf(url);
    const { as, decision: asked, deliver = false } = options;
    const decision = asked ?? 'approve';
    const chosen: Decision = as === undefined ? decision : decidedAs(as, decision);
    let answer: Answer = { action: chosen === 'deny' ? 'deny' : 'auto' };
    if (typeof chosen === 'object') answer = { action: 'auto', ...(chosen.scope ? { scope: chosen.scope } : {}) };
    // Whoever is named, and what no form can say, is decided by the server before the page would open.
    const bySheet = chosen === 'approve' || chosen === 'deny' || chosen === 'ask';
    const byServer = !bySheet || (asked !== undefined && (await decidesItself()));
    if (byServer) await json('POST', '/consent', queued(chosen));
    const redirect = await followAuthorization(fetch, address, made.issuer, answer);
    if (deliver) {
      // The listener of the client under test: whatever it answers is its own business.
      const response = await globalThis.fetch(redirect, { redirect: 'follow' });
      await response.body?.cancel();
    }
    return redirect;
  }

  async function report(options: { readonly final?: boolean } = {}): Promise<Report> {
    demandMembers('report()', options, ['final']);
    const { final = true } = options;
    const query = (format: string): string => `/report?format=${format}${final ? '&final=1' : ''}`;
    const verdicts = await json<{ verdicts: readonly Verdict[] }>('GET', query('json'));
    return createReport(verdicts, { junit: await text(query('junit')), markdown: await text(query('markdown')) });
  }

  const gone = async (): Promise<void> => {
    await json('DELETE', '').catch((error: unknown) => {
      if (!(error instanceof AuthwalkError) || !['not_found', 'unreachable', 'closed'].includes(error.code))
        throw error;
    });
  };

  return {
    id: made.id,
    issuer: made.issuer,
    controlToken: token,
    mcp: { oauth: made.mcp.oauth, bearer: made.mcp.bearer, noAuth: made.mcp.no_auth },
    resource: made.mcp.oauth,
    inspectUrl,
    async configure(knobs: Knobs) {
      await json('PATCH', '', { config: knobs ?? null });
    },
    clock: {
      async advance(seconds) {
        if (typeof seconds !== 'number' || !Number.isFinite(seconds))
          throw new TypeError(`clock.advance() takes a number of seconds, and not ${String(seconds)}.`);
        return moved({ advance: seconds });
      },
      set: async (time) => moved({ set: instantOf(time) }),
      freeze: () => moved({ freeze: true }),
      resume: () => moved({ freeze: false }),
      reset: () => moved({ reset: true }),
      now: async () => new Date((await json<{ clock: ClockJson }>('GET', '')).clock.now),
    },
    consent: {
      async always(decision) {
        await json('DELETE', '/consent');
        const knob = typeof decision === 'string';
        await json('PATCH', '', { config: { 'consent.outcome': knob ? decision : 'approve' } });
        if (!knob) await json('POST', '/consent', { ...queued(decision), times: 'always' });
      },
      async next(...decisions) {
        for (const decision of decisions) await json('POST', '/consent', queued(decision));
      },
    },
    faults: {
      add: (fault) => json<Fault>('POST', '/faults', fault),
      list: async () => (await json<{ faults: Fault[] }>('GET', '/faults')).faults,
      clear: () => json('DELETE', '/faults'),
    },
    users: {
      add: (user) => json<User>('POST', '/users', user),
      list: async () => (await json<{ users: User[] }>('GET', '/users')).users,
    },
    clients: {
      add: (client) => json<Client>('POST', '/clients', client),
      list: async () => (await json<{ clients: Client[] }>('GET', '/clients')).clients,
    },
    grants: {
      list: async () => (await json<{ grants: Grant[] }>('GET', '/grants')).grants,
      revoke: (id) => json('POST', `/grants/${encodeURIComponent(id)}/revoke`),
    },
    keys: {
      async rotate() {
        await json('POST', '/keys/rotate');
      },
      async replace(keys) {
        await json('PUT', '/keys', { keys });
      },
    },
    async token(options = {}) {
      demandMembers('token()', options, TOKEN);
      const { as, clientId, scope, audience, expiresIn } = options;
      if (as !== undefined && !(await json<{ users: User[] }>('GET', '/users')).users.some(({ email }) => email === as))
        await json('POST', '/users', { email: as });
      const { access_token } = await json<{ access_token: string }>('POST', '/tokens', {
        ...(as === undefined ? {} : { email: as }),
        ...(clientId === undefined ? {} : { client_id: clientId }),
        ...(scope === undefined ? {} : { scope }),
        ...(audience === undefined ? {} : { audience }),
        ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
      });
      return access_token;
    },
    async exchanges(endpoint, sent, came) {
      if (endpoint !== undefined) demandEndpoint(endpoint);
      demandExpectation(sent, came);
      return (await exchangesAfter(0)).filter((exchange) => matches(exchange, endpoint, sent, came));
    },
    waitFor,
    visit,
    report,
    export: (format, { reveal = true } = {}) => text(`/export?format=${format}${reveal ? '&reveal=1' : ''}`),
    async reset() {
      await json('POST', '/reset');
    },
    delete: gone,
    [Symbol.asyncDispose]: gone,
  };
}
