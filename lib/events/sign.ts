/**
 * Signatures of webhooks.
 * @see
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac } from 'node:crypto';

/** The secret of a webhook, made of the sandbox's own: nothing more has to be kept. */
export function webhookSecret(sandboxSecret: string, webhookId: string): string {
  return `whsec_${createHmac('sha256', sandboxSecret).update(`webhook ${webhookId}`).digest('base64')}`;
}

/**
 * The headers of one try.
 * @param secret with its prefix
 * @param wall ms
 */
export function signedHeaders(secret: string, id: string, wall: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(wall / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
