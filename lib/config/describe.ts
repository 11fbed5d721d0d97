/** Knobs in words: what pages, the reference and OpenAPI show, computed from the one entry. */
import { z } from 'zod';
import { type KnobName, knobNames, knobOf, notBuilt } from './config.ts';
import type { KnobGroup, KnobPlace } from './knob.ts';

/** A knob as plain JSON, ready for a page. */
export interface KnobView {
  readonly name: KnobName;
  readonly title: string;
  readonly does: string;
  readonly group: KnobGroup;
  readonly actsAt: readonly KnobPlace[];
  /** boolean, enum, string, integer, seconds, list, map or other; "or null" follows if null is taken. */
  readonly type: string;
  /** What an enum, or the members of a list, may be. */
  readonly values?: readonly unknown[];
  readonly default: unknown;
  readonly shape?: string;
}

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
};

/** The JSON Schema of what a knob takes. */
export function knobJsonSchema(name: KnobName): Record<string, unknown> {
  const { schema, title, does, default: standard } = knobOf(name);
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  const { $schema: _dialect, $defs: _any, ...rest } = made;
  return { title, description: does, default: standard, ...(withoutReferences(rest) as Record<string, unknown>) };
}

/** The only thing that is referred to is "any JSON", which the empty schema says as well. */
function withoutReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutReferences);
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema) return {};
  return Object.fromEntries(Object.entries(schema).map(([name, inner]) => [name, withoutReferences(inner)]));
}

/** The JSON Schema of a configuration: every knob under its flat name. A nested configuration is taken as well. */
export function configJsonSchema(): Record<string, unknown> {
  return {
    type: 'object',
    description: 'Knobs under their flat names (refresh.rotate), or nested ({ refresh: { rotate } })',
    additionalProperties: true,
    properties: Object.fromEntries(builtKnobs().map((name) => [name, knobJsonSchema(name)])),
  };
}

/** Names of the knobs that act. */
export function builtKnobs(): KnobName[] {
  return knobNames.filter((name) => !notBuilt.has(name));
}

/** A knob in words. */
export function knobView(name: KnobName): KnobView {
  const { title, does, group, actsAt, default: standard, shape } = knobOf(name);
  return { name, title, does, group, actsAt, ...typeOf(name), default: standard, ...(shape ? { shape } : {}) };
}

function typeOf(name: KnobName): { type: string; values?: readonly unknown[] } {
  const { schema, unit, notBuilt: missing } = knobOf(name);
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const without = (values: readonly unknown[]) =>
    Array.isArray(missing) ? values.filter((value) => !missing.includes(value)) : values;
  const branches = json.anyOf ?? [json];
  const others = branches.filter((branch) => branch.type !== 'null');
  const orNull = others.length < branches.length ? ' or null' : '';
  const fixed = others.flatMap((branch) => branch.enum ?? ('const' in branch ? [branch.const] : []));
  if (fixed.length > 0)
    return others.every((branch) => branch.enum !== undefined || 'const' in branch)
      ? { type: `enum${orNull}`, values: without(fixed) }
      : { type: 'other', values: without(fixed) };
  const [only] = others;
  if (others.length !== 1 || only === undefined) return { type: 'other' };
  if (only.type === 'array')
    return { type: `list${orNull}`, ...(only.items?.enum ? { values: without(only.items.enum) } : {}) };
  if (only.type === 'object') return { type: `map${orNull}` };
  const plain = only.type === 'number' || only.type === 'integer' ? (unit ?? 'integer') : (only.type ?? 'other');
  return { type: plain + orNull };
}
