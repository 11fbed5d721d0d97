/** What the made-up user of a walk has in the account: the call at the end is for something. */
export const ACCOUNT = {
  notes: [
    { text: 'Return the library book before Friday.' },
    { text: 'Idea: a garden where every plant is labelled with the bird that planted it.' },
    { text: 'The spare key is not under the flowerpot any more. Bearer keys never are.' },
  ],
} as const;
