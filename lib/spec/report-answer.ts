/** What `GET …/report` answers, as a schema. */
import { z } from 'zod';

const time = z.iso.datetime();
const clause = z.object({ doc: z.string(), section: z.string(), url: z.url() }).meta({ id: 'ReportClause' });

const evidence = z
  .object({
    seq: z.int().describe('Number of the exchange'),
    pointer: z.string().describe('RFC 6901 pointer into the exchange as GET …/exchanges gives it'),
    part: z
      .object({ in: z.enum(['query', 'form', 'header', 'json', 'jwt', 'body']), name: z.string() })
      .optional()
      .describe('What is meant inside the text that the pointer leads to'),
    got: z.string().nullable().optional(),
    expected: z.string().optional(),
    says: z.string(),
    sandbox: z.string().optional(),
    scenario: z.string().optional(),
  })
  .meta({ id: 'ReportEvidence', description: 'A place in an exchange that shows what a verdict says' });

const reason = z
  .object({
    code: z.enum([
      'no-occasion',
      'needs-scenario',
      'waiting',
      'open',
      'other-revision',
      'other-kind',
      'on-purpose',
      'not-attributable',
      'not-kept',
      'own-network',
      'own-origin',
      'needs-plan',
    ]),
    says: z.string(),
    scenarios: z.array(z.string()).describe('Scenarios that show it'),
    fits: z.boolean().describe('Whether this client can show it'),
    until: time.optional(),
  })
  .meta({ id: 'ReportReason', description: 'Why a rule was not observed' });

const level = z.enum(['MUST', 'SHOULD']);

const verdict = z
  .object({
    rule: z.string(),
    title: z.string(),
    phase: z.string(),
    verdict: z.enum(['pass', 'fail', 'warn', 'not_observed']),
    so_far: z.boolean().describe('A pass that a later exchange can still turn'),
    level,
    in_force: level.nullable(),
    clause,
    clauses: z.array(clause),
    says: z.string(),
    evidence: z.array(evidence),
    why: z.string(),
    fix: z.string(),
    reason: reason.nullable(),
    url: z.string(),
  })
  .meta({ id: 'Verdict' });

const summary = z
  .object({
    pass: z.int(),
    fail: z.int(),
    warn: z.int(),
    not_observed: z.int(),
    must: z.object({ pass: z.int(), fail: z.int() }),
    asked: z.array(z.string()).describe('Rules that the scenarios in force are about'),
    unanswered: z.array(z.string()).describe('Those of them that were not observed'),
  })
  .meta({ id: 'ReportSummary' });

const client = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    client_ids: z.array(z.string()),
    user_agents: z.array(z.string()),
    attribution: z.enum(['certain', 'weak']),
  })
  .meta({ id: 'ReportClient' });

const revision = z.object({
  value: z.string().nullable(),
  by: z.enum(['header', '_meta', 'initialize', 'asked']).nullable(),
});

export const reportAnswer = z
  .looseObject({
    report: z.literal(1).describe('Version of this shape'),
    catalogue: z.object({ version: z.int(), rules: z.int() }),
    generated_at: time,
    sandbox: z.object({ id: z.string(), issuer: z.string(), inspect_url: z.string() }),
    run: z.object({
      id: z.string(),
      opened_at: time.nullable(),
      closed_at: time.nullable(),
      first: z.int().nullable(),
      last: z.int().nullable(),
      dropped: z.int().describe('Exchanges of the run that are no longer kept'),
    }),
    final: z.boolean(),
    scenarios: z.array(z.string()),
    client: client.nullable(),
    revision,
    summary,
    verdicts: z.array(verdict),
    silence: z
      .object({
        point: z.string(),
        at: z.int().nullable(),
        seconds: z.int(),
        verdict: z.enum(['client-right', 'scripted', 'client-wrong', 'yours']),
        why: z.string(),
        decides: z.array(z.string()),
      })
      .nullable(),
    runs: z.array(z.object({ id: z.string(), client: client.nullable(), revision, final: z.boolean(), summary })),
  })
  .meta({ id: 'Report', description: 'Every rule with its verdict for one run of one client' });

export const keptReportAnswer = z
  .object({
    id: z.string(),
    url: z.string().describe('The page'),
    api: z.string(),
    badge_url: z.string(),
    expires_at: time,
    delete_token: z.string().describe('Deletes it; shown this once'),
  })
  .meta({ id: 'KeptReport', description: 'Where a report is kept' });

export const readReportAnswer = reportAnswer
  .extend({
    title: z.string().nullable(),
    created_at: time,
    expires_at: time,
    exchanges: z.array(z.json()).describe('The exchanges that it cites, masked'),
  })
  .meta({ id: 'ReadReport', description: 'A kept report' });
