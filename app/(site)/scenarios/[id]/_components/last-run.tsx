import { VerdictMark } from '#components/report/mark.tsx';

const marks = ['pass', 'fail', 'warn', 'unseen'] as const;

/**
 * The reader's last run of this scenario, as this browser keeps it. `pages.js` fills it in: the page is the same for
 * everybody, and goes out without a framework.
 */
export function LastRun({ id }: { readonly id: string }) {
  return (
    <section aria-labelledby="last-h" data-last-run={id} hidden>
      <header className="figh">
        <h2 id="last-h">Your last run</h2>
        <span className="cap" data-last-of="" />
      </header>
      <ul className="scn-last" />
      <p className="ui">
        <a data-last-page="" href="/sandbox">
          The page of this run
        </a>
      </p>
      {marks.map((mark) => (
        <template key={mark} data-mark={mark}>
          <VerdictMark mark={mark} />
        </template>
      ))}
    </section>
  );
}
