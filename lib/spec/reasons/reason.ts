import type { ClauseId } from '../clauses.ts';

export interface Reason {
  /** Who refuses. */
  readonly at: 'as' | 'mcp' | 'client';
  readonly status?: number;
  readonly error?: string;
  /** How the refusal reaches the client. */
  readonly delivery: 'page' | 'redirect' | 'json' | 'challenge' | 'client';
  /** What happened, in a sentence for a person. */
  readonly says: string;
  readonly clause: ClauseId;
}
