import { isExplained } from '#lib/spec/errors.ts';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import { relatedOf } from '#lib/exchange/related.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { reasonOf } from '#lib/live/reason.ts';

/** A `GET` at an MCP server that offers no stream of its own: allowed, and answered as the specification says. */
export const isNoStream = (exchange: Exchange): boolean =>
  exchange.request.method === 'GET' &&
  exchange.response?.status === 405 &&
  ['mcp', 'bearer', 'no-auth'].includes(exchange.endpoint);

const MCP_2025_11_25 = 'https://modelcontextprotocol.io/specification/2025-11-25';

const EXPECTED: ReadonlySet<string> = new Set(['authorization_pending', 'slow_down']);

/** The first 401 is how everything begins; a refusal with an error is a mistake. */
export const isWrong = (exchange: Exchange): boolean =>
  exchange.error !== null &&
  (exchange.response?.status ?? 0) >= 400 &&
  !EXPECTED.has(exchange.error) &&
  !isNoStream(exchange);

const kinds = { fault: 'A fault', knob: 'The knob', stage: 'The scenario', patch: 'The patch' } as const;

/** What was done to the answer on purpose. */
export function Acted({ exchange }: { readonly exchange: Exchange }) {
  const lost = !exchange.delivered && exchange.response !== null;
  if (exchange.acted.length === 0 && !lost) return null;
  return (
    <p className="acted">
      {exchange.acted.map((one) => (
        <span key={`${one.kind}-${one.name}`}>
          {kinds[one.kind]} <code>{one.name}</code> acted here.{' '}
        </span>
      ))}
      {lost &&
        'The connection was closed before this answer arrived: the server has acted, and the client may not know.'}
    </p>
  );
}

/** Why it was refused: the reason, its clause, what was expected and what came, and what else the record knows. */
export function Why({ exchange, exchanges }: { readonly exchange: Exchange; readonly exchanges: readonly Exchange[] }) {
  if (isNoStream(exchange))
    return (
      <section className="why" aria-label="Why">
        <p>
          No stream is offered here, which is normal: a client goes on without it.{' '}
          <ClauseLink
            label="MCP, Streamable HTTP"
            url={`${MCP_2025_11_25}/basic/transports#listening-for-messages-from-the-server`}
          />
        </p>
      </section>
    );
  const reason = reasonOf(exchange.reason);
  const related = relatedOf(exchange, exchanges);
  if (!reason && !exchange.error && related.length === 0) return null;
  const evidence = Object.entries(exchange.evidence ?? {}).filter(
    ([name, value]) => name !== 'elsewhere' && value !== null && value !== undefined,
  );
  return (
    <section className="why" aria-label="Why">
      {reason && (
        <p>
          <Prose text={reason.says} /> <ClauseLink label={reason.clause.label} url={reason.clause.url} />
        </p>
      )}
      {related.map((one) => (
        <p key={one.says}>
          {one.says}{' '}
          {one.seq !== null && (
            <a className="link" href={`#exchange-${one.seq}`}>
              Exchange {one.seq}
            </a>
          )}
        </p>
      ))}
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
      {exchange.error && isExplained(exchange.error) && (
        <p className="tiny">
          <a className="link" href={`/reference/errors#error-${exchange.error}`}>
            Everything <code>{exchange.error}</code> can mean
          </a>
        </p>
      )}
    </section>
  );
}
