/** What keys do while a walk is presented; remote controls send the keys of a page. */
export const PRESENTER_KEYS: Readonly<Record<string, 'next' | 'back' | 'end'>> = {
  ArrowRight: 'next',
  PageDown: 'next',
  ' ': 'next',
  ArrowLeft: 'back',
  PageUp: 'back',
  Escape: 'end',
};

/** Whether a key belongs to what has the focus: a field, or a button that is pressed by the space bar. */
export function isTyping({ target, key }: Pick<KeyboardEvent, 'target' | 'key'>): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [contenteditable], [role=tab], [role=slider]')) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}
