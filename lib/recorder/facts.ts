/** What is known of a ledger as a whole, through resets and past the entries that are kept. */
import type { Exchange, LedgerFacts } from '#lib/exchange/types.ts';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import type { LedgerFact, Store } from '#lib/store/store.ts';

/** Sandboxes whose facts are known to be noted already. */
const REMEMBERED = 1000;

/** The issuer whose metadata an address is of. */
function issuerAt(address: string): string {
  const url = new URL(address);
  const wellKnown = /\/\.well-known\/(?:oauth-authorization-server|openid-configuration)/;
  return url.origin + url.pathname.replace(wellKnown, '');
}

function factOf({ endpoint, request, at }: Exchange): LedgerFact | null {
  if (request.method !== 'GET') return null;
  if (endpoint === 'prm') return { kind: 'prm', name: '', at: Date.parse(at) };
  if (endpoint !== 'as-metadata' || !URL.canParse(request.url)) return null;
  return { kind: 'as-metadata', name: issuerAt(request.url), at: Date.parse(at) };
}

/** Notes what exchanges show for the first time. What was noted once costs nothing the next time. */
export function createFactNotes(store: Store): (sandboxId: string, exchanges: readonly Exchange[]) => Promise<void> {
  const noted = new BoundedMap<string, Set<string>>(REMEMBERED);
  return async (sandboxId, exchanges) => {
    const before = noted.getOrMake(sandboxId, () => new Set());
    const news = new Map<string, LedgerFact>();
    for (const exchange of exchanges) {
      const fact = factOf(exchange);
      if (fact === null || before.has(`${fact.kind} ${fact.name}`)) continue;
      if (!news.has(`${fact.kind} ${fact.name}`)) news.set(`${fact.kind} ${fact.name}`, fact);
    }
    if (news.size === 0) return;
    await store.tenant(sandboxId).noteLedgerFacts([...news.values()]);
    for (const key of news.keys()) before.add(key);
  };
}

/** @param ownOrigin whether the sandbox is alone on its origin */
export async function ledgerFacts(store: Store, sandboxId: string, ownOrigin: boolean): Promise<LedgerFacts> {
  const tenant = store.tenant(sandboxId);
  const [facts, first] = await Promise.all([tenant.listLedgerFacts(), tenant.firstExchangeSeq()]);
  const time = ({ at }: LedgerFact): string => new Date(at).toISOString();
  const prm = facts.find(({ kind }) => kind === 'prm');
  return {
    seen: {
      prm: prm ? time(prm) : null,
      as_metadata: Object.fromEntries(
        facts.filter(({ kind }) => kind === 'as-metadata').map((fact) => [fact.name, time(fact)]),
      ),
    },
    forgotten_clients: facts.filter(({ kind }) => kind === 'forgotten-client').map(({ name }) => name),
    first_kept: first,
    own_origin: ownOrigin,
  };
}
