import { z } from 'zod';
import { NOTE_BYTES } from '#lib/config/seed.ts';
import { EVERY_MADE_UP_USER } from '#lib/oauth/users/invent.ts';
import type { NoteRecord, TenantStore } from '#lib/store/store.ts';
import { failed, structured } from './result.ts';
import { toolSchema } from './schema.ts';
import type { RegisterTool } from './tool.ts';

/** Notes that one answer lists, the newest; more would not fit a model's context. */
const MAX_LISTED = 100;

const note = z.object({
  id: z.string(),
  text: z.string(),
  created_at: z.string().describe('ISO 8601, by the clock of the sandbox'),
});

const added = toolSchema(note);
const nothing = toolSchema(z.object({}));
const list = toolSchema(z.object({ notes: z.array(note), total: z.number().int() }));
const written = toolSchema(z.object({ text: z.string().min(1).max(NOTE_BYTES).describe('The note') }));

function asJson(record: NoteRecord): z.output<typeof note> {
  return { id: record.id, text: record.text, created_at: new Date(record.createdAt).toISOString() };
}

/** The notes of an owner; a made-up user also has those that the sandbox was seeded with for all of them. */
async function notesOf(store: TenantStore, owner: string): Promise<readonly NoteRecord[]> {
  const own = await store.listNotes(owner);
  const user = await store.getUser(owner);
  return user?.temporary ? [...(await store.listNotes(EVERY_MADE_UP_USER)), ...own] : own;
}

/** `notes_list`: the notes of the caller. Needs `notes:read` if there is a door. */
export const notesList: RegisterTool = (server, { ctx, caller }) => {
  server.registerTool(
    'notes_list',
    {
      title: 'List notes',
      description: `Lists your newest ${MAX_LISTED} notes, oldest first. Needs the scope notes:read.`,
      inputSchema: nothing,
      outputSchema: list,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async () => {
      const records = await notesOf(ctx.tenant.store, caller.owner);
      const sorted = [...records].sort((a, b) => a.createdAt - b.createdAt);
      return structured({ notes: sorted.slice(-MAX_LISTED).map(asJson), total: sorted.length });
    },
  );
};

/** `notes_add`: keeps a note of the caller. Needs `notes:write` if there is a door. */
export const notesAdd: RegisterTool = (server, { ctx, caller }) => {
  server.registerTool(
    'notes_add',
    {
      title: 'Add a note',
      description: `Keeps a note of yours, of ${NOTE_BYTES} bytes at most. Needs the scope notes:write.`,
      inputSchema: written,
      outputSchema: added,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    async ({ text }) => {
      const bytes = Buffer.byteLength(text, 'utf8');
      if (bytes > NOTE_BYTES) return failed(`The note has ${bytes} bytes; ${NOTE_BYTES} is as many as it may have.`);
      const record: NoteRecord = {
        id: `note_${ctx.tenant.random(12)}`,
        sub: caller.owner,
        text,
        createdAt: ctx.tenant.now(),
      };
      try {
        await ctx.tenant.store.addNote(record);
      } catch (error) {
        // Modules can be loaded twice, hence by name.
        if (error instanceof Error && error.name === 'LimitError') return failed(error.message);
        throw error;
      }
      return structured(asJson(record));
    },
  );
};
