/** What the next request gets, then the one after it: queues of the control API. */
import { z } from 'zod';
import { EMAIL_ADDRESS, scopeList } from './values.ts';

/** Queues by name: decisions of the user, codes, and what token answers carry. */
export type QueueName = 'consent' | 'codes' | 'tokens';

const times = z.union([z.literal('always'), z.number().int().min(1).max(1_000_000)]).default(1);

/** One decision of the user. */
export const decisionSchema = z
  .strictObject({
    decision: z.enum(['ask', 'approve', 'deny', 'silent', 'server_error', 'temporarily_unavailable']),
    user: z
      .string()
      .max(254)
      .regex(EMAIL_ADDRESS, 'an email address')
      .optional()
      .describe('Who approves, by address; made if there is none. By default a user is made up.'),
    scope: z
      .union([
        z
          .string()
          .max(2000)
          .transform((value) => value.split(' ').filter((token) => token !== ''))
          .pipe(scopeList),
        scopeList,
      ])
      .optional()
      .describe('What is granted of what was asked; all of it by default.'),
    delay: z.number().min(0).max(30).optional().describe('Seconds of real time before the redirect.'),
    times: times.describe('How many authorizations get it, or always.'),
  })
  .superRefine(({ decision, ...rest }, context) => {
    for (const name of ['user', 'scope'] as const)
      if (rest[name] !== undefined && decision !== 'approve')
        context.addIssue({ code: 'custom', path: [name], message: 'only an approval names a user or a scope' });
    if (rest.delay !== undefined && (decision === 'ask' || decision === 'silent'))
      context.addIssue({ code: 'custom', path: ['delay'], message: `${decision} has no redirect that could be late` });
  });
export type QueuedDecision = Omit<z.output<typeof decisionSchema>, 'times'>;

const value = z.string().regex(/^[\x21-\x7E]{1,2000}$/, 'printable ASCII without spaces');

/** Values of the owner's own for the next grant. */
export const enqueueSchema = z
  .strictObject({
    access_token: value.optional(),
    refresh_token: value.optional(),
    code: value.optional(),
    claims: z.record(z.string().min(1).max(100), z.json()).optional(),
    expires_in: z.number().int().min(1).max(31_536_000).nullable().optional(),
  })
  .refine((input) => Object.keys(input).length > 0, 'one of access_token, refresh_token, code, claims, expires_in');
export type QueuedTokens = Omit<z.output<typeof enqueueSchema>, 'code'>;
