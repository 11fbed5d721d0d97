/**
 * Everything that the browser keeps (localStorage), in one place: keys, shapes and limits. What is read may come
 * from another version or from a person's own hand, and a full or forbidden storage costs memory only: nothing here
 * throws.
 */
export { type KeyValueStore, browserStorage, tabStorage } from './storage/store.ts';
export { type KeptSandbox, readKept, keep, forget, readWalked } from './storage/sandboxes.ts';
export {
  readRun,
  writeRun,
  isRunKey,
  type ProgressNote,
  writeProgress,
  progressText,
  parseProgress,
  type FollowChoice,
  readFollow,
  writeFollow,
  readPresenting,
  writePresenting,
  readPresentedClass,
  writePresentedClass,
  waitingRun,
  keepArrival,
  takeArrival,
} from './storage/walks.ts';
export { browserKeys } from './storage/keys.ts';
export {
  readPlanToken,
  keepPlanToken,
  readPlanReports,
  keepPlanReport,
  type ScenarioRun,
  keepScenarioRun,
} from './storage/reports.ts';
export {
  readLevel,
  writeLevel,
  type LevelResult,
  levelsText,
  parseLevels,
  noteLevel,
  type LabSeen,
  labText,
  parseLabSeen,
  keepLabSeen,
  readLabRuns,
  keepLabRuns,
  type Membership,
  readMembership,
  writeMembership,
  readWallToken,
  keepWallToken,
} from './storage/exercises.ts';
