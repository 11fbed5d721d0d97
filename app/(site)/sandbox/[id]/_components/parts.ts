/** What of a sandbox can be turned, in the order of the bar. */
export const parts = [
  { id: 'scenario', label: 'Scenario' },
  { id: 'clock', label: 'Clock' },
  { id: 'faults', label: 'Faults' },
  { id: 'behaviour', label: 'Behaviour' },
  { id: 'users', label: 'Users' },
  { id: 'tokens', label: 'Tokens' },
] as const;

export type Part = (typeof parts)[number]['id'];
