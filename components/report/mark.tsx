import type { MarkName } from '#lib/live/report.ts';
import { markWords } from '#lib/live/report.ts';
import './report.css';

/** Marks of the rules, and two more for scenarios: nothing arrived, and not judged. */
export type Mark = MarkName | 'unreached' | 'unjudged' | 'not-run';

const shapes: Readonly<Record<Mark, React.ReactNode>> = {
  fail: <path d="m3 3 6 6M9 3l-6 6" />,
  warn: <path d="M6 2v5M6 9.5v.1" />,
  pass: <path d="m2.5 6.5 2.3 2.3L9.5 3.5" />,
  'so-far': <path d="m2.5 6.5 2.3 2.3L9.5 3.5" />,
  unseen: <circle cx="6" cy="6" r="2.6" />,
  unreached: (
    <>
      <circle cx="6" cy="6" r="2.6" />
      <path d="M2 10 10 2" />
    </>
  ),
  unjudged: <path d="M3 6h6" />,
  'not-run': <path d="M5.9 9.4h.2" />,
};

const words: Readonly<Record<Mark, string>> = {
  ...markWords,
  unreached: 'nothing arrived',
  unjudged: 'no rule judges it',
  'not-run': 'not run',
};

/** The drawn sign of a verdict. Colour is never alone: each has a shape and a name. */
export function VerdictMark({ mark, silent = false }: { readonly mark: Mark; readonly silent?: boolean }) {
  if (silent)
    return (
      <svg className={`mk ${mark}`} viewBox="0 0 12 12" aria-hidden="true">
        {shapes[mark]}
      </svg>
    );
  return (
    <svg className={`mk ${mark}`} viewBox="0 0 12 12" role="img" aria-label={words[mark]}>
      {shapes[mark]}
    </svg>
  );
}
