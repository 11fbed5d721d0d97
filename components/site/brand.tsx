/** The mark, two lifelines and three messages, with the name; leads home. */
export function Brand() {
  return (
    <a className="brand" href="/">
      <svg viewBox="0 0 22 22" aria-hidden="true">
        <path d="M3.5 1.5v19M18.5 1.5v19" />
        <path d="M3.5 4.5 18.5 8" className="client" />
        <path d="M18.5 8 3.5 13.5" className="as" />
        <path d="M3.5 13.5 18.5 18" className="mcp" />
      </svg>
      authwalk
    </a>
  );
}
