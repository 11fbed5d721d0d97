/**
 * Names another place of this page in the address. The entry of the history keeps the state that Next's router gave it,
 * by which the router knows that it has nothing to do: else it would draw the whole page anew, without a break.
 * @param address relative to that of the page
 */
export function replaceAddress(address: string): void {
  window.history.replaceState(window.history.state, '', address);
}

/** The same, with a way back. */
export function pushAddress(address: string): void {
  window.history.pushState(window.history.state, '', address);
}
