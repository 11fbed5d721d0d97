import { metadataUrl } from '../values/read/as-metadata-url.ts';
import { atUrl, withArguments } from '../borrow.ts';
import { fill } from '../values.ts';
import type { Op } from './op.ts';

/**
 * Runs another step afterwards. `with` changes what it sends, `at_url` where to, `at_issuer` at which authorization
 * server.
 */
export const runAfter: Op = {
  op: 'then',
  takes: { step: 'string', with: 'record?', at_url: 'string?', at_issuer: 'string?' },
  async follow(change, { walker, runStep }) {
    let step = withArguments(walker.step(change.step!), (change.with ?? {}) as Readonly<Record<string, unknown>>);
    if (typeof change.at_url === 'string') step = atUrl(step, change.at_url);
    if (typeof change.at_issuer === 'string') {
      const metadata = await walker.readJson(metadataUrl(fill(change.at_issuer, walker.bag())));
      step = withArguments(step, { authorization_endpoint: metadata.authorization_endpoint });
    }
    await runStep(step);
  },
};
