/**
 * Moves the write-ahead log into the database file, in a thread of its own.
 *
 * SQLite does it within the commit that fills the log, which then waits for the disk: every few
 * hundred writes one of them, and whatever else the process has to do, stands for 10 to 40 ms.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Writes after which the log is moved: some 5 MB. */
const WRITES = 500;
/** Pages of log after which writers are stopped for the moment that it takes to begin it anew. */
const RESTART_PAGES = 8000;
/** Pages of log after which SQLite moves it itself, should the thread be gone: 128 MB. */
export const LAST_RESORT_PAGES = 32_000;

/** Plain text, so that no bundler has to know of it and it starts without a compiler. */
const SOURCE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(workerData.path, { timeout: 1000 });
  db.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0');
  const passive = db.prepare('pragma wal_checkpoint(passive)');
  const restart = db.prepare('pragma wal_checkpoint(restart)');
  parentPort.on('message', (message) => {
    if (message === 'close') {
      db.close();
      parentPort.close();
      return;
    }
    try {
      // While others write the log is never wholly moved, but what is left after two rounds is
      // little, and waiting for it is short.
      if (passive.get().log > workerData.restartPages) {
        passive.get();
        restart.get();
      }
    } catch {
      // Another process holds the lock: the next round will do.
    }
    parentPort.postMessage('done');
  });`;

export interface Checkpoints {
  /** To be called with each write. */
  noteWrite(): void;
  close(): Promise<void>;
}

/** @param path of the database file */
export function checkpoints(path: string, onWarning?: (message: string) => void): Checkpoints {
  let worker: Worker | undefined;
  let writes = 0;
  let idle = true;
  let closing = false;

  /** The thread is made when there is much to write, which in most processes there never is. */
  const start = (): Worker => {
    const made = new Worker(SOURCE, {
      eval: true,
      execArgv: [],
      workerData: { path, restartPages: RESTART_PAGES },
      name: 'checkpoint',
    });
    made.unref();
    made.on('message', () => {
      idle = true;
    });
    // `idle` stays false: SQLite's own checkpoints take over at the last resort.
    made.on('error', (error) => onWarning?.(`the thread that checkpoints the database ended: ${error.message}`));
    return made;
  };

  return {
    noteWrite() {
      writes += 1;
      if (writes < WRITES || !idle || closing) return;
      writes = 0;
      idle = false;
      worker ??= start();
      worker.postMessage('checkpoint');
    },
    async close() {
      closing = true;
      if (!worker || worker.threadId === -1) return;
      const exit = once(worker, 'exit');
      worker.ref();
      worker.postMessage('close');
      await exit;
      worker = undefined;
    },
  };
}
