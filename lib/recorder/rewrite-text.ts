/**
 * Rewrites values in the body of a request that came as a type which its endpoint does not take: what its sender meant
 * as a form or as JSON holds the same secrets as one that is read.
 */
import { decodeFormPart } from '#lib/exchange/encoding.ts';
import { type Meter, type Replace, rewriteJson } from './rewrite.ts';

/** A body of no known type. Each text is read once from left to right, whatever it holds. */
export function rewriteText(text: string, replace: Replace, meter?: Meter): string {
  if (meter) meter.steps += text.length;
  if (/^\s*[[{]/.test(text.slice(0, 100))) return rewriteJson(text, replace, meter);
  return /^content-disposition:/im.test(text) ? rewriteParts(text, replace) : rewriteNamed(text, replace);
}

/** `name=value`, `name: value` and `<name>value`, wherever they stand. The parts before a value are bounded. */
const NAMED =
  /([A-Za-z_][\w.%-]{0,99})(["']?[ \t]{0,9}(?:[=:][ \t]{0,9}|>))("[^"\r\n]*"?|'[^'\r\n]*'?|[^&;<>"'\s][^&;<>"'\r\n]*)/g;

function rewriteNamed(text: string, replace: Replace): string {
  return text.replace(NAMED, (whole, name: string, between: string, value: string) => {
    const quote = /^["']/.exec(value)?.[0] ?? '';
    const plain = quote === '' ? value.trimEnd() : value.slice(1, value.endsWith(quote) ? -1 : undefined);
    const changed = replace(decodeFormPart(name), between.includes('=') ? decodeFormPart(plain) : plain);
    return changed === null ? whole : name + between + (quote === '' ? changed : quote + changed + quote);
  });
}

/**
 * The parts of `multipart/form-data`, each with its name in its headers. The text may be cut.
 * @see https://www.rfc-editor.org/rfc/rfc7578.html#section-4.2
 */
function rewriteParts(text: string, replace: Replace): string {
  const out: string[] = [];
  let name = '';
  let value: string[] | null = null;
  const close = (): void => {
    if (value === null) return;
    const whole = value.join('\n');
    const end = /\r?$/.exec(whole)![0];
    const changed = name === '' ? null : replace(name, whole.slice(0, whole.length - end.length));
    out.push(changed === null ? whole : changed + end);
    name = '';
    value = null;
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('--')) {
      close();
      out.push(line);
    } else if (value !== null) value.push(line);
    else {
      out.push(line);
      const named = /^content-disposition:.{0,200}?;[ \t]{0,9}name="?([^";\r]{1,100})/i.exec(line);
      if (named !== null) name = named[1]!;
      else if (line.trim() === '' && name !== '') value = [];
    }
  }
  close();
  return out.join('\n');
}
