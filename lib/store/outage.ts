/** Which errors of a driver mean that the database cannot do its work now: not ours, and over some time. */
import { StoreUnavailableError } from './errors.ts';

/** SQLSTATE classes and codes of PostgreSQL. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SQLSTATE = [
  /^08/, // connection exception
  /^53/, // insufficient resources: disk full, out of memory, too many connections
  /^57P0[1-5]$/, // shutdown, crash, cannot connect now, database dropped, idle session timeout
  /^57014$/, // statement timeout
  /^55P03$/, // lock not available
  /^25P03$/, // idle in transaction for too long
  /^25006$/, // read only: a standby
  /^58/, // system error
];

/** Primary result codes of SQLite. @see https://www.sqlite.org/rescode.html */
const SQLITE = new Set([
  5, // busy
  7, // out of memory
  8, // read only
  10, // disk I/O error
  13, // disk full
  14, // cannot open
]);

/** Codes of Node's sockets. */
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** `pg` and `node:sqlite` have no codes for these. */
const MESSAGES = [
  'database is not open',
  'statement has been finalized',
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed',
  'driver has already been destroyed',
];

/**
 * The error as the store throws it.
 * @returns {@link StoreUnavailableError} if the database cannot do its work now, else the error itself
 */
export function asOutage(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnavailableError) return error;
  return isOutage(error) ? new StoreUnavailableError(error) : error;
}

/** Whether the error, or one that it stands for, is of this kind: Node tries every address of a name. */
function isOutage(error: unknown, depth = 3): boolean {
  if (!(error instanceof Error) || depth === 0) return false;
  const { code, errcode, errors, cause } = error as {
    code?: unknown;
    errcode?: unknown;
    errors?: readonly unknown[];
    cause?: unknown;
  };
  return (
    (typeof errcode === 'number' && SQLITE.has(errcode & 0xff)) ||
    (typeof code === 'string' && (SOCKET.has(code) || SQLSTATE.some((pattern) => pattern.test(code)))) ||
    MESSAGES.some((message) => error.message.startsWith(message)) ||
    [...(errors ?? []), cause].some((inner) => isOutage(inner, depth - 1))
  );
}
