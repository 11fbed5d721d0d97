/** Reads what the page of a sandbox says: server only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { builtKnobs, type KnobView, knobView } from '#lib/config/describe.ts';
import { listTracks, loadTrack } from '#lib/guide/load.ts';
import type { EndpointNote, SilencePoint } from '#lib/live/types.ts';

function read<T>(file: string): T {
  return parse(readFileSync(join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'live', file), 'utf8')) as T;
}

let silence: readonly SilencePoint[] | null = null;

/** Why clients fall silent, point by point. */
export function loadSilence(): readonly SilencePoint[] {
  silence ??= read<SilencePoint[]>('silence.yaml');
  return silence;
}

/** The knobs that can be turned, in words. */
export function loadKnobs(): readonly KnobView[] {
  return builtKnobs()
    .filter((name) => name !== 'faults')
    .map(knobView);
}

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
        if (!request || !endpoint || ABOUT_A_WALK.test(note.note)) continue;
        const body = request.body as { readonly grant_type?: unknown; readonly method?: unknown } | null;
        const grant =
          request.parameters.find((parameter) => parameter.name === 'grant_type')?.value ?? body?.grant_type;
        const cited = note.clause === null ? undefined : track.clauses[note.clause];
        const entry: EndpointNote = {
          endpoint,
          method: request.method,
          grant: typeof grant === 'string' ? grant : null,
          rpc: typeof body?.method === 'string' ? body.method : null,
          refused: endpoint === 'mcp' ? step.id === 'challenge' || step.id === 'revoke' : null,
          side: note.side,
          lemma: note.lemma,
          text: note.note,
          ...(cited ? { clause: { label: cited.label, url: cited.url } } : {}),
        };
        if (
          !notes.some(
            (one) =>
              one.endpoint === endpoint &&
              one.method === entry.method &&
              one.grant === entry.grant &&
              one.refused === entry.refused &&
              one.side === entry.side &&
              one.lemma === entry.lemma,
          )
        )
          notes.push(entry);
      }
    }
  }
  return notes;
}
