/**
 * Response templates of MockServer, read into texts with placeholders: nothing of them is ever run. What they are used
 * for on MockServer's page translates: literals, joined texts, `uuid`, `now_epoch`, parameters of the request,
 * `JSON.stringify` and `parseInt`.
 */
import { entryOf } from '#lib/spec/own.ts';
import { NotTranslated } from './refused.ts';

/** A value that is known only when the request comes: a text with placeholders. */
class Text {
  readonly text: string;
  /** Whether it stands in JSON without quotes. */
  readonly number: boolean;
  constructor(text: string, number = false) {
    this.text = text;
    this.number = number;
  }
}

type Value = Text | string | number | boolean | null | Value[] | { [name: string]: Value };

const WHERE = 'httpResponseTemplate';
const VARIABLES: Readonly<Record<string, Text>> = {
  uuid: new Text('{uuid}'),
  now_epoch: new Text('{now}', true),
};
const TOKEN =
  /\s*(?:([A-Za-z_$][\w$]*)|(\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(&&|\|\||[{}[\]().,:;?+]))/y;

type Token = { readonly kind: 'name' | 'number' | 'text' | 'sign'; readonly text: string };

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = source.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null)
      throw new NotTranslated(WHERE, `${JSON.stringify(source.slice(at, at + 20).trim())} is not understood here`);
    const [, name, number, text, sign] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text: unquoted(text) });
    else tokens.push({ kind: 'sign', text: sign! });
  }
  return tokens;
}

function unquoted(quoted: string): string {
  const inner = quoted.startsWith("'")
    ? `"${quoted.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`
    : quoted;
  try {
    return String(JSON.parse(inner));
  } catch {
    throw new NotTranslated(WHERE, `${quoted.slice(0, 40)} is no text that is understood here`);
  }
}

/** Reads `return { … };` by recursive descent. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  program(): Value {
    this.#demand('return');
    const value = this.#choice();
    if (this.#is(';')) this.#at += 1;
    if (this.#at < this.#tokens.length) this.#refuse();
    return value;
  }

  #is(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && token.kind !== 'text' && token.text === text;
  }

  #demand(text: string): void {
    if (!this.#is(text)) this.#refuse();
    this.#at += 1;
  }

  #refuse(): never {
    throw new NotTranslated(
      WHERE,
      `${JSON.stringify(this.#tokens[this.#at]?.text ?? 'the end')} does not translate. Templates may use literals, ` +
        '+, uuid, now_epoch, parameters of the request, JSON.stringify and parseInt',
    );
  }

  /** `a && a[0] ? a[0] : ""`: the parameter, empty if there is none, which is what its placeholder means. */
  #choice(): Value {
    const condition = this.#and();
    if (!this.#is('?')) return condition;
    this.#at += 1;
    const present = this.#choice();
    this.#demand(':');
    const absent = this.#choice();
    const same = present instanceof Text && condition instanceof Text && present.text === condition.text;
    if (!same || absent !== '') throw new NotTranslated(WHERE, 'a choice other than of a parameter or nothing');
    return present;
  }

  #and(): Value {
    let value = this.#sum();
    while (this.#is('&&')) {
      this.#at += 1;
      value = this.#sum();
    }
    return value;
  }

  #sum(): Value {
    let value = this.#unit();
    while (this.#is('+')) {
      this.#at += 1;
      value = new Text(textOf(value) + textOf(this.#unit()));
    }
    return value;
  }

  #unit(): Value {
    const token = this.#tokens[this.#at];
    if (token === undefined) return this.#refuse();
    this.#at += 1;
    if (token.kind === 'text') return token.text;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'name') return this.#named(token.text);
    if (token.text === '{') return this.#object();
    if (token.text === '[') return this.#list(']');
    if (token.text === '(') {
      const value = this.#choice();
      this.#demand(')');
      return value;
    }
    this.#at -= 1;
    return this.#refuse();
  }

  #list(end: string): Value[] {
    const values: Value[] = [];
    while (!this.#is(end)) {
      values.push(this.#choice());
      if (!this.#is(',')) break;
      this.#at += 1;
    }
    this.#demand(end);
    return values;
  }

  #object(): Value {
    const members: [string, Value][] = [];
    while (!this.#is('}')) {
      const name = this.#tokens[this.#at];
      if (name === undefined || name.kind === 'sign') this.#refuse();
      this.#at += 1;
      this.#demand(':');
      members.push([name.text, this.#choice()]);
      if (!this.#is(',')) break;
      this.#at += 1;
    }
    this.#demand('}');
    return Object.fromEntries(members);
  }

  #named(name: string): Value {
    const known = entryOf(VARIABLES, name);
    if (known !== undefined) return known;
    if (name === 'true' || name === 'false') return name === 'true';
    if (name === 'null') return null;
    if (name === 'JSON') {
      this.#demand('.');
      this.#demand('stringify');
      return new Text(jsonOf(this.#argument()));
    }
    if (name === 'parseInt') {
      const value = this.#argument();
      return value instanceof Text ? new Text(value.text, true) : Number.parseInt(String(value), 10);
    }
    if (name === 'request') return this.#parameter();
    this.#at -= 1;
    return this.#refuse();
  }

  #argument(): Value {
    this.#demand('(');
    const [value, ...more] = this.#list(')');
    return value === undefined || more.length > 0 ? this.#refuse() : value;
  }

  /** `request.queryStringParameters["state"][0]`, or without the index where it is only asked whether it is there. */
  #parameter(): Value {
    this.#demand('.');
    this.#demand('queryStringParameters');
    this.#demand('[');
    const name = this.#tokens[this.#at];
    if (name?.kind !== 'text') this.#refuse();
    this.#at += 1;
    this.#demand(']');
    if (this.#is('[')) {
      this.#at += 1;
      this.#demand('0');
      this.#demand(']');
    }
    return new Text(`{request.${name.text}}`);
  }
}

function textOf(value: Value): string {
  if (value instanceof Text) return value.text;
  if (typeof value === 'object' && value !== null) throw new NotTranslated(WHERE, 'a list or an object joined by +');
  return String(value);
}

function jsonOf(value: Value): string {
  if (value instanceof Text) return value.number ? value.text : `"${value.text}"`;
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}:${jsonOf(one)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}

/** What a template answers: as `httpResponse` would say it, with placeholders in its texts. */
export function readTemplate(type: string, template: string): unknown {
  if (template.length > 20_000) throw new NotTranslated(WHERE, 'a template of more than 20 000 characters');
  if (type === 'JAVASCRIPT') return plain(new Reader(template).program());
  if (type !== 'MUSTACHE')
    throw new NotTranslated(`${WHERE}.templateType`, `${type}; JAVASCRIPT and MUSTACHE translate`);
  const filled = template.replaceAll(/\{\{\{?\s*([\w.]+)\s*\}?\}\}/g, (_, name: string) => {
    const known = entryOf(VARIABLES, name);
    if (known !== undefined) return known.text;
    const parameter = /^request\.queryStringParameters\.([\w-]+)\.0$/.exec(name)?.[1];
    if (parameter === undefined) throw new NotTranslated(WHERE, `{{${name}}} does not translate`);
    return `{request.${parameter}}`;
  });
  if (/\{\{/.test(filled)) throw new NotTranslated(WHERE, 'sections and partials of Mustache');
  try {
    return JSON.parse(filled);
  } catch {
    throw new NotTranslated(WHERE, 'the template is not JSON once it is filled in');
  }
}

function plain(value: Value): unknown {
  if (value instanceof Text) return value.text;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
  return value;
}
