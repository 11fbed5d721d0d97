/** How the command ends. */

/** Exit statuses: public, and never given another meaning. */
export const EXIT = {
  /** Good. */
  good: 0,
  /** A verdict against the client. */
  against: 1,
  /** Used wrongly. */
  usage: 2,
  /** Could not run. */
  couldNotRun: 3,
  /** Interrupted. */
  interrupted: 130,
} as const;

/** Ends the command with a line for a person and a status for a machine. */
export class CommandError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'CommandError';
    this.status = status;
  }
}

/** @throws CommandError with status 2 */
export function used(wrongly: string): never {
  throw new CommandError(EXIT.usage, wrongly);
}
