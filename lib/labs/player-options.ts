import type { Fetch } from '#lib/client/request.ts';
import type { ControlApi, SandboxRef } from '#lib/client/sandboxes.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import type { Lab, Position } from './types.ts';

/** What a lab is played with. */
export interface PlayerOptions {
  readonly lab: Lab;
  readonly position: Position;
  readonly origin: string;
  readonly fetch: Fetch;
  readonly api: ControlApi<Exchange>;
  readonly sandbox: SandboxRef;
  /** Wall time, ms. */
  readonly now: () => number;
  /** What stands for the storage of the client's page. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}
