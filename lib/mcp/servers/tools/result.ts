import type { CallToolResult } from '@modelcontextprotocol/server';

/** A result for programs, with the same as JSON text for clients that read only text. */
export function structured(content: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(content) }], structuredContent: content };
}

/** A tool's own failure: reported inside the result, so that a model sees it and can do better. */
export function failed(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}
