import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PALETTES, wireSvg } from './svg.ts';

test('a picture has the colours of the pages', () => {
  const tokens = readFileSync('app/styles/tokens.css', 'utf8');
  const named = { plate: 'plate', ink: 'ink', soft: 'ink-2' } as const;
  for (const [index, theme] of (['light', 'dark'] as const).entries()) {
    const of = (name: string) => new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)?.[index + 1];
    for (const [name, token] of Object.entries(named))
      expect.soft(PALETTES[theme][name as 'ink'], `${theme} ${name}`).toBe(of(token));
    for (const [hand, colour] of Object.entries(PALETTES[theme].lines))
      expect.soft(colour, `${theme} ${hand}`).toBe(of(hand === 'fault' ? 'fault' : `${hand}-line`));
  }
});

test('what has not travelled is dotted, and what has is not', () => {
  const message = {
    ...{ key: 'a', step: 's', number: 1, request: 'r', kind: 'request', from: 'client', to: 'as' },
    ...{ label: 'POST /token', status: null, beads: [], newest: false },
  } as const;
  const svgOf = (state: string) => {
    const wire = { title: 'a', parties: [], messages: [{ ...message, state }], bars: [], alt: [], empty: null };
    return wireSvg({ title: 'a', wire: wire as never, makers: {} });
  };
  for (const state of ['future', 'next']) expect.soft(svgOf(state), state).toContain('stroke-dasharray');
  for (const state of ['done', 'failed']) expect.soft(svgOf(state), state).not.toContain('stroke-dasharray');
});

test('what was edited cannot break out of a picture', () => {
  const message = {
    ...{ key: 'a', step: 's', number: 1, request: 'r', kind: 'request', from: 'client', to: 'as', state: 'done' },
    ...{ label: 'GET </text><script>alert(1)</script>', status: null, beads: ['"><x'], newest: false },
  } as const;
  const wire = { title: 'a', parties: [], messages: [message], bars: [], alt: ['<b>'], empty: null };
  const svg = wireSvg({ title: '<script>', wire: wire as never, makers: {} });
  expect(svg).not.toMatch(/<script|<b>|<x/);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  // No style sheet: an SVG that is opened by itself may not have one here.
  expect(svg).not.toMatch(/<style| style=| class=/);
});
