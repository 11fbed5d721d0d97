/** Reads what the page of a sandbox says: server only. */
import { ruleWords } from '#lib/coach/brief.ts';
import type { RuleWords } from '#lib/coach/types.ts';
import { builtKnobs, type KnobView, knobView } from '#lib/config/describe.ts';
import { listTracks, loadTrack } from '#lib/guide/load.ts';
import type { EndpointNote } from '#lib/live/types.ts';

/** The knobs that can be turned, in words. */
export function loadKnobs(): readonly KnobView[] {
  return builtKnobs()
    .filter((name) => name !== 'faults')
    .map(knobView);
}

/** What the rules say whatever they find. */
export const loadRuleWords = (): Readonly<Record<string, RuleWords>> => ruleWords();

/** Addresses of templates, and the endpoints behind them. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  '{mcp_url}': 'mcp',
  '{other_mcp_url}': 'mcp',
  '{resource_metadata_url}': 'prm',
  '{as_metadata_url}': 'as-metadata',
  '{registration_endpoint}': 'register',
  '{authorization_endpoint}': 'authorize',
  '{token_endpoint}': 'token',
  '{revocation_endpoint}': 'revoke',
  '{introspection_endpoint}': 'introspect',
  '{device_authorization_endpoint}': 'device',
  '{userinfo_endpoint}': 'userinfo',
  '{pushed_authorization_request_endpoint}': 'par',
};

/** A note that speaks of the step it stands in, and is out of place anywhere else. */
const ABOUT_A_WALK = /\bsteps? \d|\bthis step\b|Step \d|a second ago/;

/**
 * The notes of the tracks, by the kind of exchange that they stand beside: the same line has the
 * same note in a sandbox as in the walk.
 */
export function loadNotes(): readonly EndpointNote[] {
  const notes: EndpointNote[] = [];
  for (const { id } of listTracks()) {
    const track = loadTrack(id);
    if (!track) continue;
    for (const step of track.steps) {
      for (const note of step.notes) {
        const request = step.requests.find((one) => one.id === note.request);
        const endpoint = request && ENDPOINTS[request.url];
        if (!request || !endpoint || note.walk_only || ABOUT_A_WALK.test(note.note)) continue;
        const body = request.body as { readonly grant_type?: unknown; readonly method?: unknown } | null;
        const grant =
          request.parameters.find((parameter) => parameter.name === 'grant_type')?.value ?? body?.grant_type;
        const cited = note.clause === null ? undefined : track.clauses[note.clause];
        const rpc = typeof body?.method === 'string' ? body.method : null;
        const entry: EndpointNote = {
          side: note.side,
          lemma: note.lemma,
          text: note.note,
          when: {
            endpoint,
            // A client whose user approves by a parameter gets with the first answer what else follows the decision.
            ...(endpoint === 'authorize' && note.side === 'response' ? {} : { method: request.method }),
            ...(typeof grant === 'string' ? { grant_type: grant } : {}),
            // Headers and statuses mean the same in every call; members belong to the method.
            ...(rpc !== null && !/^(?:[A-Z]|\d{3}$)/.test(note.lemma) ? { rpc } : {}),
            ...note.when,
          },
          ...(cited ? { clause: { label: cited.label, url: cited.url } } : {}),
        };
        const isKnown = ({ side, lemma, when }: EndpointNote): boolean =>
          side === entry.side && lemma === entry.lemma && JSON.stringify(when) === JSON.stringify(entry.when);
        if (!notes.some(isKnown)) notes.push(entry);
      }
    }
  }
  return notes;
}
