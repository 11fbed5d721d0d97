import type { Party } from '#lib/exchange/types.ts';

/** The four parties, and the fifth hand: whoever attacks in a lab. */
export type Hand = Party | 'attacker';

/** How the hands are called, in full and where there is little room. */
export const handNames: Readonly<Record<Hand, { readonly long: string; readonly short: string }>> = {
  you: { long: 'You', short: 'You' },
  client: { long: 'Client', short: 'Client' },
  as: { long: 'Authorization server', short: 'Auth server' },
  mcp: { long: 'MCP server', short: 'MCP server' },
  attacker: { long: 'Mallory', short: 'Mallory' },
};

/** The outline of a hand in a box of 12: disc, square, hexagon, arch, fox. */
export function GlyphShape({ hand }: { readonly hand: Hand }) {
  if (hand === 'you') return <circle cx="6" cy="6" r="5.6" />;
  if (hand === 'client') return <rect x=".6" y=".6" width="10.8" height="10.8" />;
  if (hand === 'as') return <path d="M6 0l5.6 3v6L6 12 .4 9V3z" />;
  if (hand === 'attacker') return <path d="M0 .4 3.6 2.6H8.4L12 .4V5.6L6 12 0 5.6Z" />;
  return <path d="M.6 12V5.4a5.4 5.4 0 0 1 10.8 0V12z" />;
}

/** A hand's mark in a line of text. Decoration: its name stands beside it, or is said by the parent. */
export function Glyph({ hand }: { readonly hand: Hand }) {
  return (
    <svg className={`gl ${hand}`} viewBox="0 0 12 12" aria-hidden="true">
      <GlyphShape hand={hand} />
    </svg>
  );
}

/** Who speaks to whom. */
export function Trip({ from, to }: { readonly from: Hand; readonly to: Hand }) {
  return (
    <span className="trip">
      <span className={from}>
        <Glyph hand={from} />
      </span>
      <Icon name="arrow" />
      <span className={to}>
        <Glyph hand={to} />
      </span>
      <span className="vh">
        {handNames[from].long} to {handNames[to].long}:{' '}
      </span>
    </span>
  );
}

const icons = {
  arrow: <path d="M2 8h11M9.5 4.5 13 8l-3.5 3.5" />,
  enter: <path d="M13 3.5V7a2 2 0 0 1-2 2H3.5M6.5 6l-3 3 3 3" />,
  copy: (
    <>
      <path d="M5.5 5.5V3a1 1 0 0 1 1-1H13a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1h-2.5" />
      <rect x="2" y="5.5" width="8.5" height="8.5" rx="1" />
    </>
  ),
  right: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  left: <path d="M10 3.5 5.5 8l4.5 4.5" />,
  down: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  tick: <path d="m3 8.5 3.5 3.5L13 4.5" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  bang: <path d="M8 2.5v7M8 13v.5" />,
  ring: <circle cx="8" cy="8" r="3" />,
} as const;

/** A drawn sign of 16 units; always beside a word or a label. */
export function Icon({ name }: { readonly name: keyof typeof icons }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      {icons[name]}
    </svg>
  );
}
