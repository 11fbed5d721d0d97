import { Fragment } from 'react';

/** A sentence of the catalogue: `code` in backticks, *emphasis* in asterisks, nothing else. */
export function Prose({ text }: { readonly text: string }) {
  return text.split(/(`[^`]+`|\*[^*]+\*)/).map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one unchanging sentence
    const key = index;
    if (part.length > 2 && part.startsWith('`') && part.endsWith('`')) return <code key={key}>{part.slice(1, -1)}</code>;
    if (part.length > 2 && part.startsWith('*') && part.endsWith('*')) return <i key={key}>{part.slice(1, -1)}</i>;
    return <Fragment key={key}>{part}</Fragment>;
  });
}

/** The same sentence without its marks, for labels and announcements. */
export function plainProse(text: string): string {
  return text.replace(/`([^`]+)`/g, '$1').replace(/\*([^*]+)\*/g, '$1');
}

/** A clause, as it is cited: short, and a link to the text itself. */
export function ClauseLink({ label, url, tabbable = true }: { readonly label: string; readonly url: string; readonly tabbable?: boolean }) {
  return <a className="cl" href={url} target="_blank" rel="noreferrer" tabIndex={tabbable ? undefined : -1}>{label}<span className="vh"> (opens in a new tab)</span></a>;
}
