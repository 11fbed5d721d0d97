/** Values of options, as the command line reads them. */
import { InvalidArgumentError } from 'commander';

/** Collects the values of an option that may be given more than once. */
export const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Collects redirect URIs. */
export function redirectUri(text: string, before: readonly string[] = []): string[] {
  if (!URL.canParse(text) || text.includes('#'))
    throw new InvalidArgumentError('It takes an absolute URI without a fragment.');
  return [...before, text];
}

/** A number within bounds. */
export const number =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < from || value > to)
      throw new InvalidArgumentError(`It takes a number from ${from} to ${to}.`);
    return value;
  };

/** A whole number within bounds. */
export const whole =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to)
      throw new InvalidArgumentError(`It takes a whole number from ${from} to ${to}.`);
    return value;
  };
