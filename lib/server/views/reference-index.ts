/** What the reference is searched by: one line for everything that has an address in it, and the words people use. */
import { rules } from '#lib/coach/rules/index.ts';
import { knobViews, type ReferenceKnob } from './reference-knobs.ts';
import { scenarioEntries } from './scenarios.ts';
import type { Reference } from './reference.ts';

export interface IndexEntry {
  readonly kind: 'endpoint' | 'parameter' | 'error' | 'reason' | 'rule' | 'knob' | 'scenario' | 'requirement';
  /** What is shown. */
  readonly text: string;
  /** What stands after it, in mono: the path, the id. */
  readonly at: string;
  readonly href: string;
}

/** A word that people use, and the word of the specifications. */
export const SEE: Readonly<Record<string, string>> = {
  renew: 'refresh',
  'give back': 'revocation',
  invalidate: 'revocation',
  'log out': 'logout',
  signout: 'logout',
  login: 'authorization',
  'sign in': 'authorization',
  consent: 'authorization',
  whoami: 'userinfo',
  profile: 'userinfo',
  inspect: 'introspection',
  validate: 'introspection',
  discovery: 'metadata',
  'well known': 'metadata',
  keys: 'jwks',
  'public keys': 'jwks',
  'api key': 'client secret',
  password: 'client secret',
  'redirect url': 'redirect uri',
  callback: 'redirect uri',
  csrf: 'state',
  'mix up': 'iss',
  permission: 'scope',
  forbidden: 'insufficient scope',
  unauthorized: 'invalid token',
  expired: 'lifetime',
  audience: 'resource',
  tv: 'device',
  dcr: 'registration',
  signup: 'registration',
};

/** @param reference as {@link reference} made it */
export function indexOf({ groups, errors, requirements }: Reference): IndexEntry[] {
  return [
    ...groups.flatMap((group) =>
      group.endpoints.flatMap((endpoint): IndexEntry[] => [
        {
          kind: 'endpoint',
          text: endpoint.title,
          at: `${endpoint.operations[0]?.method ?? ''} ${endpoint.paths[0]?.replace(/^\{\w+\}/, '') ?? ''}`,
          href: `/reference/${group.id}#${endpoint.anchor}`,
        },
        ...endpoint.operations.flatMap((operation) =>
          operation.parameters.map(
            (parameter): IndexEntry => ({
              kind: 'parameter',
              text: parameter.name,
              at: endpoint.title,
              href: `/reference/${group.id}#${parameter.anchor}`,
            }),
          ),
        ),
      ]),
    ),
    ...errors.flatMap((error): IndexEntry[] => [
      { kind: 'error', text: error.code, at: String(error.status), href: `/reference/errors#error-${error.code}` },
      ...error.reasons.map(
        (reason): IndexEntry => ({
          kind: 'reason',
          text: reason.says,
          at: error.code,
          href: `/reference/errors#reason-${reason.id}`,
        }),
      ),
    ]),
    ...rules.map(
      (rule): IndexEntry => ({
        kind: 'rule',
        text: rule.title,
        at: rule.id,
        href: `/reference/rules#rule-${rule.id}`,
      }),
    ),
    ...knobViews().map(
      (knob: ReferenceKnob): IndexEntry => ({
        kind: 'knob',
        text: knob.title,
        at: knob.name,
        href: `/reference/knobs#knob-${knob.name}`,
      }),
    ),
    ...scenarioEntries().map(
      (entry): IndexEntry => ({ kind: 'scenario', text: entry.title, at: entry.id, href: `/scenarios/${entry.id}` }),
    ),
    ...requirements.flatMap((group) =>
      group.requirements.map(
        (one): IndexEntry => ({
          kind: 'requirement',
          text: one.says,
          at: one.id,
          href: `/reference/requirements#requirement-${one.id}`,
        }),
      ),
    ),
  ];
}
