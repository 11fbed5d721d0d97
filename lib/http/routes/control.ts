/** The control API: sandboxes are made, read, steered and deleted here. */
import type { Parts } from '../parts.ts';
import type { Route } from '../route.ts';
import { classRoutes } from './control-classes.ts';
import { exchangeRoutes } from './control-exchanges.ts';
import { adminRoutes } from './admin.ts';
import { eventRoutes } from './events.ts';
import { planRoutes } from './control-plans.ts';
import { queueRoutes } from './control-queues.ts';
import { reportRoutes } from './control-reports.ts';
import { keptReportRoutes } from './kept-reports.ts';
import { sandboxRoutes } from './control-sandboxes.ts';
import { fixtureRoutes } from './control-fixtures.ts';

export function controlRoutes(parts: Parts): readonly Route[] {
  return [
    ...sandboxRoutes(parts),
    ...exchangeRoutes(parts),
    ...fixtureRoutes(parts),
    ...queueRoutes(parts),
    ...reportRoutes(parts),
    ...keptReportRoutes(parts),
    ...planRoutes(parts),
    ...classRoutes(parts),
    ...eventRoutes(parts),
    ...adminRoutes(parts),
  ];
}
