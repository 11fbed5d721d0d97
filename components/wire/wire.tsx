'use client';

import { useEffect, useId, useRef } from 'react';
import type { Party, Wire as WireData } from '#lib/guide/types.ts';
import { GlyphShape, handNames } from '../values/glyph.tsx';
import { isBig, lanes, layOut, type PlacedMessage, width } from './geometry.ts';
import './wire.css';

interface WireProps {
  readonly wire: WireData;
  /** Who made a value, by its name: the colour of its bead. */
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
  /** The step that is a band of paper. */
  readonly step: string | null;
  /** False until the page knows what has happened: nothing travels on loading. */
  readonly live?: boolean;
}

/** The sequence of messages, drawn: an image with a title, and the same as an ordered list in words. */
export function Wire({ wire, makers, step, live = true }: WireProps) {
  const id = useId();
  const svg = useRef<SVGSVGElement>(null);
  const layout = layOut(wire.messages, wire.bars, step);
  const bottom = layout.height - 2;
  useTravel(svg, layout.messages, live);
  const band = layout.steps.find((one) => one.step === step);
  return (
    <>
      <svg
        className="wire"
        ref={svg}
        viewBox={`0 0 ${width} ${layout.height}`}
        width={width}
        height={layout.height}
        role="img"
        aria-labelledby={`${id}-t`}
      >
        <title id={`${id}-t`}>{wire.title}</title>
        {band && <rect className="band" x="0" y={band.from} width={width} height={band.to - band.from} />}
        {wire.parties.map(({ party }) => (
          <path key={party} className={`lane ${party}`} d={`M${lanes[party]} 50V${bottom}`} />
        ))}
        {layout.bars.map(({ bar, x, from, to }) => (
          <g
            key={`${bar.party}-${bar.value}-${bar.fromKey}`}
            className={makers[bar.value] === 'attacker' ? 'fault' : (makers[bar.value] ?? bar.party)}
          >
            <path className={`life${bar.alive ? '' : ' gone'}`} data-v={bar.value} d={`M${x} ${from}V${to}`}>
              <title>{bar.value}</title>
            </path>
          </g>
        ))}
        {layout.steps.map((one) => (
          <text key={one.step} className={`no ${one.state}${one.step === step ? ' cur' : ''}`} x="6" y={one.y + 2}>
            {one.number}
          </text>
        ))}
        {layout.messages.map((placed) => (
          <Message key={placed.message.key} placed={placed} makers={makers} onBand={placed.message.step === step} />
        ))}
        {wire.parties.map(({ party, name }) => (
          <g key={party} className={party}>
            <g className="hdg" transform={`translate(${lanes[party] - 11} 0) scale(1.8333)`}>
              <GlyphShape hand={party} />
            </g>
            <text className="who" x={Math.min(lanes[party], width - 26)} y="40" textAnchor="middle">
              {shortName(party, name)}
            </text>
          </g>
        ))}
      </svg>
      <ol className="vh">
        {wire.alt.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order in which it happened
          <li key={index}>{line}</li>
        ))}
      </ol>
      {wire.empty && <p className="vh">{wire.empty}</p>}
    </>
  );
}

const shortName = (party: Party, name: string) => (name === handNames[party].long ? handNames[party].short : name);

function Message({
  placed,
  makers,
  onBand,
}: {
  readonly placed: PlacedMessage;
  readonly makers: WireProps['makers'];
  readonly onBand: boolean;
}) {
  const { message, y, tip, direction, label, status } = placed;
  const state = message.newest && message.state !== 'failed' ? 'newest' : message.state;
  const big = isBig(message);
  const head = big ? [8, 4] : [6.5, 3.2];
  const hand = message.state === 'failed' ? 'fault' : message.from;
  return (
    <g className={onBand ? 'onband' : undefined}>
      <g className={`ar ${hand} ${state}`} data-key={message.key}>
        <path className="sh" d={placed.shaft} />
        <path
          className="hd"
          d={`M${tip} ${y}l${-direction * (head[0] ?? 0)} ${-(head[1] ?? 0)}v${2 * (head[1] ?? 0)}z`}
        />
        {placed.beads.map((bead) => (
          <circle
            key={bead.name}
            className={`bead ${makers[bead.name] === 'attacker' ? 'fault' : (makers[bead.name] ?? 'you')}`}
            cx={bead.x}
            cy={y}
            r={big ? 3.6 : 2.5}
            data-v={bead.name}
          >
            <title>{bead.name}</title>
          </circle>
        ))}
      </g>
      {label && (
        <text className={`lb ${state}`} x={label.x} y={label.y}>
          {message.label.replace(/ oauth-(?=\w+-)/, ' …')}
          {placed.more > 0 && ` +${placed.more}`}
        </text>
      )}
      {status && (
        <text className={`st ${state}`} x={status.x} y={status.y}>
          {message.status}
        </text>
      )}
    </g>
  );
}

/** Beads run from the tail to their rest, and only when something has travelled since the page was shown. */
function useTravel(svg: React.RefObject<SVGSVGElement | null>, messages: readonly PlacedMessage[], live: boolean) {
  const seen = useRef<Set<string> | null>(null);
  useEffect(() => {
    const travelled = messages.filter(({ message }) => ['done', 'failed', 'running'].includes(message.state));
    if (!live) return;
    const keys = new Set(
      travelled.map(({ message }) => `${message.key} ${message.state === 'running' ? 'running' : 'there'}`),
    );
    const before = seen.current;
    seen.current = keys;
    if (before === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    let delay = 0;
    for (const { message, journey } of travelled) {
      const key = `${message.key} ${message.state === 'running' ? 'running' : 'there'}`;
      if (before.has(key) || before.has(`${message.key} running`)) continue;
      const beads =
        svg.current?.querySelectorAll<SVGCircleElement>(`[data-key="${CSS.escape(message.key)}"] .bead`) ?? [];
      beads.forEach((bead, index) => {
        const rest = index * (message.newest ? 10 : 7) * (journey > 0 ? 1 : -1);
        bead.animate([{ transform: `translateX(${journey + rest}px)` }, { transform: 'none' }], {
          duration: 640,
          delay: delay + index * 60,
          easing: 'cubic-bezier(.45,.05,.2,1)',
          fill: 'backwards',
        });
      });
      delay += 140;
    }
  });
}
