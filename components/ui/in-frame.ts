/**
 * Does something in the next frame, just before it is drawn. What asks for the layout there (to scroll, to focus, to
 * measure) costs nothing: the frame needs the same. In an effect it is one more task, in which the page is laid out.
 * @returns cancels it
 */
export function inFrame(work: () => void): () => void {
  const frame = requestAnimationFrame(work);
  return () => cancelAnimationFrame(frame);
}
