/** A report as Markdown, fit for the summary of a step or for a comment. */
import type { Report, Verdict } from '../types.ts';
import { applies, evidenceText, tellingScenarios } from './words.ts';

/** Characters at most: comments of the large forges end at 65 536. */
const MOST = 60_000;

/** Characters that are not seen, or that turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** What forges make a link of, although nothing marks it as one. */
const LINKED = /(?<=\b(?:https?|ftp|mailto|xmpp)):|(?<=\bwww)\./gi;

/** Text that says what it says, formats nothing, and leads nowhere. */
export function plain(text: string): string {
  return text
    .replaceAll(UNSEEN, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@$]/g, (one) => `\\${one}`)
    .replaceAll(LINKED, (one) => `\\${one}`);
}

/** The reports one after the other, in under 60 000 characters. */
export function toMarkdown(reports: readonly Report[]): string {
  const text = reports.map(section).join('\n\n');
  if (text.length <= MOST) return text;
  const end = '\n\n… The report goes on at its page.\n';
  // Room for what closes a fold that the cut leaves open.
  const kept = text.slice(0, text.lastIndexOf('\n', MOST - end.length - 20));
  return kept + closed(kept) + end;
}

/** Closes what a cut leaves open. */
function closed(text: string): string {
  const open = (text.match(/<details>/g)?.length ?? 0) - (text.match(/<\/details>/g)?.length ?? 0);
  return '\n</details>'.repeat(Math.max(0, open));
}

function section(report: Report): string {
  const { summary, client, revision } = report;
  const of = (name: Verdict['verdict']): Verdict[] => report.verdicts.filter(({ verdict }) => verdict === name);
  const failures = of('fail');
  const warnings = of('warn');
  const open = of('not_observed').filter(applies);
  const scenarios = tellingScenarios(open.filter(({ reason }) => reason?.fits)).map(({ id }) => id);
  const where = report.scenarios.length > 0 ? ` in ${plain(report.scenarios.join(', '))}` : '';
  const spoken = revision.value === null ? '' : `, MCP ${plain(revision.value)}`;
  const total = summary.must.pass + summary.must.fail;
  return [
    `## Authwalk: ${plain(client?.name ?? client?.client_ids[0] ?? 'no client yet')}${where}`,
    '',
    `**${summary.must.pass} of ${total} MUST**, ${summary.fail} failed, ${warningsOf(summary.warn)}, ` +
      `${summary.pass} passed, ${summary.not_observed} not observed${spoken}${report.final ? '' : ', run still open'}`,
    ...failures.flatMap((verdict) => ['', ...opened(verdict)]),
    ...(warnings.length === 0
      ? []
      : [
          '',
          '<details>',
          `<summary>${warningsOf(warnings.length)}</summary>`,
          ...warnings.flatMap((verdict) => ['', ...opened(verdict)]),
          '',
          '</details>',
        ]),
    ...(summary.unanswered.length === 0
      ? []
      : ['', `Asked and not answered: ${summary.unanswered.map((id) => `\`${id}\``).join(', ')}`]),
    ...(scenarios.length === 0 ? [] : ['', `To observe more, start: ${scenarios.map((id) => `\`${id}\``).join(', ')}`]),
    '',
    ...pageOf(report),
  ].join('\n');
}

/** The page of the sandbox, if there is one to look at. */
const pageOf = ({ sandbox: { inspect_url } }: Report): string[] =>
  inspect_url === '' ? [] : [`[The sandbox](${inspect_url.replaceAll(/[\s()]/g, encodeURIComponent)})`, ''];

const warningsOf = (count: number): string => `${count} ${count === 1 ? 'warning' : 'warnings'}`;

function opened(verdict: Verdict): string[] {
  const clause = plain(`${verdict.clause.doc}, ${verdict.clause.section}`);
  return [
    `### ${verdict.verdict === 'fail' ? '✗' : '!'} ${plain(verdict.title)}`,
    '',
    `\`${verdict.rule}\` · ${verdict.in_force ?? verdict.level} · [${clause}](${verdict.clause.url})`,
    '',
    plain(verdict.says),
    '',
    ...verdict.evidence.map((one) => `- ${plain(evidenceText(one))}`),
    '',
    `**Why** ${plain(verdict.why)}`,
    '',
    `**Fix** ${plain(verdict.fix)}`,
  ];
}
