/**
 * Parameters that are malformed are the client's fault, and JSON-RPC has a code for them. The SDK answers most of them
 * with -32603, "internal error", and prints the list that its parser made.
 */
import { isJSONRPCErrorResponse, type JSONRPCMessage, type McpServer } from '@modelcontextprotocol/server';

/** JSON-RPC codes. @see https://www.jsonrpc.org/specification#error_object */
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

/** Of the problems that the parser found, so many are told. */
const TOLD = 5;

/**
 * Lets a server say what is wrong with parameters: -32602, with the place and the problem.
 * @param server before it is connected
 */
export function tellInvalidParams({ server }: McpServer): void {
  const connect = server.connect.bind(server);
  server.connect = (transport) => {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => send(told(message), options);
    return connect(transport);
  };
}

function told(message: JSONRPCMessage): JSONRPCMessage {
  if (!isJSONRPCErrorResponse(message)) return message;
  const { error } = message;
  if (error.code !== INTERNAL_ERROR && error.code !== INVALID_PARAMS) return message;
  const start = error.message.indexOf('[');
  const problems = start < 0 ? null : problemsOf(error.message.slice(start));
  if (problems === null) return message;
  return { ...message, error: { ...error, code: INVALID_PARAMS, message: `Invalid params: ${problems}` } };
}

/** The list that the parser made, in words; null if it is none. */
function problemsOf(text: string): string | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(found) || found.length === 0 || !found.every(isIssue)) return null;
  return found
    .slice(0, TOLD)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}

function isIssue(value: unknown): value is { path: readonly (string | number)[]; message: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Array.isArray((value as { path?: unknown }).path) &&
    typeof (value as { message?: unknown }).message === 'string'
  );
}
