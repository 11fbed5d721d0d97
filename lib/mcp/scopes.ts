/**
 * Which scopes an operation needs, and which a refusal asks for.
 */
import type { SandboxConfig } from '#lib/config/config.ts';

/** One thing that a JSON-RPC message asks for. */
export interface Operation {
  readonly method: string;
  readonly tool: string | null;
}

/** As it stands in messages and in the trace: `tools/call notes_add`. */
export function operationName(operation: Operation): string {
  return operation.tool === null ? operation.method : `${operation.method} ${operation.tool}`;
}

/** Whether the operation is answered without a token (knob `resource.open`). */
export function isOpen(config: SandboxConfig, operation: Operation): boolean {
  return config['resource.open'].some((pattern) =>
    pattern.endsWith('/*') ? operation.method.startsWith(pattern.slice(0, -1)) : pattern === operation.method,
  );
}

/**
 * The scopes that the operation needs: the entry for method and tool, else for the method, else
 * `*`. Null if no entry speaks of it: then a valid token is enough.
 */
export function requiredScopes(config: SandboxConfig, operation: Operation): readonly string[] | null {
  const table = config['resource.requiredScopes'];
  const keys = [
    ...(operation.tool === null ? [] : [`${operation.method}:${operation.tool}`]),
    operation.method,
    ...(isOpen(config, operation) ? [] : ['*']),
  ];
  const key = keys.find((candidate) => Object.hasOwn(table, candidate));
  return key === undefined ? null : table[key]!;
}

/**
 * What the 403 challenge asks for (knob `resource.scopeHint`).
 * @returns null if it names no scope
 */
export function scopeHint(
  config: SandboxConfig,
  needed: readonly string[],
  held: readonly string[],
): readonly string[] | null {
  switch (config['resource.scopeHint']) {
    case 'none':
      return null;
    case 'accumulated':
      return [...new Set([...held, ...needed])];
    default:
      return needed;
  }
}
