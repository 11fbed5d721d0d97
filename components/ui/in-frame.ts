/**
 * Does something in the next frame, just before it is drawn. What asks for the layout there (to scroll, to focus, to
 * measure) costs nothing: the frame needs the same. In an effect it is one more task, in which the page is laid out.
 * @returns cancels it
 */
export function inFrame(work: () => void): () => void {
  const frame = requestAnimationFrame(work);
  return () => cancelAnimationFrame(frame);
}

/**
 * Does something once a frame has been drawn, so that what it changes is laid out in a frame of its own.
 * @param frames how many are drawn before
 * @returns cancels it
 */
export function afterFrames(frames: number, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = frames;
  const drawn = (): void => {
    left -= 1;
    timer = setTimeout(left > 0 ? next : work);
  };
  let frame = 0;
  const next = (): void => {
    frame = requestAnimationFrame(drawn);
  };
  next();
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
