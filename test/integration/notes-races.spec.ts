import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { NoteSection } from '../../src/clinic/notes/note.type.js';
import { NOTES_CONSTRAINTS } from '../../src/constraints/notes.js';
import { assertConstraints } from '../../src/platform/database/constraints.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aNote,
  aText,
  makeDraft,
  makeLocked,
  makeWriter,
  mustBe,
  type NotesRoom,
  notesOn,
} from '../support/notes.factory.js';
import { makePatient } from '../support/patients.factory.js';

// Many write and sign in one note at once, in several windows each; and a signed note attacked by those who own the tables.

const NOW = '2026-03-02T12:00:00Z';
const AUTHORS = 20;
const WINDOWS = 3;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: NotesRoom;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = notesOn(database, clock);
});
beforeEach(async () => {
  clock.set(NOW);
  patientId = (await makePatient(room.patients)).id;
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const windowsOf = (n: number) => Array.from({ length: WINDOWS }, (_, at) => `Author ${n}, window ${at}.`);

interface Writing {
  readonly author: StaffActor;
  readonly section: NoteSection;
}

/** Twenty people with a draft each in one note. */
async function twenty(): Promise<readonly Writing[]> {
  const authors = await Promise.all(Array.from({ length: AUTHORS }, () => makeWriter(database)));
  const [first, ...others] = authors;
  if (first === undefined) throw new Error('nobody writes');
  const opened = await makeDraft(room, first, { note: aNote(patientId) }, 'Before.');
  const { noteId } = opened;
  const rest = await Promise.all(
    others.map(async (author) => ({ author, section: await makeDraft(room, author, { noteId }, 'Before.') })),
  );
  return [{ author: first, section: opened }, ...rest];
}

const keep = ({ author, section }: Writing, text: string) =>
  room.drafts.keepNoteDraft(author, { sectionId: section.id, baseVersion: 1, content: aText(text) }, null);
const sign = ({ author, section: { id, draft } }: Writing) =>
  room.signing.signNote(author, {
    ...{ sectionId: id, version: draft?.version ?? 0, fingerprint: draft?.fingerprint ?? '' },
  });

describe('twenty authors, each in three windows at once', () => {
  it('lose no word: of each one window is kept, and the others are shown both texts', async () => {
    const all = await twenty();
    const answers = await Promise.all(
      all.map((one, n) => Promise.all(windowsOf(n).map((text) => keep(one, text)))),
    );
    for (const [n, { author, section }] of all.entries()) {
      const codes = (answers[n] ?? []).map(codeOf);
      expect(codes.toSorted()).toEqual(['NoteConflict', 'NoteConflict', 'done']);
      const versions = await room.records.noteDraftVersions(author, section.id);
      const texts = versions.map(({ content }) => content.text);
      expect(texts).toEqual(expect.arrayContaining(['Before.', ...windowsOf(n)]));
      const [kept] = versions.filter(({ isStanding }) => isStanding);
      for (const [at, answer] of (answers[n] ?? []).entries()) {
        if (codes[at] === 'done') continue;
        expect(answer).toMatchObject({
          ...{ code: 'NoteConflict', base: { text: 'Before.' }, yours: { text: windowsOf(n)[at] } },
          kept: { text: kept?.content.text },
        });
      }
    }
  });

  it('sign what they have read while they type elsewhere: no signature holds a word that its author did not see', async () => {
    const all = await twenty();
    const answers = await Promise.all(
      all.flatMap((one, n) => [
        ...windowsOf(n).map((text) => keep(one, text)),
        ...Array.from({ length: WINDOWS }, () => sign(one)),
      ]),
    );
    const codes = new Set(answers.map(codeOf));
    for (const code of codes)
      expect(['done', 'NoteConflict', 'NoteAlreadySigned', 'NoteNotAsSeen']).toContain(code);
    for (const [n, { author, section }] of all.entries()) {
      const signatures = await database.client.noteSignature.findMany({ where: { sectionId: section.id } });
      expect(signatures.length).toBeLessThanOrEqual(1);
      // Signed is what they had read, or nothing.
      for (const signature of signatures) {
        expect(signature).toMatchObject({ text: 'Before.', draftNumber: 1, signedById: author.id });
        expect(signature.sha256).toBe(section.draft?.fingerprint);
      }
      const texts = (await room.records.noteDraftVersions(author, section.id)).map(
        ({ content }) => content.text,
      );
      expect(texts).toEqual(expect.arrayContaining(windowsOf(n)));
    }
  });

  it('lock at once: each section is locked once, whoever tries', async () => {
    const all = await twenty();
    for (const one of all) mustBe(await sign(one));
    const answers = await Promise.all(
      all.flatMap(({ author, section }) =>
        Array.from({ length: WINDOWS }, () => room.locks.lockNote(author, section.id)),
      ),
    );
    expect(answers.map(codeOf).filter((code) => code === 'done')).toHaveLength(AUTHORS);
    const note = await room.records.clinicalNote(all[0]?.author ?? failed(), all[0]?.section.noteId ?? '');
    expect(note?.status).toBe('LOCKED');
  });
});

describe('a signed note', () => {
  it('is changed neither by the owner of the tables nor by a superuser', async () => {
    const ada = await makeWriter(database);
    const section = await makeLocked(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    const colleague = await makeWriter(database, ['PHYSIOTHERAPY'], ['MDT_MEMBER']);
    mustBe(
      await room.addenda.addNoteAddendum(colleague, {
        ...{
          sectionId: section.id,
          kind: 'ADDITION',
          discipline: 'PHYSIOTHERAPY',
          addendaSeen: 0,
          text: 'More.',
        },
      }),
    );
    const of = `WHERE section_id = '${section.id}'`;
    const attacks = [
      `UPDATE note_signatures SET text = 'Other.' ${of}`,
      `DELETE FROM note_signatures ${of}`,
      `UPDATE note_draft_versions SET text = 'Other.' ${of}`,
      `DELETE FROM note_draft_versions ${of}`,
      `UPDATE note_addenda SET text = 'Other.' ${of}`,
      `DELETE FROM note_addenda ${of}`,
      `UPDATE note_sections SET status = 'DRAFT' WHERE id = '${section.id}'`,
      `UPDATE note_sections SET author_id = '${colleague.id}' WHERE id = '${section.id}'`,
      `DELETE FROM note_sections WHERE id = '${section.id}'`,
      `UPDATE clinical_notes SET happened_on = '2020-01-01' WHERE id = '${section.noteId}'`,
      `DELETE FROM clinical_notes WHERE id = '${section.noteId}'`,
      'TRUNCATE note_signatures CASCADE',
      'TRUNCATE note_draft_versions CASCADE',
      'TRUNCATE note_addenda CASCADE',
      'TRUNCATE note_sections CASCADE',
      'TRUNCATE clinical_notes CASCADE',
    ];
    const before = await database.client.$queryRawUnsafe(
      `SELECT to_jsonb(s) AS signature, to_jsonb(a) AS addendum, to_jsonb(n) AS section
         FROM note_signatures s JOIN note_addenda a USING (section_id) JOIN note_sections n ON n.id = section_id ${of}`,
    );
    for (const url of [home.url, home.adminUrl]) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      for (const attack of attacks) await expect(client.query(attack), attack).rejects.toThrow();
      await client.end();
    }
    expect(
      await database.client.$queryRawUnsafe(
        `SELECT to_jsonb(s) AS signature, to_jsonb(a) AS addendum, to_jsonb(n) AS section
           FROM note_signatures s JOIN note_addenda a USING (section_id) JOIN note_sections n ON n.id = section_id ${of}`,
      ),
    ).toEqual(before);
  });

  it('keeps its guards: statements do not pass by them, and an application does not start without one', async () => {
    const client = new pg.Client({ connectionString: home.url });
    await client.connect();
    await expect(client.query(`SET session_replication_role = 'replica'`)).rejects.toThrow(
      'permission denied',
    );
    await assertConstraints(database.client, NOTES_CONSTRAINTS);
    const { rows } = await client.query<{ name: string; of: string }>(
      `SELECT tgname AS name, tgrelid::regclass::text AS of FROM pg_trigger
        WHERE NOT tgisinternal AND tgrelid IN ('note_signatures'::regclass, 'note_addenda'::regclass, 'note_draft_versions'::regclass,
                                               'note_sections'::regclass, 'clinical_notes'::regclass)`,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { name, of } of rows) {
      await client.query(`ALTER TABLE ${of} DISABLE TRIGGER ${name}`);
      await expect(assertConstraints(database.client, NOTES_CONSTRAINTS), name).rejects.toThrow(name);
      await client.query(`ALTER TABLE ${of} ENABLE TRIGGER ${name}`);
    }
    await client.end();
  });
});

function failed(): never {
  throw new Error('nobody writes');
}
