/** A report as a badge: one line of SVG, without script and without anything from elsewhere. */
import type { Report } from '../types.ts';
import { attribute, content } from './xml.ts';

const COLOURS = { green: '#2f7d4f', yellow: '#8a6100', red: '#b3372f', grey: '#63676e' } as const;
/** Width of a character of the badge's font at 11 px, nearly. */
const CHARACTER = 6.6;

const TEXT = 'fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"';

/** What a badge says, and in which colour. */
export function badgeOf({ summary }: Pick<Report, 'summary'>): {
  readonly text: string;
  readonly colour: keyof typeof COLOURS;
} {
  const { must, fail, warn } = summary;
  const total = must.pass + must.fail;
  if (total === 0) return { text: 'nothing observed', colour: 'grey' };
  const text = `${must.pass} of ${total} MUST`;
  return { text, colour: fail > 0 ? 'red' : warn > 0 ? 'yellow' : 'green' };
}

/** The badge as SVG. */
export function toBadge(report: Pick<Report, 'summary'>): string {
  const { text, colour } = badgeOf(report);
  const label = 'authwalk';
  const left = Math.round(label.length * CHARACTER + 12);
  const right = Math.round(text.length * CHARACTER + 12);
  const title = `${label}: ${text}`;
  const word = (at: number, said: string): string => `<text x="${at}" y="14" ${TEXT}>${content(said)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" `,
    `aria-label="${attribute(title)}">`,
    `<title>${content(title)}</title>`,
    `<rect width="${left}" height="20" fill="#3b3f45"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${COLOURS[colour]}"/>`,
    word(left / 2, label),
    word(left + right / 2, text),
    '</svg>',
    '',
  ].join('');
}
