/**
 * Reads the YAML of a level. It may be anybody's: it is bounded, aliases and tags are refused, and what is wrong is
 * said in plain words with its line.
 */
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type LevelSource, levelSchema } from './schema.ts';

/** Bytes of a level's text at most. */
export const MOST_BYTES = 16_384;
/** Faults that are told at once. */
const MOST_FAULTS = 12;

export interface Fault {
  /** From 1. */
  readonly line: number;
  readonly says: string;
}

export type ReadLevel =
  | { readonly ok: true; readonly level: LevelSource; readonly lineOf: (path: readonly PropertyKey[]) => number }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const refused = (line: number, says: string): ReadLevel => ({ ok: false, faults: [{ line, says }] });

/** A member that nobody knows is a fault of its own, at its own line. */
const each = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];

const pathOf = (issue: z.core.$ZodIssue): readonly PropertyKey[] =>
  issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys] : issue.path;

/** Where a member stands: the place in the path, then what is wrong. */
function sentence(issue: z.core.$ZodIssue): string {
  const place = issue.path.map((part) => (typeof part === 'number' ? `no. ${part + 1}` : String(part))).join(', ');
  return place === '' ? wording(issue) : `${place}: ${wording(issue)}`;
}

function wording(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `there is no member ${issue.keys.join(', ')} here`;
    case 'invalid_type':
      return issue.input === undefined ? 'it is missing' : `it has to be a ${issue.expected}`;
    case 'invalid_value':
      return `it has to be one of: ${issue.values.join(', ')}`;
    case 'invalid_union':
      return 'it is neither a name that is known, nor a group of members that is';
    case 'too_big':
      return issue.origin === 'string'
        ? `it is longer than ${issue.maximum} characters`
        : issue.origin === 'array'
          ? `it has more than ${issue.maximum} entries`
          : `it is more than ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'string'
        ? 'it is empty'
        : issue.origin === 'array'
          ? `it has fewer than ${issue.minimum} entries`
          : `it is less than ${issue.minimum}`;
    default:
      return issue.message;
  }
}

/**
 * Reads the text of a level.
 * @returns its data, or what is wrong with it
 */
export function readLevel(text: string): ReadLevel {
  if (new TextEncoder().encode(text).length > MOST_BYTES)
    return refused(1, `the text is longer than ${MOST_BYTES} bytes`);
  const lines = new LineCounter();
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      schema: 'core',
      maxAliasCount: 0,
      logLevel: 'silent',
    } as never);
  } catch {
    return refused(1, 'this is no YAML that can be read');
  }
  const at = (offset: number | undefined): number =>
    offset === undefined ? 1 : Math.max(1, lines.linePos(offset).line);
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0)
    return {
      ok: false,
      faults: wrong
        .slice(0, MOST_FAULTS)
        .map((error) => ({ line: at(error.pos[0]), says: error.message.split('\n')[0]!.replace(/ at line .*$/, '') })),
    };
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
      if (node?.range) return at(node.range[0]);
    }
    return 1;
  };
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 0 });
  } catch {
    return refused(1, 'it repeats itself by aliases (`*name`), which a level does not take');
  }
  const parsed = levelSchema.safeParse(data, { reportInput: true });
  if (parsed.success) return { ok: true, level: parsed.data, lineOf };
  return {
    ok: false,
    faults: parsed.error.issues
      .flatMap(each)
      .slice(0, MOST_FAULTS)
      .map((issue) => ({ line: lineOf(pathOf(issue)), says: sentence(issue) })),
  };
}
