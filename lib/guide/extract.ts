/**
 * Which values an answer brought. A member of a JSON answer is a value under its own name; what stands elsewhere (a
 * challenge, a redirect, a tool's result) has a reader in `values/read/`.
 */
import { formOf, jsonOf } from '#lib/exchange/read.ts';
import { isCallback } from './callback.ts';
import { readerOf, reads } from './values/index.ts';
import { text } from './values/value.ts';
import type { Bag, Exchange, Step, StepRequest } from './types.ts';

/**
 * The values of a step that this exchange brought.
 * @returns by name: the names that `values_made` of the step declares, and what goes with them
 */
export function extractValues(step: Step, request: StepRequest, exchange: Exchange): Record<string, string> {
  const made: Record<string, string> = {};
  const note = (name: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') made[step.renames?.[name] ?? name] ??= value;
  };
  const body = jsonOf(exchange.response);
  const isError = (exchange.response?.status ?? 0) >= 400;
  const renamed = new Map(Object.entries(step.renames ?? {}).map(([name, other]) => [other, name]));
  const declared = step.values_made.map(({ value }) => renamed.get(value) ?? value);
  for (const name of declared) {
    const reader = readerOf(name);
    if (reader) note(name, reader.read(exchange, request));
    else if (!isError && body && !isCallback(exchange)) note(name, text(body[name]));
  }
  for (const reader of reads) {
    if (declared.includes(reader.value) || reader.with === undefined) continue;
    if (reader.with === '*' || reader.with.some((name) => declared.includes(name)))
      note(reader.value, reader.read(exchange, request));
  }
  return made;
}

/** Values that new ones push aside: they are kept so that they can be tried. */
export function previousValues(
  exchange: Exchange,
  made: Readonly<Record<string, string>>,
  bag: Bag,
): Record<string, string> {
  const previous: Record<string, string> = {};
  const isRenewed = made.access_token !== undefined && bag.access_token?.value !== made.access_token;
  if (isRenewed && bag.access_token) previous.previous_access_token = bag.access_token.value;
  if (made.client_id && bag.client_id && bag.client_id.value !== made.client_id)
    previous.previous_client_id = bag.client_id.value;
  const isRotated = formOf(exchange).get('grant_type') === 'refresh_token' && made.refresh_token !== undefined;
  if (isRotated && bag.refresh_token && made.refresh_token !== bag.refresh_token.value)
    previous.previous_refresh_token = bag.refresh_token.value;
  return previous;
}
