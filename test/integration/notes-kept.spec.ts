import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { NoteSection } from '../../src/clinic/notes/note.type.js';
import { NoteAccessService } from '../../src/clinic/notes/note-access.service.js';
import { NOTES_OF_A_PATIENT_MAX } from '../../src/clinic/notes/note-record.service.js';
import { NoteRetentionService } from '../../src/clinic/notes/note-retention.service.js';
import { PatientNotesMergeService } from '../../src/clinic/notes/patient-notes-merge.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aNote,
  aText,
  makeDraft,
  makeLocked,
  makeSigned,
  makeWriter,
  mustBe,
  type NotesRoom,
  notesOn,
} from '../support/notes.factory.js';
import { patientRoomOn } from '../support/patient-needs.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';

// Notes as they are kept: a signed one attacked, psychology, and notes as part of a patient's record.

const NOW = '2026-03-02T12:00:00Z';
const clock = new FixedClock(NOW);
const desk = aStaffActor();
const SECRET = 'What only a psychologist hears.';
let home: TestDatabase;
let database: Database;
let room: NotesRoom;
let records: RecordsRoom;
let retention: NoteRetentionService;
let ada: StaffActor;
let psychologist: StaffActor;
let colleague: StaffActor;
let admin: StaffActor;
let patientId: string;

const TABLES = [
  'clinical_notes',
  'note_sections',
  'note_draft_versions',
  'note_signatures',
  'note_addenda',
  'note_shares',
];

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = notesOn(database, clock);
  records = await recordsOn(database, clock);
  retention = new NoteRetentionService(records.get(RetentionClasses), readConfig({}, '/tmp'));
  ada = await makeWriter(database);
  psychologist = await makeWriter(database, ['PSYCHOLOGY'], ['MDT_MEMBER']);
  colleague = await makeWriter(database, ['PHYSIOTHERAPY'], ['MDT_MEMBER']);
  admin = await makeWriter(database, [], ['ADMIN']);
});
beforeEach(async () => {
  clock.set(NOW);
  patientId = (await makePatient(room.patients, { dateOfBirth: '1950-01-01' })).id;
});
afterAll(async () => {
  await records.module.close();
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const run = (sql: string) => database.client.$executeRawUnsafe(sql);
const share = (actor: StaffActor, sectionId: string, staffId: string) =>
  room.shares.shareNote(actor, {
    ...{ sectionId, staffId, reason: 'Plans the exercises.' },
    ...{ patientAgreedOn: '2026-03-01', patientAgreedHow: 'IN_PERSON' },
  });
const makePsychology = async (of = patientId) =>
  makeLocked(
    room,
    psychologist,
    await makeDraft(room, psychologist, { note: aNote(of) }, SECRET, 'PSYCHOLOGY'),
  );
const addTo = (actor: StaffActor, { id }: NoteSection, text: string, addendaSeen = 0) =>
  room.addenda.addNoteAddendum(actor, {
    ...{ sectionId: id, kind: 'ADDITION', discipline: 'PSYCHOLOGY', addendaSeen, text },
  });

describe('a signed note', () => {
  it('is changed by no mutation', async () => {
    const draft = await makeDraft(room, ada, { note: aNote(patientId) }, 'Signed.');
    const signed = await makeSigned(room, ada, draft);
    const input = { sectionId: draft.id, version: 1, fingerprint: draft.draft?.fingerprint ?? '' };
    const attack = async () => [
      await room.drafts.keepNoteDraft(
        ada,
        { sectionId: draft.id, baseVersion: 1, content: aText('Other.') },
        null,
      ),
      await room.drafts.keepNoteDraft(
        ada,
        {
          ...{ noteId: draft.noteId, discipline: 'PAIN_MEDICINE', baseVersion: 0 },
          content: aText('Other.'),
        },
        null,
      ),
      await room.drafts.discardNoteDraft(ada, draft.id, 1),
      await room.signing.signNote(ada, input),
    ];
    expect((await attack()).map(codeOf)).toEqual(Array.from({ length: 4 }, () => 'NoteAlreadySigned'));
    mustBe(await room.locks.lockNote(ada, draft.id));
    expect((await attack()).map(codeOf)).toEqual(Array.from({ length: 4 }, () => 'NoteAlreadySigned'));
    const note = await room.records.clinicalNote(colleague, draft.noteId);
    expect(note?.sections).toMatchObject([
      { status: 'LOCKED', content: signed.content, fingerprint: signed.fingerprint },
    ]);
    // What was typed is its author's to read, once.
    expect(await room.records.noteDraftVersions(ada, draft.id)).toMatchObject([
      { number: 1, isStanding: true },
      { number: 2, isAside: true, content: { text: 'Other.' } },
    ]);
  });

  it('is changed by no statement', async () => {
    const section = await makeLocked(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
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
    const secret = await makePsychology();
    mustBe(await share(psychologist, secret.id, colleague.id));
    const other = (await makePatient(room.patients)).id;
    const of = `WHERE section_id = '${section.id}'`;
    const is = `WHERE id = '${section.id}'`;
    const note = `WHERE id = '${section.noteId}'`;
    const attacks = [
      `UPDATE note_signatures SET text = 'Other.' ${of}`,
      `UPDATE note_signatures SET items = '[]' ${of}`,
      `UPDATE note_signatures SET signed_by_id = '${colleague.id}' ${of}`,
      `DELETE FROM note_signatures ${of}`,
      `UPDATE note_draft_versions SET text = 'Other.' ${of}`,
      `DELETE FROM note_draft_versions ${of}`,
      `UPDATE note_addenda SET text = 'Other.' ${of}`,
      `DELETE FROM note_addenda ${of}`,
      `UPDATE note_sections SET status = 'DRAFT' ${is}`,
      `UPDATE note_sections SET status = 'SIGNED', locked_at = NULL, locked_by_id = NULL ${is}`,
      `UPDATE note_sections SET author_id = '${colleague.id}' ${is}`,
      `UPDATE note_sections SET discipline = 'PSYCHOLOGY' ${is}`,
      `UPDATE note_sections SET signed_at = now() ${is}`,
      `UPDATE note_sections SET version = version + 1, drafts_count = drafts_count + 1 ${is}`,
      `DELETE FROM note_sections ${is}`,
      `UPDATE clinical_notes SET patient_id = '${other}' ${note}`,
      `UPDATE clinical_notes SET happened_on = '2020-01-01' ${note}`,
      `DELETE FROM clinical_notes ${note}`,
      `UPDATE note_shares SET staff_id = '${ada.id}' WHERE section_id = '${secret.id}'`,
      `DELETE FROM note_shares WHERE section_id = '${secret.id}'`,
      `UPDATE note_policies SET lock_after_hours = 1`,
      `DELETE FROM note_policies`,
      ...TABLES.map((table) => `TRUNCATE ${table} CASCADE`),
      `INSERT INTO note_signatures (id, note_id, section_id, draft_number, text, items, sha256, signed_by_id, signed_by_name, signed_at)
       SELECT gen_random_uuid(), note_id, section_id, draft_number, 'Other.', items, sha256, signed_by_id, signed_by_name, signed_at
         FROM note_signatures ${of}`,
      `INSERT INTO note_draft_versions (id, note_id, section_id, number, base_number, is_aside, text, items, sha256, kept_at)
       SELECT gen_random_uuid(), note_id, section_id, number + 1, number, false, 'Other.', items, sha256, kept_at
         FROM note_draft_versions ${of}`,
      `INSERT INTO note_addenda (id, note_id, section_id, number, kind, discipline, text, sha256, signed_by_id, signed_by_name, signed_at)
       SELECT gen_random_uuid(), note_id, section_id, 2, 'ENTERED_IN_ERROR', discipline, text, sha256, signed_by_id, signed_by_name, signed_at
         FROM note_addenda ${of}`,
      `INSERT INTO note_shares (id, note_id, section_id, staff_id, reason, patient_agreed_on, patient_agreed_how, shared_at, shared_by_id)
       VALUES (gen_random_uuid(), '${section.noteId}', '${section.id}', '${admin.id}', 'x', now(), 'IN_PERSON', now(), '${ada.id}')`,
    ];
    const before = await Promise.all([
      database.client.noteSection.findUnique({ where: { id: section.id } }),
      database.client.noteSignature.findMany({ where: { sectionId: section.id } }),
      database.client.noteAddendum.findMany({ where: { sectionId: section.id } }),
    ]);
    for (const attack of attacks) await expect(run(attack), attack).rejects.toThrow();
    expect(
      await Promise.all([
        database.client.noteSection.findUnique({ where: { id: section.id } }),
        database.client.noteSignature.findMany({ where: { sectionId: section.id } }),
        database.client.noteAddendum.findMany({ where: { sectionId: section.id } }),
      ]),
    ).toEqual(before);
  });

  it('is signed by its author as it stands, also when a statement signs it', async () => {
    const { id, noteId } = await makeDraft(room, ada, { note: aNote(patientId) }, 'Unread.');
    const sign = (text: string, by: string) =>
      run(`INSERT INTO note_signatures (id, note_id, section_id, draft_number, text, items, sha256, signed_by_id, signed_by_name, signed_at)
           SELECT gen_random_uuid(), note_id, section_id, number, '${text}', items, sha256, '${by}', 'Somebody', now()
             FROM note_draft_versions WHERE section_id = '${id}'`);
    await expect(sign('Other.', ada.id)).rejects.toThrow(/as it stands/);
    await expect(sign('Unread.', colleague.id)).rejects.toThrow(/as it stands/);
    // A signature without its section, and a section without its signature.
    await expect(sign('Unread.', ada.id)).rejects.toThrow(/is not signed/);
    const policy = `(SELECT id FROM note_policies LIMIT 1)`;
    const dates = `signed_at = now(), lock_due_at = now() + interval '1 hour', lock_policy_id = ${policy}`;
    await expect(
      run(`UPDATE note_sections SET status = 'SIGNED', ${dates} WHERE id = '${id}'`),
    ).rejects.toThrow(/has no signature/);
    expect(await room.records.clinicalNote(ada, noteId)).toMatchObject({ status: 'DRAFT' });
  });
});

describe('a psychology note', () => {
  it('is there for everybody who reads notes, and its words are not', async () => {
    const { noteId, fingerprint } = await makePsychology();
    for (const actor of [ada, colleague, admin]) {
      const note = await room.records.clinicalNote(actor, noteId);
      expect(note?.sections).toMatchObject([
        {
          ...{ discipline: 'PSYCHOLOGY', authorId: psychologist.id, signedAt: clock.now(), isWithheld: true },
          ...{ content: null, fingerprint: null, addenda: [], shares: [], allowedActions: [] },
        },
      ]);
      const answers = [
        note,
        await room.records.clinicalNotes(actor, { patientId }, { size: 5 }),
        await room.records.ofPatients(actor, [patientId]).then((found) => [...found.values()]),
        await room.history.noteHistory(actor, noteId),
        await room.copies.notesCopy(actor, patientId),
      ];
      expect(JSON.stringify(answers)).not.toContain('hears');
      expect(JSON.stringify(answers)).not.toContain(fingerprint);
      expect(await room.copies.notesCopy(actor, patientId)).toContain('Psychology, signed by');
    }
    expect(await room.copies.notesCopy(psychologist, patientId)).toContain(SECRET);
  });

  it('is read by another psychologist, and that it was is written down', async () => {
    const section = await makePsychology();
    const other = await makeWriter(database, ['PSYCHOLOGY'], ['MDT_MEMBER']);
    const note = await room.records.clinicalNote(other, section.noteId);
    expect(note?.sections[0]?.content?.text).toBe(SECRET);
    const looks = await database.client.auditEntry.findMany({
      where: { subjectId: section.noteId, actorId: other.id },
    });
    expect(looks).toMatchObject([
      { action: 'clinical-note.viewed', after: { psychologySectionIds: [section.id] } },
    ]);
    // Who was a psychologist until yesterday is none today.
    const held = await database.client.staffDiscipline.findFirstOrThrow({ where: { staffId: other.id } });
    mustBe(
      await room.disciplines.endStaffDiscipline(ada, { id: held.id, on: '2026-03-02', reason: 'Left.' }),
    );
    expect((await room.records.clinicalNote(other, section.noteId))?.sections[0]?.isWithheld).toBe(true);
  });

  it('is shared by name with the patient’s agreement, and that can be ended', async () => {
    const section = await makePsychology();
    await expect(share(ada, section.id, colleague.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(codeOf(await share(psychologist, section.id, admin.id))).toBe('ReaderNotAllowed');
    expect(codeOf(await share(psychologist, section.id, randomUUID()))).toBe('ReaderNotAllowed');
    const all = await Promise.all(
      Array.from({ length: 50 }, () => share(psychologist, section.id, colleague.id)),
    );
    expect(all.map(codeOf).toSorted()).toEqual([
      ...Array.from({ length: 49 }, () => 'NoteAlreadyShared'),
      'done',
    ]);
    const read = async () => (await room.records.clinicalNote(colleague, section.noteId))?.sections[0];
    expect((await read())?.content?.text).toBe(SECRET);
    expect((await room.records.clinicalNote(ada, section.noteId))?.sections[0]?.isWithheld).toBe(true);
    // Whoever was let in does not let others in.
    await expect(share(colleague, section.id, ada.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [{ id: shareId } = { id: '' }] = (await read())?.shares ?? [];
    const end = () => room.shares.endNoteShare(psychologist, { shareId, reason: 'Treatment over.' });
    mustBe(await end());
    expect(codeOf(await end())).toBe('NoteShareEnded');
    expect((await read())?.isWithheld).toBe(true);
    mustBe(await share(psychologist, section.id, colleague.id));
    expect((await read())?.shares).toHaveLength(2);
    const written = await database.client.auditEntry.findMany({
      where: { subjectId: section.id, action: { contains: 'share' } },
      orderBy: { id: 'asc' },
    });
    expect(written.map(({ action }) => action)).toEqual(['note.shared', 'note.share-ended', 'note.shared']);
    expect(JSON.stringify(written.map(({ after }) => after))).not.toContain('exercises');
  });

  it('is added to only by those who read it; notes of other disciplines are not shared', async () => {
    const section = await makePsychology();
    await expect(addTo(ada, section, 'Not read.')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(mustBe(await addTo(psychologist, section, 'And more.')).addendaCount).toBe(1);
    const open = await makeLocked(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    expect(codeOf(await share(ada, open.id, colleague.id))).toBe('NoteNeedsNoSharing');
    const draft = await makeDraft(room, psychologist, { note: aNote(patientId) }, 'Unsigned.', 'PSYCHOLOGY');
    expect(codeOf(await share(psychologist, draft.id, colleague.id))).toBe('NoteNotSigned');
  });

  it('is not in the copy that the desk puts together, but that it is there is', async () => {
    await makePsychology();
    mustBe(await addTo(psychologist, await makePsychology(), 'And more that she hears.'));
    await makeLocked(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }, 'For everybody.'));
    await makeDraft(room, ada, { note: aNote(patientId) }, 'Not signed.');
    const access = new NoteAccessService(new SubjectAccess());
    const sections = await access.collect(database.client, patientId);
    expect(sections.map(({ name, records: rows }) => [name, rows.length])).toEqual([
      ['signed-notes', 1],
      ['note-addenda', 0],
      ['psychology-notes', 2],
      ['psychology-notes-shared', 0],
      ['notes-being-written', 1],
    ]);
    const copy = JSON.stringify(sections);
    expect(copy).toContain('For everybody.');
    expect(copy).not.toContain('hears');
    expect(copy).not.toContain('Not signed.');
  });
});

describe('notes as part of a record', () => {
  it('are kept as long as psychology is when a psychologist wrote', async () => {
    const factsOf = async () => (await retention.facts(database.client, [patientId])).get(patientId);
    expect(await factsOf()).toMatchObject({ lastContactOn: null, classes: [] });
    await makeSigned(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    const facts = await factsOf();
    expect([facts?.lastContactOn?.toString(), facts?.classes]).toEqual(['2026-03-02', []]);
    await makePsychology();
    expect((await factsOf())?.classes).toEqual(['PSYCHOLOGY']);
  });

  it('are shown with it up to a number, the last of them; the copy has every one', async () => {
    const draft = await makeDraft(room, ada, { note: aNote(patientId) }, 'First.');
    const first = await makeSigned(room, ada, draft);
    for (let count = 0; count < NOTES_OF_A_PATIENT_MAX; count += 1) {
      await makeDraft(room, ada, { note: aNote(patientId) });
    }
    const shown = (await room.records.ofPatients(ada, [patientId])).get(patientId) ?? [];
    expect(shown).toHaveLength(NOTES_OF_A_PATIENT_MAX);
    expect(shown.map(({ id }) => id)).not.toContain(first.noteId);
    expect(await room.copies.notesCopy(ada, patientId)).toContain('First.');
  });

  it('follow the patient when two records become one, and go back', async () => {
    const patients = patientRoomOn(database, clock);
    new PatientNotesMergeService(patients.followers);
    const into = await makePatient(patients.patients);
    const merged = await patients.patients.mustHavePatient(database.client, patientId);
    const section = await makeLocked(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    const merge = mustBe(
      await patients.merges.mergePatients(desk, {
        ...{ keepId: into.id, keepVersion: into.version, mergeId: merged.id, mergeVersion: merged.version },
        reason: 'One person, registered twice.',
      }),
    );
    expect(await room.records.clinicalNote(ada, section.noteId)).toMatchObject({ patientId: into.id });
    await expect(makeDraft(room, ada, { note: aNote(patientId) })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const since = await makeDraft(room, ada, { note: aNote(into.id) });
    clock.advance({ hours: 1 });
    mustBe(
      await patients.undoing.undoPatientMerge(desk, { mergeId: merge.id, reason: 'Two people after all.' }),
    );
    expect(await room.records.clinicalNote(ada, section.noteId)).toMatchObject({ patientId });
    expect(await room.records.clinicalNote(ada, since.noteId)).toMatchObject({ patientId: into.id });
  });

  it('go with the record when it is lawfully destroyed, and never before', async () => {
    const secret = await makePsychology();
    mustBe(await addTo(psychologist, secret, 'And more.'));
    mustBe(await share(psychologist, secret.id, colleague.id));
    await makeDraft(room, ada, { note: aNote(patientId) });
    const { noteId } = await makePsychology((await makePatient(room.patients)).id);
    await expect(database.transaction((tx) => retention.destroy(tx, desk, patientId))).rejects.toThrow();
    // Eight years are enough for a clinical record, and not for psychology.
    clock.set('2040-01-05T09:00:00Z');
    await records.destroyAll(['CLINICAL_RECORD']);
    expect(await database.client.clinicalNote.count({ where: { patientId } })).toBe(2);
    clock.set('2060-01-05T09:00:00Z');
    await database.client.patient.findUniqueOrThrow({ where: { id: patientId } });
    const run60 = await records.destroyAll(['CLINICAL_RECORD', 'PSYCHOLOGY']);
    expect(run60.status).toBe('COMPLETED');
    expect(await database.client.clinicalNote.count({ where: { patientId } })).toBe(0);
    expect(await database.client.noteShare.count({ where: { sectionId: secret.id } })).toBe(0);
    expect(await database.client.noteSection.count({ where: { noteId } })).toBe(0);
    const stub = await database.client.destructionStub.findFirstOrThrow({ where: { patientId } });
    expect(stub.parts).toEqual(
      expect.arrayContaining([
        { what: 'clinical notes', count: 2, identifiers: [] },
        { what: 'sections of notes', count: 2, identifiers: [] },
        { what: 'signed texts of notes', count: 1, identifiers: [] },
        { what: 'shares of notes', count: 1, identifiers: [] },
      ]),
    );
    clock.set(NOW);
  });
});
