/** What the pages of the labs show beside the lab itself: where it leads, and the clauses that it cites. */
import { rules } from '#lib/coach/rules/index.ts';
import { loadTrack } from '#lib/guide/load.ts';
import { plainText, withoutBase } from '#lib/guide/text.ts';
import { labOf, labs } from '#lib/labs/attacks/index.ts';
import type { Lab } from '#lib/labs/types.ts';
import { clause } from '#lib/spec/clauses.ts';

export interface LabLink {
  readonly href: string;
  readonly text: string;
  readonly note: string;
}

export interface LabView {
  readonly lab: Lab;
  readonly clauses: Readonly<Record<string, { readonly label: string; readonly url: string }>>;
  readonly links: readonly LabLink[];
  readonly next: { readonly id: string; readonly number: number; readonly title: string } | null;
  readonly total: number;
}

/** Ids of clauses that the checks of a lab may name: all of them, with what a link needs. */
function clausesOf(ids: readonly string[]): LabView['clauses'] {
  return Object.fromEntries(
    ids.flatMap((id) => {
      const found = clause(id);
      return found ? [[id, { label: found.label, url: found.url }]] : [];
    }),
  );
}

function linksOf(lab: Lab): LabLink[] {
  const { rules: ids = [], experiments = [], tracks = [] } = lab.see;
  const first = rules.find((rule) => rule.id === ids[0]);
  const links: LabLink[] = first
    ? [{ href: `/reference/rules#rule-${first.id}`, text: 'Does your client do it?', note: ids.join(', ') }]
    : [];
  for (const id of experiments) {
    const [track = '', step = ''] = id.split('.');
    const steps = loadTrack(track)?.steps ?? [];
    const found = steps.find((one) => one.id === step);
    const experiment = found?.experiments.find((one) => one.id === id);
    if (found && experiment)
      links.push({
        href: `/guide/${track}/${step}#${id.split('.')[2] ?? ''}`,
        text: plainText(withoutBase(experiment.title)),
        note: `step ${found.number}, experiment ${experiment.letter}`,
      });
  }
  for (const id of tracks) {
    const track = loadTrack(id);
    if (track) links.push({ href: `/guide/${id}`, text: plainText(track.title), note: 'a walk' });
  }
  return links;
}

/** A lab with all that its page needs; null if there is no such lab. */
export function labView(id: string): LabView | null {
  const lab = labOf(id);
  if (!lab) return null;
  const next = labs[labs.indexOf(lab) + 1];
  return {
    lab,
    clauses: clausesOf([...lab.home.clauses.client, ...lab.home.clauses.server]),
    links: linksOf(lab),
    next: next ? { id: next.id, number: next.number, title: next.title } : null,
    total: labs.length,
  };
}
