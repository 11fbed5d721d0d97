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
      <nav aria-label="Pages">
        <button type="button" className="link" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          Previous
        </button>
        <span aria-current="page">
          Page {whole(page)} of {whole(last)}
        </span>
        <button type="button" className="link" disabled={page >= last} onClick={() => onPage(page + 1)}>
          Next
        </button>
      </nav>
    </div>
  );
}
