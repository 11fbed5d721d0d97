'use client';

import { memo, useMemo, useRef, useState } from 'react';
import { Trouble } from '#components/controls/trouble.tsx';
import { useTask } from '#components/controls/use-task.ts';
import { Figures } from '#components/report/figures.tsx';
import { Ruler } from '#components/report/ruler.tsx';
import { Confirm } from '#components/ui/confirm.tsx';
import type { Control } from '#lib/client/control.ts';
import { applies, clientWords, phasesOf, type Report, runWords } from '#lib/live/report.ts';
import '#components/report/band.css';

interface ReportBandProps {
  readonly report: Report;
  readonly open: string | null;
  readonly onOpen: (rule: string) => void;
  readonly onClient: (id: string | null) => void;
  /** null: the reader may only look. */
  readonly control: Control | null;
  readonly onClose: () => Promise<void>;
}

/** The report across the page: who is judged, the figures, and the ruler of all rules that apply. */
export const ReportBand = memo(function ReportBand({
  report,
  open,
  onOpen,
  onClient,
  control,
  onClose,
}: ReportBandProps) {
  const { busy, trouble, run } = useTask();
  const [asking, setAsking] = useState(false);
  const [kept, setKept] = useState<string | null>(null);
  const keeping = useRef<HTMLButtonElement>(null);
  const phases = useMemo(() => phasesOf(report.verdicts), [report.verdicts]);
  const unseen = report.verdicts.filter((one) => one.verdict === 'not_observed' && applies(one)).length;
  const clients = [...new Map(report.runs.flatMap((one) => (one.client ? [[one.client.id, one]] : []))).values()];
  const keep = () =>
    run(async () => {
      const made = await control?.call<{ url: string }>('POST', '/reports', {});
      if (made) setKept(made.url);
    });
  return (
    <section className="rband" aria-labelledby="report-h" id="report">
      <div className="figh">
        <h2 id="report-h">Report</h2>
        <span className="cap">{runWords(report)}</span>
        <Figures summary={report.summary} unseen={unseen} />
        {control && (
          <div className="end">
            <button
              type="button"
              className="btn"
              disabled={busy || report.final || report.run?.last == null}
              onClick={() => setAsking(true)}
            >
              Close the run
            </button>
            <button
              type="button"
              className="btn"
              ref={keeping}
              disabled={busy || report.run?.last == null}
              onClick={() => void keep()}
            >
              Keep a copy
            </button>
          </div>
        )}
      </div>
      {clients.length > 1 && (
        <div className="who2">
          {clients.map((one) => (
            <button
              key={one.client?.id}
              type="button"
              aria-pressed={one.client?.id === report.client?.id}
              onClick={() => onClient(one.client?.id ?? null)}
            >
              {clientWords(one)}
              {one.summary.fail > 0 && <span className="bad"> {one.summary.fail} fail</span>}
            </button>
          ))}
        </div>
      )}
      <Ruler phases={phases} open={open} onOpen={onOpen} />
      {kept && (
        <p className="share-link ui" role="status">
          Kept for 90 days, without secrets: <a href={kept}>{kept}</a>{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              setKept(null);
              keeping.current?.focus();
            }}
          >
            Close
          </button>
        </p>
      )}
      {asking && (
        <Confirm
          title="Close the run?"
          action="Close the run"
          busy={busy}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            void run(onClose).then(() => setAsking(false));
          }}
        >
          What did not happen counts from then on. The next request of this client opens a new run.
        </Confirm>
      )}
      <Trouble says={trouble} />
    </section>
  );
});
