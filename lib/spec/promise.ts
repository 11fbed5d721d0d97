/**
 * Whether a value is a promise, of whatever realm. A test runner may give its tests a `Promise` of their own, and what
 * Node's own functions return is then no instance of it.
 */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
