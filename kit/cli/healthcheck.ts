/** `authwalk healthcheck`: asks `/ready`, for containers. */
import { CommandError, EXIT } from './exit.ts';

/** Milliseconds that an answer may take. */
const PATIENCE = 2_500;

/**
 * @param port where the server listens
 * @throws CommandError if it is not ready
 */
export async function healthcheck(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/ready`;
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE), redirect: 'manual' });
  } catch (cause) {
    throw new CommandError(
      EXIT.against,
      `${url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  if (!response.ok) throw new CommandError(EXIT.against, `${url} answered ${response.status}.`);
}
