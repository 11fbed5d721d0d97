/**
 * The wire as a picture of its own: an SVG document that needs no style sheet, for slides and pages of others. Colours
 * stand at each shape, because a document that is opened by itself has the policy of this site, which has no styles.
 */
import type { Party, Wire } from '#lib/guide/types.ts';
import { isBig, lanes, layOut, type PlacedMessage, width } from './geometry.ts';

export type Theme = 'light' | 'dark';

interface Palette {
  readonly plate: string;
  readonly ink: string;
  readonly soft: string;
  readonly lines: Readonly<Record<Party | 'fault', string>>;
}

/** The tokens of `app/styles/tokens.css`; `svg.test.ts` holds the two together. */
export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    plate: '#f2f3f0',
    ink: '#15191e',
    soft: '#454b53',
    lines: { you: '#15191e', client: '#2b57e0', as: '#b87700', mcp: '#0c8a69', fault: '#bf2419' },
  },
  dark: {
    plate: '#0a0e11',
    ink: '#e8e7e1',
    soft: '#b3b8ba',
    lines: { you: '#d2d3cf', client: '#7aa2ff', as: '#e5a42c', mcp: '#3fbf92', fault: '#ff8e7c' },
  },
};

const SANS = "'Instrument Sans', system-ui, sans-serif";
const SERIF = "'Source Serif 4', Georgia, serif";

/** Room around the drawing, and above it for its title. */
const MARGIN = 16;
const HEAD = 40;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Attributes {
  readonly [name: string]: string | number;
}

function tag(name: string, attributes: Attributes, inner = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return inner === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${inner}</${name}>`;
}

const text = (attributes: Attributes, says: string): string => tag('text', attributes, escaped(says));

const GLYPHS: Readonly<Record<Party, (fill: string) => string>> = {
  you: (fill) => tag('circle', { cx: 6, cy: 6, r: 5.6, fill }),
  client: (fill) => tag('rect', { x: 0.6, y: 0.6, width: 10.8, height: 10.8, fill }),
  as: (fill) => tag('path', { d: 'M6 0l5.6 3v6L6 12 .4 9V3z', fill }),
  mcp: (fill) => tag('path', { d: 'M.6 12V5.4a5.4 5.4 0 0 1 10.8 0V12z', fill }),
};

export interface WireSvg {
  /** Stands above the drawing. */
  readonly title: string;
  readonly wire: Wire;
  /** Who made a value, by its name. */
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
  readonly theme?: Theme;
}

/** Draws the wire as an SVG document. */
export function wireSvg({ title, wire, makers, theme = 'light' }: WireSvg): string {
  const palette = PALETTES[theme];
  const layout = layOut(wire.messages, wire.bars);
  const colourOf = (name: string, otherwise: Party): string => {
    const maker = makers[name] ?? otherwise;
    return palette.lines[maker === 'attacker' ? 'fault' : maker];
  };
  const bottom = layout.height - 2;
  const small = { 'font-family': SANS, 'font-size': 11.5, fill: palette.soft };
  const parts = [
    ...wire.parties.map(({ party }) =>
      tag('path', {
        d: `M${lanes[party]} 50V${bottom}`,
        stroke: palette.lines[party],
        'stroke-opacity': 0.45,
        fill: 'none',
      }),
    ),
    ...layout.bars.map(({ bar, x, from, to }) =>
      tag('path', {
        d: `M${x} ${from}V${to}`,
        stroke: colourOf(bar.value, bar.party),
        'stroke-width': 4.5,
        ...(bar.alive ? {} : { 'stroke-opacity': 0.5, 'stroke-dasharray': '1.5 2.5' }),
      }),
    ),
    ...layout.steps.map((step) =>
      text(
        { x: 6, y: step.y + 2, 'font-family': SERIF, 'font-style': 'italic', 'font-size': 14.5, fill: palette.soft },
        String(step.number),
      ),
    ),
    ...layout.messages.map((placed) => drawn(placed, palette, colourOf, small)),
    ...wire.parties.map(({ party, name }) =>
      tag(
        'g',
        { transform: `translate(${lanes[party] - 11} 0) scale(1.8333)` },
        GLYPHS[party](palette.lines[party]),
      ).concat(
        text(
          {
            ...small,
            'font-weight': 600,
            'font-size': 12,
            x: Math.min(lanes[party], width - 26),
            y: 40,
            'text-anchor': 'middle',
            fill: palette.lines[party],
          },
          party === 'as' ? 'Auth server' : name,
        ),
      ),
    ),
  ];
  const [wide, high] = [width + 2 * MARGIN, layout.height + HEAD + 2 * MARGIN];
  return [
    tag(
      'svg',
      { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, role: 'img' },
      [
        tag('title', {}, escaped(title)),
        tag('desc', {}, escaped(wire.alt.join(' '))),
        tag('rect', { width: wide, height: high, fill: palette.plate }),
        text(
          { x: MARGIN, y: MARGIN + 14, 'font-family': SERIF, 'font-size': 17, 'font-weight': 600, fill: palette.ink },
          title,
        ),
        tag('g', { transform: `translate(${MARGIN} ${MARGIN + HEAD})` }, parts.join('\n')),
      ].join('\n'),
    ),
    '',
  ].join('\n');
}

function drawn(
  { message, y, tip, direction, shaft, beads, label, status }: PlacedMessage,
  palette: Palette,
  colourOf: (name: string, otherwise: Party) => string,
  small: Attributes,
): string {
  const [long, half] = isBig(message) ? [8, 4] : [6.5, 3.2];
  const stroke = palette.lines[message.state === 'failed' ? 'fault' : message.from];
  // What has not travelled yet, or no longer holds, is dotted.
  const isThere = ['done', 'failed', 'running'].includes(message.state);
  const faint: Attributes = isThere ? {} : { 'stroke-opacity': 0.5, 'stroke-dasharray': '1.5 2.5' };
  const head: Attributes = isThere ? { fill: stroke } : { fill: palette.plate, stroke, 'stroke-opacity': 0.5 };
  return [
    tag('path', { d: shaft, stroke, 'stroke-width': 1.25, fill: 'none', ...faint }),
    tag('path', { d: `M${tip} ${y}l${-direction * long} ${-half}v${2 * half}z`, ...head }),
    ...beads.map((bead) =>
      tag(
        'circle',
        { cx: bead.x, cy: y, r: 2.5, fill: colourOf(bead.name, 'you'), stroke: palette.plate, 'stroke-width': 1.5 },
        tag('title', {}, escaped(bead.name)),
      ),
    ),
    label ? text({ ...small, ...label }, message.label.replace(/ oauth-(?=\w+-)/, ' …')) : '',
    status ? text({ ...small, ...status }, message.status === null ? '' : String(message.status)) : '',
  ].join('');
}
