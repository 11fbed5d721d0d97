import type { RedirectView } from '#lib/server/views/consent.ts';

/** Where the answer goes, loud; with a warning where the address says little about who gets it. */
export function Redirect({ redirect }: { readonly redirect: RedirectView }) {
  const { warning } = redirect;
  return (
    <section className="sect loud" aria-labelledby="h-to">
      <h2 id="h-to">The answer goes to</h2>
      <div>
        <p className="host client">
          {redirect.host}
          <small>
            {redirect.port}
            {redirect.path}
          </small>
        </p>
        {warning && (
          <p className="warn">
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M6 1.5v6M6 10.2v.1" />
            </svg>
            <span>
              <b>{warning.head}</b>
              {warning.says}
            </span>
          </p>
        )}
      </div>
    </section>
  );
}
