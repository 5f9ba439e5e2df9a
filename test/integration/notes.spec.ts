import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { NoteJobs } from '../../src/clinic/notes/note.jobs.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Discipline } from '../../src/platform/database/generated/enums.js';
import { HandleLater, OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { codeAt } from '../../src/platform/totp/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aNote,
  aText,
  makeDraft,
  makeSigned,
  makeWriter,
  mustBe,
  type NotesRoom,
  notesOn,
} from '../support/notes.factory.js';
import { makePatient } from '../support/patients.factory.js';

// Notes: several authors at once, nothing lost, and what is signed stays as it was signed.

const NOW = '2026-03-02T12:00:00Z'; // a Monday
const AT_ONCE = 50;
const PAGE = { size: 25 };
const clock = new FixedClock(NOW);
const handlers = new OutboxHandlers();
let home: TestDatabase;
let database: Database;
let room: NotesRoom;
let ada: StaffActor;
let ben: StaffActor;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = notesOn(database, clock);
  new NoteJobs(handlers, room.locks);
  ada = await makeWriter(database);
  ben = await makeWriter(database, ['PHYSIOTHERAPY'], ['MDT_MEMBER']);
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
const keep = (actor: StaffActor, sectionId: string, baseVersion: number, text: string) =>
  room.drafts.keepNoteDraft(actor, { sectionId, baseVersion, content: aText(text) }, null);
const begin = (actor: StaffActor, text: string, openingKey: string | null) =>
  room.drafts.keepNoteDraft(
    actor,
    { note: aNote(patientId), discipline: 'PAIN_MEDICINE', baseVersion: 0, content: aText(text) },
    openingKey,
  );
const auditOf = (subjectId: string) =>
  database.client.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } });
const textsOf = async (actor: StaffActor, sectionId: string) =>
  (await room.records.noteDraftVersions(actor, sectionId)).map(({ content }) => content.text);
/** RFC 4648 base32, as an app reads it from the address that was shown. */
function secretOf(uri: string): Uint8Array {
  const text = new URL(uri).searchParams.get('secret') ?? '';
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
  const binary = bits.map((value) => value.toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(binary.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
async function traces() {
  const { client } = database;
  return Promise.all([
    client.clinicalNote.count(),
    client.noteSection.findMany({ orderBy: { id: 'asc' } }),
    client.noteDraftVersion.count(),
    client.noteSignature.count(),
    client.noteAddendum.count(),
    client.noteShare.count(),
    client.outboxMessage.count(),
    client.auditEntry.count(),
  ]);
}

describe('a draft', () => {
  it('is kept version by version, for its author alone; others see that somebody writes', async () => {
    const first = await makeDraft(room, ada, { note: aNote(patientId) }, 'Worse **since** May.');
    expect(first).toMatchObject({
      ...{ patientId, authorId: ada.id, status: 'DRAFT', content: null, isWithheld: false },
      draft: { version: 1, content: { html: '<p>Worse <strong>since</strong> May.</p>' }, problems: [] },
      allowedActions: ['keep', 'sign', 'discard'],
    });
    clock.advance({ minutes: 5 });
    const second = mustBe(await keep(ada, first.id, 1, ''));
    expect(second.draft).toMatchObject({ version: 2, problems: ['Write something, or enter an item.'] });
    const others = await room.records.clinicalNote(ben, first.noteId);
    expect(others).toMatchObject({
      status: 'DRAFT',
      sections: [{ authorId: ada.id, draft: null, content: null, allowedActions: [] }],
    });
    expect(JSON.stringify(others)).not.toContain('May');
    await expect(room.records.noteDraftVersions(ben, first.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await textsOf(ada, first.id)).toEqual(['Worse **since** May.', '']);
    const written = await auditOf(first.id);
    expect(written.map(({ action }) => action)).toEqual([
      'note-draft.begun',
      'note-draft.kept',
      'note-draft-versions.viewed',
    ]);
    expect(JSON.stringify(written.map(({ after }) => after))).not.toContain('May');
  });

  it('of two windows is lost in neither: the second is shown three texts, and its own is kept beside', async () => {
    const { id } = await makeDraft(room, ada, { note: aNote(patientId) }, 'Both.');
    mustBe(await keep(ada, id, 1, 'Both, and the first window.'));
    const refused = await keep(ada, id, 1, 'Both, and the second window.');
    expect(refused).toMatchObject({
      ...{ code: 'NoteConflict', sectionId: id, keptVersion: 2, yoursKeptAs: 3 },
      kept: { text: 'Both, and the first window.' },
      base: { text: 'Both.' },
      yours: { text: 'Both, and the second window.' },
    });
    // Sent again after a lost answer it is the same again, and not one version more.
    expect(await keep(ada, id, 1, 'Both, and the second window.')).toMatchObject({ yoursKeptAs: 3 });
    expect(mustBe(await keep(ada, id, 2, 'Both, first and second.')).draft?.version).toBe(4);
    expect(await textsOf(ada, id)).toHaveLength(4);
    expect(await room.records.noteDraftVersions(ada, id)).toMatchObject([
      { number: 1, isAside: false },
      { number: 2, isAside: false },
      { number: 3, isAside: true, baseNumber: 1 },
      { number: 4, isAside: false, isStanding: true, baseNumber: 2 },
    ]);
  });

  it('of fifty windows at once is kept once, and every one of the others beside it', async () => {
    const { id } = await makeDraft(room, ada, { note: aNote(patientId) }, 'Before.');
    const all = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => keep(ada, id, 1, `Window ${n}.`)),
    );
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(all.map(codeOf).filter((code) => code === 'NoteConflict')).toHaveLength(AT_ONCE - 1);
    const texts = await textsOf(ada, id);
    for (let n = 0; n < AT_ONCE; n += 1) expect(texts).toContain(`Window ${n}.`);
  });

  it('that is sent again with its key, also at once, is one note; the key is of no other', async () => {
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: AT_ONCE }, () => begin(ada, 'The same words.', key)));
    expect(new Set(all.map((one) => mustBe(one).id)).size).toBe(1);
    expect(await database.client.clinicalNote.count({ where: { patientId } })).toBe(1);
    const note = aNote(patientId, { kind: 'TELEPHONE' });
    const input = { note, discipline: Discipline.PAIN_MEDICINE, baseVersion: 0, content: aText('Other.') };
    expect(await room.drafts.keepNoteDraft(ada, input, key)).toMatchObject({ code: 'NoteKeyReused' });
    expect(
      mustBe(await room.drafts.keepNoteDraft(ben, { ...input, discipline: 'PHYSIOTHERAPY' }, key)).id,
    ).toEqual(expect.any(String));
  });

  it('is written as what its author practises, about somebody who is there, where it fits', async () => {
    const before = await traces();
    const input = { note: aNote(patientId), baseVersion: 0, content: aText('Words.') };
    expect(await room.drafts.keepNoteDraft(ada, { ...input, discipline: 'PSYCHOLOGY' }, null)).toMatchObject({
      code: 'DisciplineNotHeld',
      held: ['PAIN_MEDICINE'],
    });
    const bad = (parts: object) =>
      room.drafts.keepNoteDraft(ada, { ...input, discipline: 'PAIN_MEDICINE', ...parts }, null);
    const faults = [
      [{ note: aNote(randomUUID()) }, 'NOT_FOUND'],
      [{ note: null, noteId: randomUUID() }, 'NOT_FOUND'],
      [{ note: null, sectionId: randomUUID() }, 'NOT_FOUND'],
      [{ note: aNote(patientId, { referralId: randomUUID() }) }, 'NOT_FOUND'],
      [{ note: aNote(patientId, { kind: 'MEETING', meetingCaseId: randomUUID() }) }, 'NOT_FOUND'],
      [{ note: aNote(patientId, { meetingCaseId: randomUUID() }) }, 'BAD_INPUT'],
      [{ note: aNote(patientId, { happenedOn: '2026-03-03' }) }, 'BAD_INPUT'],
      [{ discipline: null }, 'BAD_INPUT'],
      [{ baseVersion: 3 }, 'BAD_INPUT'],
      [{ noteId: randomUUID() }, 'BAD_INPUT'],
      [{ note: null }, 'BAD_INPUT'],
    ] as const;
    for (const [parts, code] of faults) await expect(bad(parts)).rejects.toMatchObject({ code });
    expect(await traces()).toEqual(before);
  });

  it('is put away by its author, stays theirs to read, and what comes after is kept too', async () => {
    const { id, noteId } = await makeDraft(room, ada, { note: aNote(patientId) }, 'The wrong patient.');
    expect(codeOf(await room.drafts.discardNoteDraft(ben, id, 1))).toBe('NotTheAuthor');
    expect(codeOf(await room.drafts.discardNoteDraft(ada, id, 2))).toBe('NoteConflict');
    expect(mustBe(await room.drafts.discardNoteDraft(ada, id, 1)).status).toBe('DISCARDED');
    expect(await room.records.clinicalNote(ben, noteId)).toBeNull();
    expect((await room.records.clinicalNotes(ben, { patientId }, PAGE)).items).toEqual([]);
    expect(await keep(ada, id, 1, 'Still typing.')).toMatchObject({
      ...{ code: 'NoteDraftDiscarded', yours: { text: 'Still typing.' }, yoursKeptAs: 2 },
    });
    expect(await textsOf(ada, id)).toEqual(['The wrong patient.', 'Still typing.']);
    const again = await makeDraft(room, ada, { noteId }, 'Begun again.');
    expect(again.id).not.toBe(id);
    expect((await room.records.myNoteDrafts(ada, PAGE)).items.map((one) => one.id)).toContain(again.id);
  });
});

describe('twenty authors at once', () => {
  it('write in one note of a case, each in a section of their own, and lose no word', async () => {
    const meetingCaseId = randomUUID();
    room.cases.register({ noteCase: async () => ({ patientId, referralId: null }) });
    const disciplines = Object.values(Discipline);
    const authors = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        makeWriter(database, [disciplines[n % disciplines.length] ?? 'OTHER'], ['MDT_MEMBER']),
      ),
    );
    const note = aNote(patientId, { kind: 'MEETING', meetingCaseId });
    const sections = await Promise.all(
      authors.map((author, n) =>
        makeDraft(room, author, { note }, `From ${n}: `, disciplines[n % disciplines.length]),
      ),
    );
    expect(new Set(sections.map(({ noteId }) => noteId)).size).toBe(1);
    for (let round = 1; round <= 5; round += 1) {
      const kept = await Promise.all(
        sections.map(({ id }, n) => {
          const author = authors[n];
          if (author === undefined) throw new Error('no author');
          return keep(author, id, round, `From ${n}: ${'word '.repeat(round)}`);
        }),
      );
      expect(new Set(kept.map(codeOf))).toEqual(new Set(['done']));
    }
    const signed = await Promise.all(
      sections.map(async ({ id }, n) => {
        const author = authors[n];
        if (author === undefined) throw new Error('no author');
        const [draft] = (await room.records.myNoteDrafts(author, PAGE)).items;
        if (draft === undefined) throw new Error('no draft');
        expect(draft.id).toBe(id);
        return makeSigned(room, author, draft);
      }),
    );
    expect(signed.map(({ content }) => content?.text)).toEqual(
      sections.map((_, n) => `From ${n}: ${'word '.repeat(5)}`),
    );
    const seen = await database.transaction((tx) => room.notes.notesOfCase(tx, meetingCaseId, ada));
    expect(seen).toHaveLength(1);
    expect(seen[0]?.sections).toHaveLength(20);
    // Of the psychologists' a colleague sees that they are there.
    expect(seen[0]?.sections.filter(({ isWithheld }) => isWithheld).map((one) => one.discipline)).toEqual(
      signed.filter((one) => one.discipline === 'PSYCHOLOGY').map((one) => one.discipline),
    );
  });
});

describe('a signature', () => {
  it('is of whoever is signed in, on the version and words that they have read', async () => {
    const draft = await makeDraft(room, ada, { note: aNote(patientId) }, 'Signed words.');
    const fingerprint = draft.draft?.fingerprint ?? '';
    const sign = (actor: StaffActor, parts = {}) =>
      room.signing.signNote(actor, { sectionId: draft.id, version: 1, fingerprint, ...parts });
    const before = await traces();
    expect(codeOf(await sign(ben))).toBe('NotTheAuthor');
    expect(codeOf(await sign(ada, { fingerprint: '0'.repeat(64) }))).toBe('NoteNotAsSeen');
    expect(await sign(ada, { version: 2 })).toMatchObject({ code: 'NoteConflict', keptVersion: 1 });
    expect(await traces()).toEqual(before);
    const signed = mustBe(await sign(ada));
    expect(signed).toMatchObject({
      ...{ status: 'SIGNED', signedByName: 'Dr Ada Reed', fingerprint, draft: null, signedAt: clock.now() },
      content: { text: 'Signed words.' },
      locksAt: Temporal.Instant.from('2026-03-03T12:00:00Z'),
      allowedActions: ['lock'],
    });
    expect(await room.records.clinicalNote(ben, draft.noteId)).toMatchObject({
      ...{ status: 'SIGNED', sections: [{ content: { text: 'Signed words.' } }] },
    });
    expect(await room.history.noteHistory(ben, draft.noteId)).toMatchObject([
      { event: 'BEGUN', staffId: ada.id },
      { event: 'SIGNED', staffId: ada.id, number: 1, fingerprint },
    ]);
  });

  it('of fifty at once is one; whoever types meanwhile loses nothing and changes nothing', async () => {
    const draft = await makeDraft(room, ada, { note: aNote(patientId) }, 'As read.');
    const input = { sectionId: draft.id, version: 1, fingerprint: draft.draft?.fingerprint ?? '' };
    const all = await Promise.all([
      ...Array.from({ length: AT_ONCE }, () => room.signing.signNote(ada, input)),
      ...Array.from({ length: 5 }, (_, n) => keep(ada, draft.id, 1, `Typed meanwhile ${n}.`)),
    ]);
    const signatures = await database.client.noteSignature.findMany({ where: { sectionId: draft.id } });
    const texts = await textsOf(ada, draft.id);
    for (let n = 0; n < 5; n += 1) expect(texts).toContain(`Typed meanwhile ${n}.`);
    // Either the signature came first, or a window did; then nothing is signed, because nobody has read what stands.
    if (signatures.length === 0) expect(all.slice(0, AT_ONCE).map(codeOf)).not.toContain('done');
    else expect(signatures).toMatchObject([{ text: 'As read.', draftNumber: 1 }]);
    expect(all.slice(0, AT_ONCE).filter((one) => codeOf(one) === 'done')).toHaveLength(signatures.length);
  });

  it('takes the discipline on its day, and the second factor of whoever has one', async () => {
    const author = await makeWriter(database);
    const draft = await makeDraft(room, author, { note: aNote(patientId) });
    const input = { sectionId: draft.id, version: 1, fingerprint: draft.draft?.fingerprint ?? '' };
    const { uri } = mustBe(await room.factors.beginSecondFactor(author));
    const secret = secretOf(uri);
    mustBe(await room.factors.confirmSecondFactor(author, codeAt(secret, clock.now())));
    clock.advance({ minutes: 2 });
    expect(codeOf(await room.signing.signNote(author, input))).toBe('SecondFactorWanted');
    const wrong = await room.signing.signNote(author, { ...input, secondFactorCode: '000000' });
    expect(codeOf(wrong)).toBe('SecondFactorWrong');
    const held = await database.client.staffDiscipline.findFirstOrThrow({ where: { staffId: author.id } });
    mustBe(
      await room.disciplines.endStaffDiscipline(ada, { id: held.id, on: '2026-03-02', reason: 'Left.' }),
    );
    const code = codeAt(secret, clock.now());
    expect(codeOf(await room.signing.signNote(author, { ...input, secondFactorCode: code }))).toBe(
      'DisciplineNotHeld',
    );
    mustBe(
      await room.disciplines.recordStaffDiscipline(ada, {
        ...{ staffId: author.id, discipline: 'PAIN_MEDICINE', effectiveFrom: '2026-03-02' },
      }),
    );
    // The code was not used up by what was refused for another reason.
    expect(mustBe(await room.signing.signNote(author, { ...input, secondFactorCode: code })).status).toBe(
      'SIGNED',
    );
  });

  it('is followed by a lock, of its author or of the clock, once', async () => {
    const first = await makeSigned(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    expect(codeOf(await room.locks.lockNote(ben, first.id))).toBe('NotTheAuthor');
    const all = await Promise.all(Array.from({ length: AT_ONCE }, () => room.locks.lockNote(ada, first.id)));
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(await database.client.outboxMessage.count({ where: { subjectId: first.id } })).toBe(0);
    const second = await makeSigned(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    const pass = () =>
      handlers
        .handlerOf('note.lock-due')
        ?.handle({ id: randomUUID(), topic: 'note.lock-due', subjectId: second.id, version: 0 });
    await expect(pass()).rejects.toBeInstanceOf(HandleLater);
    clock.advance({ hours: 24 });
    await pass();
    await pass();
    const note = await room.records.clinicalNote(ben, second.noteId);
    expect(note?.sections).toMatchObject([
      { status: 'LOCKED', lockedAt: clock.now(), lockedById: null, allowedActions: ['add'] },
    ]);
    const locked = (await auditOf(second.id)).filter(({ action }) => action === 'note.locked');
    expect(locked).toMatchObject([{ actorKind: 'SYSTEM', actorLabel: 'note.lock-due' }]);
  });

  it('keeps its own hours when the policy changes, which is never rewritten', async () => {
    const input = { lockAfterHours: 2, effectiveFrom: '2026-03-03', source: 'The clinic’s own.' };
    expect(mustBe(await room.policies.setNotePolicy(ada, input)).lockAfterHours).toBe(2);
    expect(codeOf(await room.policies.setNotePolicy(ada, input))).toBe('NotePolicyAlreadySet');
    expect(codeOf(await room.policies.setNotePolicy(ada, { ...input, effectiveFrom: '2026-03-01' }))).toBe(
      'NotePolicyInThePast',
    );
    const today = await makeSigned(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    expect(today.locksAt).toEqual(clock.now().add({ hours: 24 }));
    clock.advance({ hours: 24 });
    const tomorrow = await makeSigned(room, ada, await makeDraft(room, ada, { note: aNote(patientId) }));
    expect(tomorrow.locksAt).toEqual(clock.now().add({ hours: 2 }));
  });
});

describe('an addendum', () => {
  it('is added to what is locked, by whoever has read it, once for each number', async () => {
    const draft = await makeDraft(room, ada, { note: aNote(patientId) });
    const add = (actor: StaffActor, parts = {}) =>
      room.addenda.addNoteAddendum(actor, {
        ...{ sectionId: draft.id, kind: 'ADDITION', discipline: 'PHYSIOTHERAPY', addendaSeen: 0 },
        ...{ text: 'And he walks.', ...parts },
      });
    await expect(add(ben)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await makeSigned(room, ada, draft);
    expect(codeOf(await add(ben))).toBe('NoteNotLocked');
    mustBe(await room.locks.lockNote(ada, draft.id));
    expect(codeOf(await add(ben, { discipline: 'NURSING' }))).toBe('DisciplineNotHeld');
    expect(codeOf(await add(ben, { kind: 'ENTERED_IN_ERROR' }))).toBe('NotTheAuthor');
    expect(mustBe(await add(ben)).addenda).toMatchObject([
      { number: 1, kind: 'ADDITION', signedById: ben.id, html: '<p>And he walks.</p>' },
    ]);
    // Sent again it is there already; something else has to be added to what there is now.
    expect(mustBe(await add(ben)).addendaCount).toBe(1);
    expect(codeOf(await add(ben, { text: 'Something else.' }))).toBe('NoteChangedMeanwhile');
    const all = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => add(ben, { addendaSeen: 1, text: `At once ${n}.` })),
    );
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    const error = { kind: 'ENTERED_IN_ERROR', discipline: 'PAIN_MEDICINE', addendaSeen: 2 };
    expect(mustBe(await add(ada, error))).toMatchObject({ isInError: true, addendaCount: 3 });
    expect(codeOf(await add(ada, { ...error, addendaSeen: 3 }))).toBe('AlreadyEnteredInError');
  });
});
