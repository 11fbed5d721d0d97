import { authorizationContract } from './authorization.ts';
import { classContract } from './classes.ts';
import { clientContract, keyContract } from './clients.ts';
import type { Opened } from './fixtures.ts';
import { historyContract } from './history.ts';
import { deviceContract, onceContract } from './once.ts';
import { queueContract } from './queues.ts';
import { recorderContract } from './recorder.ts';
import { sandboxContract } from './sandboxes.ts';
import { sweepContract } from './sweep.ts';
import { tokenContract } from './tokens.ts';
import { userContract } from './users.ts';
import { barrierContract, operatorContract, webhookContract } from './webhooks.ts';

/** What every store keeps, whatever lies under it. */
export function storeContract(store: Opened): void {
  sandboxContract(store);
  keyContract(store);
  clientContract(store);
  userContract(store);
  authorizationContract(store);
  tokenContract(store);
  deviceContract(store);
  onceContract(store);
  recorderContract(store);
  queueContract(store);
  webhookContract(store);
  operatorContract(store);
  barrierContract(store);
  classContract(store);
  sweepContract(store);
  historyContract(store);
}
