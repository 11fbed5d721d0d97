/**
 * What is wrong with a value, in words of our own: what is taken at this place, and what was given. Each message goes
 * behind the path of the value, as in `seed.users.0.email: takes a text, not null`. What a schema says itself comes
 * first.
 */
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** Characters of a text that was given, and members and choices that are named. */
const MOST_TEXT = 40;
const MOST_NAMES = 12;

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  bigint: 'a whole number',
  boolean: 'true or false',
  date: 'a time',
  int: 'a whole number',
  map: 'an object',
  nan: 'NaN',
  never: 'nothing',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
  tuple: 'a list',
  undefined: 'nothing',
};

const FORMATS: Readonly<Record<string, string>> = {
  date: 'a date such as 2030-01-31',
  datetime: 'a time such as 2030-01-31T12:00:00Z',
  email: 'an email address',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  jwt: 'a JWT',
  url: 'an absolute URL',
  uuid: 'a UUID',
};

const typeWords = (type: string): string => TYPES[type] ?? `a value of the type ${type}`;

/** The type of what was given, in words; numbers and what has no content as they are. */
function given(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeWords(typeof value);
}

const quoted = (value: unknown): string =>
  typeof value === 'string' && value.length <= MOST_TEXT ? JSON.stringify(value) : given(value);

/** Choices as one reads them: `a, b or c`. */
function either(words: readonly string[]): string {
  const shown = words.slice(0, MOST_NAMES);
  const more = words.length > shown.length ? [`${words.length - shown.length} others`] : [];
  const all = [...shown, ...more];
  return all.length < 2 ? (all[0] ?? 'nothing') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

/** How many of what there may be, by what has a size. */
function sized(origin: string, bound: number | bigint): string {
  const one = bound === 1 || bound === 1n;
  if (origin === 'string') return one ? 'character' : 'characters';
  if (origin === 'object') return one ? 'member' : 'members';
  return one ? 'entry' : 'entries';
}

function outside(
  origin: string,
  bound: number | bigint | undefined,
  side: 'least' | 'most',
  inclusive: boolean,
): string {
  if (bound === undefined) return 'is out of bounds';
  const sign = inclusive ? `at ${side} ${bound}` : `${side === 'least' ? 'more' : 'less'} than ${bound}`;
  const isNumber = origin === 'number' || origin === 'int' || origin === 'bigint';
  return isNumber ? `takes a number, ${sign}` : `takes ${sign} ${sized(origin, bound)}`;
}

/** Of several forms: what each of them takes, or what is wrong with the only one that comes near. */
function unfit(input: unknown, branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const far = ({ path, code }: z.core.$ZodIssue): boolean =>
    path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
  const near = branches.filter((issues) => !issues.some(far));
  const [only] = near.toSorted((one, other) => one.length - other.length);
  if (only !== undefined)
    return only
      .slice(0, 3)
      .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
      .join('; ');
  const taken = branches.flatMap((issues) =>
    issues.filter(far).flatMap((issue) => {
      if (issue.code === 'invalid_type') return [typeWords(issue.expected)];
      return issue.code === 'invalid_value' ? issue.values.map((value) => JSON.stringify(value)) : [];
    }),
  );
  return `takes ${either([...new Set(taken)])}, not ${quoted(input)}`;
}

/** Turns an issue into our words; for `error` of zod's `parse`. @returns undefined if there is nothing to say */
export function plainly(issue: Issue): string | undefined {
  const { input } = issue;
  if (input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return `is missing; it takes ${
      issue.code === 'invalid_type' ? typeWords(issue.expected) : either(issue.values.map((one) => JSON.stringify(one)))
    }`;
  switch (issue.code) {
    case 'invalid_type':
      return `takes ${typeWords(issue.expected)}, not ${given(input)}`;
    case 'invalid_value':
      return `takes ${either(issue.values.map((value) => JSON.stringify(value)))}, not ${quoted(input)}`;
    case 'too_big':
      return outside(issue.origin, issue.maximum, 'most', issue.inclusive !== false);
    case 'too_small':
      return outside(issue.origin, issue.minimum, 'least', issue.inclusive !== false);
    case 'not_multiple_of':
      return `takes a multiple of ${issue.divisor}, not ${given(input)}`;
    case 'invalid_format':
      if (issue.format in FORMATS) return `takes ${FORMATS[issue.format]}`;
      return issue.pattern === undefined
        ? 'has not the form that is taken here'
        : `takes a text that matches ${issue.pattern}`;
    case 'unrecognized_keys':
      return `takes no member ${either(issue.keys.map((key) => JSON.stringify(key.slice(0, MOST_TEXT))))}`;
    case 'invalid_union':
      return issue.errors.length === 0 ? 'fits none of the forms that are taken here' : unfit(input, issue.errors);
    case 'invalid_key':
      return 'has a member whose name is not taken here';
    case 'invalid_element':
      return 'has an entry that is not taken here';
    default:
      return undefined;
  }
}
