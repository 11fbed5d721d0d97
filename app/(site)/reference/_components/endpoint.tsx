import { breakable, ClauseLink, Prose } from '#components/values/prose.tsx';
import type { EndpointEntry, OperationEntry, ParameterEntry } from '#lib/server/views/reference.ts';

/** One endpoint: where it is, what it takes, what it answers. */
export function Endpoint({ endpoint }: { readonly endpoint: EndpointEntry }) {
  return (
    <article className="ep" aria-labelledby={endpoint.anchor}>
      <h2 id={endpoint.anchor}>
        <a href={`#${endpoint.anchor}`}>{endpoint.title}</a>
      </h2>
      <ul className="ep-paths">
        {endpoint.paths.map((path) => (
          <li key={path}>
            <code>{path}</code>
          </li>
        ))}
      </ul>
      {endpoint.operations.map((operation) => (
        <Operation key={operation.method} operation={operation} title={endpoint.title} />
      ))}
    </article>
  );
}

function Operation({ operation, title }: { readonly operation: OperationEntry; readonly title: string }) {
  return (
    <div className="op">
      <p className="op-head">
        <b className="m">{operation.method}</b>{' '}
        <span>
          {operation.summary !== title && <Prose text={operation.summary} />}
          {operation.control && <em>, with the control token</em>}
        </span>{' '}
        {operation.body && <small>{bodies[operation.body] ?? operation.body}</small>}
        {operation.clause && <ClauseLink label={operation.clause.label} url={operation.clause.url} />}
        <button type="button" className="btn try-open" data-try={operation.id} aria-expanded="false">
          Try it<span className="vh">: {title}</span>
        </button>
      </p>
      {operation.parameters.length > 0 && (
        <ul className="params">
          {operation.parameters.map((parameter) => (
            <Parameter key={parameter.anchor} parameter={parameter} />
          ))}
        </ul>
      )}
      {operation.responses.length > 0 && (
        <dl className="answers">
          {operation.responses.map(({ status, says }) => (
            <div key={status}>
              <dt>{status}</dt>
              <dd>
                <Prose text={says} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const bodies: Readonly<Record<string, string>> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  'json-rpc': 'application/json, JSON-RPC',
};

function Parameter({ parameter }: { readonly parameter: ParameterEntry }) {
  return (
    <li id={parameter.anchor}>
      <a className="m" href={`#${parameter.anchor}`}>
        {breakable(parameter.name)}
      </a>
      <span className="where">
        {parameter.required ? 'required' : ''}
        {parameter.in === 'header' || parameter.in === 'path' ? ` ${parameter.in}` : ''}
      </span>
      <span className="says">
        <Prose text={parameter.says} />{' '}
        {parameter.clause && <ClauseLink label={parameter.clause.label} url={parameter.clause.url} />}
      </span>
    </li>
  );
}
