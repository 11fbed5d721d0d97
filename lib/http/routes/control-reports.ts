/** The report: what the recorded exchanges say of a client. */
import type { EngineRequest } from '#lib/oauth/context.ts';
import { REVISIONS } from '#lib/config/scenarios/scenario.ts';
import { z } from 'zod';
import { briefOf } from '#lib/coach/brief.ts';
import { toBadge } from '#lib/coach/formats/badge.ts';
import { toCtrf } from '#lib/coach/formats/ctrf.ts';
import { toJunit } from '#lib/coach/formats/junit.ts';
import { toMarkdown } from '#lib/coach/formats/markdown.ts';
import { NoSuchRun, reportOf } from '#lib/coach/report.ts';
import type { Report } from '#lib/coach/types.ts';
import type { Context } from '#lib/oauth/context.ts';
import { preferredType, wantsHtml } from '#lib/pages/accept.ts';
import { masker } from '#lib/recorder/redact.ts';
import { reportAnswer } from '#lib/spec/report-answer.ts';
import { showsShare } from '../control.ts';
import { ControlError } from '../errors.ts';
import { closeRuns, gradingOf } from '../grading.ts';
import type { Parts } from '../parts.ts';
import { operation, type Route } from '../route.ts';

export const reportFormats = ['json', 'junit', 'ctrf', 'markdown', 'badge'] as const;
export type ReportFormat = (typeof reportFormats)[number];

const reportQuery = z.object({
  format: z
    .enum([...reportFormats, 'brief'], { error: 'takes json, junit, ctrf, markdown, badge or brief' })
    .optional()
    .describe('Default: by Accept, else json. brief: JSON without the words that a rule has whatever it finds.'),
  run: z.string().max(20).optional().describe('Id of a run. Default: the one of the client that was seen last.'),
  client: z.string().max(2000).optional().describe('A client_id, or the id of a client in the report.'),
  revision: z
    .enum(REVISIONS, { error: `takes ${REVISIONS.join(', ')}` })
    .optional()
    .describe('Judge as this revision of MCP, or as a client without MCP.'),
  final: z
    .enum(['0', '1'], { error: 'takes 0 or 1' })
    .optional()
    .describe('1: closes the open runs, so that what did not happen counts.'),
  warnings: z.enum(['pass', 'fail']).optional().describe('fail: warnings are failures in JUnit.'),
});

const TYPES: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json',
  junit: 'application/xml; charset=utf-8',
  ctrf: 'application/json',
  markdown: 'text/markdown; charset=utf-8',
  badge: 'image/svg+xml; charset=utf-8',
};

const ACCEPTED: Readonly<Record<string, ReportFormat>> = {
  'application/json': 'json',
  '*/*': 'json',
  'application/xml': 'junit',
  'text/xml': 'junit',
  'text/markdown': 'markdown',
  'image/svg+xml': 'badge',
};

/** The format that a request asks for by `Accept`, the one with the greatest weight; JSON if it does not say. */
export function acceptedFormat(request: EngineRequest): ReportFormat {
  // A browser names XML and pictures too, and means a page.
  if (wantsHtml(request.headers)) return 'json';
  const type = preferredType(request.headers.get('accept'), Object.keys(ACCEPTED));
  return (type === null ? undefined : ACCEPTED[type]) ?? 'json';
}

/** Reports in a format, as an answer. The badge is of the first. */
export function formatted(
  reports: readonly Report[],
  format: ReportFormat,
  options: {
    readonly warnings?: 'pass' | 'fail' | undefined;
    readonly cache?: string;
    /** Of Authwalk. */
    readonly version: string;
  },
): Response {
  const [first] = reports;
  const text = {
    json: () => JSON.stringify(first),
    junit: () => toJunit(reports, { warnings: options.warnings ?? 'pass' }),
    ctrf: () => JSON.stringify(toCtrf(reports, options.version)),
    markdown: () => toMarkdown(reports),
    badge: () => toBadge(first!),
  }[format]();
  return new Response(text, {
    headers: { 'content-type': TYPES[format], 'cache-control': options.cache ?? 'no-store', vary: 'Accept' },
  });
}

/** The report of a sandbox. @throws ControlError 404 if the run or the client is not there */
export async function reportFor(
  parts: Parts,
  ctx: Context,
  query: {
    readonly run?: string | undefined;
    readonly client?: string | undefined;
    readonly revision?: string | undefined;
  },
): Promise<Report> {
  const input = await gradingOf(parts, ctx);
  try {
    return reportOf(input, {
      run: query.run ?? null,
      client: query.client ?? null,
      revision: query.revision ?? null,
      mask: masker(ctx.tenant.secret),
    });
  } catch (error) {
    if (error instanceof NoSuchRun) throw new ControlError(404, 'not_found', error.message);
    throw error;
  }
}

export function reportRoutes(parts: Parts): readonly Route[] {
  return [
    {
      scope: 'origin',
      cors: 'open',
      recorded: false,
      sandbox: 'id',
      endpoint: 'report',
      path: '/api/sandboxes/:id/report',
      methods: {
        GET: operation({
          id: 'getReport',
          summary: 'What the exchanges say of a client: every rule with its verdict',
          control: true,
          shared: true,
          query: reportQuery,
          answers: {
            200: { description: 'The report; XML, Markdown or SVG in the other formats.', schema: reportAnswer },
            403: 'A share cannot close the runs.',
          },
          async handle(ctx, { query }) {
            if (query.final === '1') {
              if (showsShare(ctx.request))
                throw new ControlError(
                  403,
                  'insufficient_scope',
                  'A share only reads: closing the runs needs the control token.',
                );
              await closeRuns(parts, ctx);
            }
            const report = await reportFor(parts, ctx, query);
            if (query.format === 'brief')
              return Response.json(briefOf(report), { headers: { 'cache-control': 'no-store' } });
            return formatted([report], query.format ?? acceptedFormat(ctx.request), {
              warnings: query.warnings,
              version: parts.site.version,
            });
          },
        }),
      },
    },
  ];
}
