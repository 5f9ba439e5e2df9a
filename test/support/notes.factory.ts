import { randomBytes, randomUUID } from 'node:crypto';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DisciplineService } from '../../src/clinic/auth/discipline.service.js';
import { SecondFactorService } from '../../src/clinic/auth/second-factor.service.js';
import { SigningService } from '../../src/clinic/auth/signing.service.js';
import { NoteService } from '../../src/clinic/notes/note.service.js';
import type { NoteSection } from '../../src/clinic/notes/note.type.js';
import { NoteAddendumService } from '../../src/clinic/notes/note-addendum.service.js';
import { NoteCases } from '../../src/clinic/notes/note-cases.service.js';
import type { NoteContentInput } from '../../src/clinic/notes/note-content.type.js';
import { NoteCopyService } from '../../src/clinic/notes/note-copy.service.js';
import { NoteDraftService } from '../../src/clinic/notes/note-draft.service.js';
import type { KeepNoteDraftInput, NewNoteInput } from '../../src/clinic/notes/note-entry.type.js';
import { NoteHistoryService } from '../../src/clinic/notes/note-history.service.js';
import { NoteLockService } from '../../src/clinic/notes/note-lock.service.js';
import { NoteOpeningService } from '../../src/clinic/notes/note-opening.service.js';
import { NotePolicyService } from '../../src/clinic/notes/note-policy.service.js';
import { NoteReaderService } from '../../src/clinic/notes/note-reader.service.js';
import { NoteRecordService } from '../../src/clinic/notes/note-record.service.js';
import { NoteSealService } from '../../src/clinic/notes/note-seal.service.js';
import { NoteShareService } from '../../src/clinic/notes/note-share.service.js';
import { NoteSigningService } from '../../src/clinic/notes/note-signing.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Discipline, Role } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { KeyRing } from '../../src/platform/storage/index.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import type { FixedClock } from './fixed-clock.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';

const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));

/** The whole of the room's own services, built by hand on a test's database. */
export function notesOn(database: Database, clock: FixedClock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const patients = patientServiceOn(database, clock);
  const master = randomBytes(32);
  const keys = new KeyRing(() => [{ name: 'test', bytes: master }]);
  const signatures = new SigningService(database, clock, config, audit, keys);
  const disciplines = new DisciplineService(database, clock, config, audit);
  const cases = new NoteCases();
  const readers = new NoteReaderService(clock, config, disciplines);
  const records = new NoteRecordService(database, audit, readers);
  const policies = new NotePolicyService(database, clock, config, audit);
  const opening = new NoteOpeningService(clock, config, patients, cases, readers);
  const drafts = new NoteDraftService(database, clock, audit, records, opening);
  const locks = new NoteLockService(database, clock, outbox, audit, records);
  const seals = new NoteSealService(clock, config, audit, policies, readers, locks);
  return {
    ...{ database, clock, patients, disciplines, cases, records, policies, drafts, locks },
    factors: new SecondFactorService(database, clock, config, audit, keys, signatures),
    signing: new NoteSigningService(database, signatures, records, drafts, readers, seals),
    addenda: new NoteAddendumService(database, clock, audit, signatures, readers, records),
    shares: new NoteShareService(database, clock, config, audit, readers, records),
    history: new NoteHistoryService(database, audit, readers),
    copies: new NoteCopyService(database, audit, patients, records),
    notes: new NoteService(records),
  };
}

export type NotesRoom = ReturnType<typeof notesOn>;

/** A member of staff with an account, who practises in these disciplines. */
export async function makeWriter(
  database: Database,
  disciplines: readonly Discipline[] = ['PAIN_MEDICINE'],
  roles: readonly Role[] = ['CLINICIAN'],
): Promise<StaffActor> {
  const { id } = await database.client.staffAccount.create({
    data: {
      email: `${randomUUID()}@clinic.example`,
      displayName: 'Dr Ada Reed',
      roles: [...roles],
      passwordHash: 'none',
      createdAt: SINCE,
    },
  });
  await database.client.staffDiscipline.createMany({
    data: disciplines.map((discipline) => ({
      ...{ staffId: id, discipline, effectiveFrom: SINCE, recordedAt: SINCE, recordedById: id },
    })),
  });
  return aStaffActor(id);
}

export function aText(text: string, items: NoteContentInput['items'] = []): NoteContentInput {
  return { text, items };
}

export function aNote(patientId: string, parts: Partial<NewNoteInput> = {}): NewNoteInput {
  return { patientId, kind: 'CONSULTATION', ...parts };
}

/** Not refused; throws else. */
export function mustBe<One extends object>(
  result: One,
): Exclude<One, { readonly code: string; readonly message: string }> {
  if (isRefusal(result)) throw new Error(`refused: ${result.code}: ${result.message}`);
  return result as Exclude<One, { readonly code: string; readonly message: string }>;
}

/** A draft in a new note; throws when that is refused. */
export async function makeDraft(
  room: NotesRoom,
  actor: StaffActor,
  where: Pick<KeepNoteDraftInput, 'note' | 'noteId'>,
  text = 'Better since the block.',
  discipline: Discipline = 'PAIN_MEDICINE',
): Promise<NoteSection> {
  const input = { ...where, discipline, baseVersion: 0, content: aText(text) };
  return mustBe(await room.drafts.keepNoteDraft(actor, input, null));
}

/** The draft of a section as its author has read it, signed; throws when that is refused. */
export async function makeSigned(
  room: NotesRoom,
  actor: StaffActor,
  { id, draft }: NoteSection,
): Promise<NoteSection> {
  if (draft === null) throw new Error('there is no draft');
  const { version, fingerprint } = draft;
  return mustBe(await room.signing.signNote(actor, { sectionId: id, version, fingerprint }));
}

/** A signed section that is locked. */
export async function makeLocked(
  room: NotesRoom,
  actor: StaffActor,
  draft: NoteSection,
): Promise<NoteSection> {
  const { id } = await makeSigned(room, actor, draft);
  return mustBe(await room.locks.lockNote(actor, id));
}
