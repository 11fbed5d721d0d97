import type { ReactNode } from 'react';

interface StrayProps {
  /** Status of the answer, if it is an error. */
  readonly status?: number;
  readonly title: ReactNode;
  /** What happened. */
  readonly children: ReactNode;
  /** Links and buttons to where one can go on. */
  readonly ways?: ReactNode;
}

/** A page that stands in the place of what was looked for: what happened, and the ways on. */
export function Stray({ status, title, children, ways }: StrayProps) {
  return (
    <main id="main" className="sheet-page stray">
      {status !== undefined && (
        <p className="stray-no">
          <i>{status}</i>
        </p>
      )}
      <h1 className="title">{title}</h1>
      {children}
      {ways && <p className="stray-ways">{ways}</p>}
    </main>
  );
}
