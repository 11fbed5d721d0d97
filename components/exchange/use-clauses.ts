'use client';

import { useEffect, useState } from 'react';
import type { clauses } from '#lib/spec/clauses.ts';

type Clauses = typeof clauses;

let known: Clauses | null = null;

/**
 * The table of clauses, which is long: loaded with the first exchange that cites one.
 * @returns null while it is on its way
 */
export function useClauses(): Clauses | null {
  const [table, setTable] = useState(known);
  useEffect(() => {
    if (table !== null) return;
    let alive = true;
    void import('#lib/spec/clauses.ts').then((module) => {
      known = module.clauses;
      if (alive) setTable(known);
    });
    return () => {
      alive = false;
    };
  }, [table]);
  return table;
}
