import { Fragment } from 'react';
import { parseText } from '#lib/guide/text.ts';
import type { Bag } from '#lib/guide/types.ts';
import { Value } from './value.tsx';

/**
 * A sentence of the catalogue: protocol in backticks, italic in asterisks, `{name}` for a value.
 * @param bag what the names stand for; without it a name stands for itself
 */
export function Prose({ text, bag }: { readonly text: string; readonly bag?: Bag }) {
  return parseText(text).map((piece, index) => {
    const key = index;
    if (piece.kind === 'value') {
      const held = bag?.[piece.name];
      return (
        <code key={key}>
          {held ? (
            <Value name={held.name} by={held.madeBy}>
              {brief(held.value)}
            </Value>
          ) : (
            `{${piece.name}}`
          )}
        </code>
      );
    }
    if (piece.kind === 'code') return <code key={key}>{breakable(piece.text)}</code>;
    if (piece.kind === 'term')
      return (
        <a key={key} className="term" href={`/guide/glossary#${piece.id}`}>
          {piece.as === 'code' ? <code>{piece.text}</code> : piece.as === 'italic' ? <i>{piece.text}</i> : piece.text}
        </a>
      );
    if (piece.kind === 'italic') return <i key={key}>{piece.text}</i>;
    return <Fragment key={key}>{piece.text}</Fragment>;
  });
}

/** A long name of the protocol, which may break after each underscore. */
export function breakable(name: string): React.ReactNode {
  if (name.length < 16 || !name.includes('_')) return name;
  return name.split(/(?<=_)/).map((part, index) => {
    const key = index;
    return (
      <Fragment key={key}>
        {index > 0 && <wbr />}
        {part}
      </Fragment>
    );
  });
}

/** An address without its origin, its long parts shortened: a sentence has little room. */
function brief(value: string): string {
  return (
    value
      .replace(/^https?:\/\/[^/]+/, '')
      .split('/')
      .map((part) => (part.length > 14 ? `${part.slice(0, 4)}…` : part))
      .join('/') || value
  );
}

/** A clause, as it is cited: short, and a link to the text itself. */
export function ClauseLink({
  label,
  url,
  tabbable = true,
}: {
  readonly label: string;
  readonly url: string;
  readonly tabbable?: boolean;
}) {
  return (
    <a
      className={label.length > 26 ? 'cl long' : 'cl'}
      href={url}
      target="_blank"
      rel="noreferrer"
      tabIndex={tabbable ? undefined : -1}
    >
      {label}
      <span className="vh"> (opens in a new tab)</span>
    </a>
  );
}
