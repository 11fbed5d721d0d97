import { add, claim } from './counters.ts';
import type { Database } from './database.ts';
import type { NoteRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';
import type { NoteRecord } from './records.ts';

const insert = statement(({ db }, v: NoteRow) =>
  db.insertInto('notes').values(pick(v, ['tenant', 'id', 'sub', 'text', 'created_at', 'position'])),
);

const ofUser = statement(({ db }, v: { tenant: string; sub: string }) =>
  db.selectFrom('notes').selectAll().where('tenant', '=', v.tenant).where('sub', '=', v.sub).orderBy('position'),
);

/** The notes of the MCP servers. */
export interface NoteVerbs {
  /** In the order they were added. */
  listNotes(sub: string): Promise<NoteRecord[]>;
  /** @throws LimitError if there are 1 000 notes */
  addNote(note: NoteRecord): Promise<void>;
}

export function noteVerbs(db: Database, tenant: string): NoteVerbs {
  return {
    async listNotes(sub) {
      return (await db.all(ofUser, { tenant, sub })).map((row) => ({
        id: row.id,
        sub: row.sub,
        text: row.text,
        createdAt: row.created_at,
      }));
    },

    async addNote(note) {
      await db.transaction(async (connection) => {
        await claim(connection, tenant, 'notes');
        const position = await add(connection, tenant, 'note-position', 1);
        await connection.run(insert, {
          tenant,
          id: note.id,
          sub: note.sub,
          text: note.text,
          created_at: note.createdAt,
          position,
        });
      });
    },
  };
}
