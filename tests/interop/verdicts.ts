/** What the report says of the clients of a test: of each one, in every sandbox that the test made. */

import type { Sandbox } from 'authwalk/testing';

interface Report {
  readonly client: { readonly name: string | null; readonly client_ids: readonly string[] } | null;
  readonly runs: readonly { readonly id: string }[];
  readonly summary: { readonly pass: number };
  readonly verdicts: readonly { readonly rule: string; readonly verdict: string; readonly says: string }[];
}

/** All that failed, one line each, and how many rules passed. */
export async function failures(
  made: readonly Sandbox[],
): Promise<{ readonly fails: string[]; readonly passed: number }> {
  const fails: string[] = [];
  let passed = 0;
  for (const { id, issuer, controlToken } of made) {
    const api = `${new URL(issuer).origin}/api/sandboxes/${id}`;
    // Run by run: the kit's report is that of the latest.
    const read = async (query: string): Promise<Report> => {
      const answer = await fetch(`${api}/report?${query}`, { headers: { authorization: `Bearer ${controlToken}` } });
      if (answer.status !== 200) throw new Error(`${api}/report: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Report;
    };
    const { runs } = await read('final=1');
    for (const run of runs) {
      const { client, verdicts, summary } = await read(`run=${run.id}`);
      passed += summary.pass;
      for (const { rule, verdict, says } of verdicts)
        if (verdict === 'fail') fails.push(`${client?.name ?? client?.client_ids[0] ?? 'nobody'}: ${rule}: ${says}`);
    }
  }
  return { fails, passed };
}
