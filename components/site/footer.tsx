import packageJson from '../../package.json' with { type: 'json' };

/** Foot of the pages that are read. */
export function Footer() {
  return (
    <footer className="foot">
      <p>authwalk {packageJson.version}</p>
      <p>
        <a href="/docs">Docs</a>
      </p>
      <p>
        <a href="/docs/public-instance">What a public instance keeps</a>
      </p>
      <p>
        <a href="/openapi.json">OpenAPI</a>
      </p>
      <p>
        <a href="/health">Health</a>
      </p>
      <p>Speaks OAuth 2.1 and MCP 2026-07-28 and earlier</p>
    </footer>
  );
}
