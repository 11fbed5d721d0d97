import type { ReactNode } from 'react';
import { Icon } from '#components/values/glyph.tsx';
import { Copy } from './copy.tsx';

/** The first figure's head and its two views; `public/first.js` moves between them. */
export function Figure({ http, curl }: { readonly http: ReactNode; readonly curl: string }) {
  return (
    <>
      <div className="figh">
        <span className="fign">Fig. 1.1</span>
        <h2>A refusal, in full</h2>
        <div className="end tabs needs-script">
          <div className="tabs" role="tablist" aria-label="Views of the exchange">
            <button type="button" role="tab" id="tab-http" aria-selected="true" aria-controls="fig-http">
              HTTP
            </button>
            <button type="button" role="tab" id="tab-curl" aria-selected="false" aria-controls="fig-curl" tabIndex={-1}>
              curl
            </button>
          </div>
          <button type="button" data-again="">
            Send it again
          </button>
          <Copy from="fig" label="Copy what is shown" />
        </div>
      </div>
      <p className="vh" role="status" data-said="" />
      <div id="fig">
        <div id="fig-http" role="tabpanel" aria-labelledby="tab-http">
          {http}
        </div>
        <div id="fig-curl" role="tabpanel" aria-labelledby="tab-curl" hidden>
          <pre className="curl m-code">{curl}</pre>
        </div>
      </div>
    </>
  );
}

/** Enter, drawn. */
export function Enter() {
  return (
    <kbd className="needs-script">
      <Icon name="enter" />
    </kbd>
  );
}
