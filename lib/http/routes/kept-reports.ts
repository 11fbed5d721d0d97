/** Reports that outlive their sandbox: kept by the holder of its control token, read by anyone who knows the id. */
import { z } from 'zod';
import { keep, type Kept, restore } from '#lib/coach/kept.ts';
import { sameSecret, sha256 } from '#lib/oauth/hash.ts';
import { addressKey } from '#lib/oauth/requester.ts';
import { redact } from '#lib/recorder/redact.ts';
import { keptReportAnswer, readReportAnswer } from '#lib/spec/report-answer.ts';
import type { ReportRecord } from '#lib/store/store.ts';
import { bearerToken } from '../control.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { operation, type Route } from '../route.ts';
import { acceptedFormat, formatted, reportFor, reportFormats } from './control-reports.ts';
import { mapInTurns } from '../turns.ts';

const DAY = 86_400;
/** Seconds that a report is kept: by default, and at most. */
const TTL = 90 * DAY;
const MAX_TTL = 365 * DAY;
/** Bytes of the data of a report, a little under what the store takes. */
const BYTES = 1024 * 1024 - 4096;

const keepSchema = z.strictObject({
  title: z.string().max(200).optional(),
  ttl: z.int().min(1).max(MAX_TTL).default(TTL).describe('Seconds that it is kept.'),
  run: z.string().max(20).optional().describe('Id of a run. Default: the one of the client that was seen last.'),
  client: z.string().max(2000).optional(),
});
const readQuery = z.object({
  format: z.enum(reportFormats, { error: 'takes json, junit, ctrf, markdown or badge' }).optional(),
  warnings: z.enum(['pass', 'fail']).optional(),
});

interface KeptData extends Kept {
  readonly title: string | null;
}

export function keptReportRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false } as const;
  /** @throws ControlError 404 */
  const find = async (id = ''): Promise<ReportRecord> => {
    const record = /^[a-z0-9]{20,40}$/.test(id) ? await parts.store.getReport(id, parts.wall()) : null;
    if (record === null)
      throw new ControlError(404, 'not_found', 'There is no report with this id, or its time is over.');
    return record;
  };
  const read = ({ data }: ReportRecord) => {
    const kept = data as unknown as KeptData;
    return { ...restore(kept), title: kept.title };
  };

  return [
    {
      ...common,
      sandbox: 'id',
      endpoint: 'keep-report',
      path: '/api/sandboxes/:id/reports',
      methods: {
        POST: operation({
          id: 'keepReport',
          summary: 'Keep a report: a masked copy that outlives the sandbox',
          control: true,
          input: keepSchema,
          answers: { 201: { description: 'Where it is kept.', schema: keptReportAnswer } },
          async handle(ctx, { input }) {
            const { sandboxId, origin, secret, controlTokenHash } = ctx.tenant;
            const report = await reportFor(parts, ctx, input);
            const exchanges = await parts.recorder.list(sandboxId, { after: 0, limit: 500 });
            const kept = keep(report, await mapInTurns(exchanges, (exchange) => redact(exchange, secret)), BYTES);
            const id = Buffer.from(parts.random(16), 'base64url').toString('hex');
            const deleteToken = `delete_${parts.random(32)}`;
            const now = parts.wall();
            const expiresAt = now + input.ttl * 1000;
            await parts.store.keepReport({
              id,
              sandboxId,
              addressHash: sha256(addressKey(ctx.remoteAddress)),
              controlTokenHash,
              deleteTokenHash: sha256(deleteToken),
              data: { ...kept, title: input.title ?? null },
              createdAt: now,
              expiresAt,
            });
            const api = `${origin}/api/reports/${id}`;
            return Response.json(
              {
                id,
                url: `${origin}/reports/${id}`,
                api,
                badge_url: `${api}/badge.svg`,
                expires_at: new Date(expiresAt).toISOString(),
                delete_token: deleteToken,
              },
              { status: 201, headers: { 'cache-control': 'no-store' } },
            );
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'kept-report',
      path: '/api/reports/:report',
      methods: {
        GET: operation({
          id: 'readReport',
          summary: 'A kept report',
          query: readQuery,
          answers: {
            200: { description: 'The report; XML, Markdown or SVG in the other formats.', schema: readReportAnswer },
            404: 'No such report.',
          },
          async handle(ctx, { query, params }) {
            const record = await find(params.report);
            const { report, exchanges, title } = read(record);
            const format = query.format ?? acceptedFormat(ctx.request);
            if (format !== 'json')
              return formatted([report], format, {
                warnings: query.warnings,
                version: parts.site.version,
              });
            const times = {
              created_at: new Date(record.createdAt).toISOString(),
              expires_at: new Date(record.expiresAt).toISOString(),
            };
            return Response.json(
              { ...report, title, ...times, exchanges },
              { headers: { 'cache-control': 'no-store', vary: 'Accept', 'x-robots-tag': 'noindex' } },
            );
          },
        }),
        DELETE: operation({
          id: 'deleteReport',
          summary: 'Delete a kept report',
          answers: { 204: 'Deleted.', 401: 'The token is not one that may delete it.', 404: 'No such report.' },
          async handle(ctx, { params }) {
            const record = await find(params.report);
            const token = bearerToken(ctx.request);
            const hash = token === null ? null : sha256(token);
            const may = [record.deleteTokenHash, record.controlTokenHash].some(
              (one) => one !== null && hash !== null && sameSecret(hash, one),
            );
            if (!may)
              throw new ControlError(
                401,
                'invalid_token',
                'This needs the delete token of the report, or the control token of its sandbox: ' +
                  'Authorization: Bearer ...',
              );
            await parts.store.deleteReport(record.id);
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'report-badge',
      path: '/api/reports/:report/badge.svg',
      methods: {
        GET: operation({
          id: 'readReportBadge',
          summary: 'The badge of a kept report',
          answers: { 200: { description: 'The badge.', types: ['image/svg+xml'] }, 404: 'No such report.' },
          async handle(_ctx, { params }) {
            const { report } = read(await find(params.report));
            return formatted([report], 'badge', { cache: 'public, max-age=300', version: parts.site.version });
          },
        }),
      },
    },
  ];
}
