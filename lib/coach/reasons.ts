/** Why a rule was not judged, in words. */
import type { ReasonCode } from './types.ts';

export const REASONS: Readonly<Record<ReasonCode, string>> = {
  'no-occasion': 'Nothing that the rule is about has happened yet.',
  'needs-scenario': 'It shows only in the scenarios named.',
  waiting: 'It happened, and the time after which it counts is not over.',
  open: 'Only a closed run can tell.',
  'other-revision': 'The rule is for another revision of MCP.',
  'other-kind': 'The rule is for clients of another kind.',
  'on-purpose': 'The sandbox misbehaved in just this point.',
  'not-attributable': 'There is more than one client, and nothing ties it to this one.',
  'not-kept': 'The exchanges that would tell are no longer kept.',
  'own-network': "The client's document could not be reached from here.",
  'own-origin': 'It shows only where the sandbox is alone on its origin.',
  'needs-plan': 'It shows only beside another sandbox of the same plan.',
};
