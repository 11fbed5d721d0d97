import { ClauseLink, Prose } from '#components/values/prose.tsx';
import type { ErrorEntry } from '#lib/server/views/reference.ts';

const froms: Readonly<Record<ErrorEntry['from'], string>> = {
  authorization: 'authorization endpoint',
  endpoints: 'token and other endpoints',
  resources: 'protected resources',
  registration: 'registration',
  control: 'control API',
  mcp: 'MCP servers, as JSON-RPC',
  everywhere: '',
};

/** Every error code, with the reasons for which this server sends it. */
export function ErrorCodes({ errors }: { readonly errors: readonly ErrorEntry[] }) {
  return errors.map((error) => (
    <article key={error.code} className="err" aria-labelledby={`error-${error.code}`}>
      <h2 id={`error-${error.code}`}>
        <a className="m" href={`#error-${error.code}`}>
          {error.code}
        </a>{' '}
        <small>
          {error.status}
          {froms[error.from] && `, ${froms[error.from]}`}
        </small>
      </h2>
      <p>{error.says}</p>
      <p className="next">
        <b>Next</b> <Prose text={error.next} />
      </p>
      {error.reasons.length > 0 && (
        <ul className="reasons" aria-label={`Why this server answers ${error.code}`}>
          {error.reasons.map((reason) => (
            <li key={reason.id} id={`reason-${reason.id}`}>
              <a className="m" href={`#reason-${reason.id}`}>
                {reason.id}
              </a>
              <span className="says">
                <Prose text={reason.says} />{' '}
                {reason.clause && <ClauseLink label={reason.clause.label} url={reason.clause.url} />}
              </span>
            </li>
          ))}
        </ul>
      )}
    </article>
  ));
}
