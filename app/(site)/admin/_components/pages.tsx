import { whole } from './api.ts';

interface PagesProps {
  readonly page: number;
  readonly per: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

/** Which part of a list is shown, and the way to the others. */
export function Pages({ page, per, total, onPage }: PagesProps) {
  const last = Math.max(1, Math.ceil(total / per));
  return (
    <div className="adm-pages">
      <span>
        {total === 0
          ? 'None'
          : `${whole((page - 1) * per + 1)} to ${whole(Math.min(page * per, total))} of ${whole(total)}`}
      </span>
      <Numbers page={page} pages={numbersAround(page, last)} hasNext={page < last} onPage={onPage} />
    </div>
  );
}

interface NumbersProps {
  readonly page: number;
  /** Which pages have a button, in order; between two that are no neighbours stands an ellipsis. */
  readonly pages: readonly number[];
  readonly hasNext: boolean;
  readonly onPage: (page: number) => void;
}

/** Pages by number, and the next one. */
export function Numbers({ page, pages, hasNext, onPage }: NumbersProps) {
  return (
    <nav aria-label="Pages">
      <ol>
        {pages.map((number, at) => (
          <li key={number}>
            {number - (pages[at - 1] ?? 0) > 1 ? <span aria-hidden="true">…</span> : null}
            <button
              type="button"
              className="link"
              aria-label={`Page ${number}`}
              aria-current={number === page ? 'page' : undefined}
              onClick={() => onPage(number)}
            >
              {whole(number)}
            </button>
          </li>
        ))}
      </ol>
      <button type="button" className="link" aria-disabled={!hasNext} onClick={() => hasNext && onPage(page + 1)}>
        Next
      </button>
    </nav>
  );
}

/** The first page, the last one, and those around the current one. */
export function numbersAround(page: number, last: number): number[] {
  const near = page <= 2 ? [1, 2, 3] : page >= last - 1 ? [last - 2, last - 1, last] : [page - 1, page, page + 1];
  const all = new Set([1, ...near, last].filter((number) => number >= 1 && number <= last));
  return [...all].sort((a, b) => a - b);
}
