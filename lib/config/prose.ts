/**
 * Text of several lines as one paragraph: line breaks and indentation become single spaces.
 * @example prose`One sentence.
 *   The next.` // 'One sentence. The next.'
 */
export function prose(parts: TemplateStringsArray): string {
  return parts.join('').replaceAll(/\s+/g, ' ').trim();
}
