/** The drawings of the consent page. */
import { html } from 'hono/html';
import type { Markup } from './layout.ts';

export type Hand = 'you' | 'client' | 'as' | 'mcp';

const SHAPES: Readonly<Record<Hand, Markup>> = {
  you: html`<circle cx="6" cy="6" r="5.6"/>`,
  client: html`<rect x=".6" y=".6" width="10.8" height="10.8"/>`,
  as: html`<path d="M6 0l5.6 3v6L6 12 .4 9V3z"/>`,
  mcp: html`<path d="M.6 12V5.4a5.4 5.4 0 0 1 10.8 0V12z"/>`,
};

export const glyph = (hand: Hand): Markup =>
  html`<svg class="gl ${hand}" viewBox="0 0 12 12" aria-hidden="true">${SHAPES[hand]}</svg>`;

/** A drawing beside words that say the same. */
const drawing = (size: number, shapes: Markup): Markup =>
  html`<svg viewBox="0 0 ${size} ${size}" aria-hidden="true">${shapes}</svg>`;

export const BANG = drawing(12, html`<path d="M6 1.5v6M6 10.2v.1"/>`);

export const ENTER = drawing(16, html`<path d="M13 3.5V7a2 2 0 0 1-2 2H3.5M6.5 6l-3 3 3 3"/>`);

export const DOWN = drawing(16, html`<path d="m3.5 6 4.5 4.5L12.5 6"/>`);

const HALF = html`<circle cx="8" cy="8" r="5.5"/>
<path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none"/>`;

const SUN = html`<circle cx="8" cy="8" r="3"/>
<path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25"/>
<path d="M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"/>`;

const MOON = html`<path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z"/>`;

/** The three faces of the theme's button; `theme.js` and the style sheet do the rest. */
export const THEME = html`<button type="button" class="icon" data-theme-toggle>
<span class="t-system">${drawing(16, HALF)}<span class="vh">Theme as the system has it. Change to light</span></span>
<span class="t-light">${drawing(16, SUN)}<span class="vh">Light theme. Change to dark</span></span>
<span class="t-dark">${drawing(16, MOON)}<span class="vh">Dark theme. Change to the system’s</span></span>
</button>`;

const MARK = html`<path d="M3.5 1.5v19M18.5 1.5v19"/>
<path d="M3.5 4.5 18.5 8" class="client"/>
<path d="M18.5 8 3.5 13.5" class="as"/>
<path d="M3.5 13.5 18.5 18" class="mcp"/>`;

export const BRAND = html`<a class="brand" href="/">${drawing(22, MARK)}authwalk</a>`;
