import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ClinicalNote as NoteRow } from '../../platform/database/generated/client.js';
import { type Discipline, NoteKind, NoteSectionStatus } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, notFound, type Refusal } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { NoteKeyReused } from './note.refusals.js';
import { canWriteAs } from './note.rules.js';
import { NoteCases } from './note-cases.service.js';
import type { NewNoteInput } from './note-entry.type.js';
import { NoteReaderService } from './note-reader.service.js';

/** Printable ASCII, as a header carries it. A UUID is a good one. */
const KEY = /^[\x21-\x7e]{1,200}$/;

/** Where somebody is about to write. */
export type WantedNote =
  | { readonly noteId: string }
  | { readonly note: NewNoteInput; readonly openingKey: string | null };

/** Notes and sections as they are begun: twice at once, or again after a lost answer, is once. */
@Injectable()
export class NoteOpeningService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'mustHavePatient'>,
    @Inject(NoteCases) private readonly cases: NoteCases,
    @Inject(NoteReaderService) private readonly readers: NoteReaderService,
  ) {}

  /** The id of whoever's section it is in that discipline, begun when there is none. Throws NOT_FOUND, BAD_INPUT. */
  async section(
    tx: Tx,
    actor: StaffActor,
    wanted: WantedNote,
    discipline: Discipline,
  ): Promise<string | Refusal> {
    const refusal = canWriteAs(discipline, await this.readers.disciplinesToday(tx, actor.id));
    if (refusal !== null) return refusal;
    const note =
      'noteId' in wanted ? await this.#known(tx, wanted.noteId) : await this.#begun(tx, actor, wanted);
    if (isRefusal(note)) return note;
    const of = { noteId: note.id, authorId: actor.id, discipline };
    const now = dateFromInstant(this.clock.now());
    // Of two windows at once one begins it; the other waits, and then writes in the same one.
    await tx.noteSection.createMany({
      data: [{ ...of, begunAt: now, changedAt: now }],
      skipDuplicates: true,
    });
    const { id } = await tx.noteSection.findFirstOrThrow({
      where: { ...of, status: { not: NoteSectionStatus.DISCARDED } },
      select: { id: true },
    });
    return id;
  }

  async #known(tx: Tx, noteId: string): Promise<NoteRow> {
    const note = await tx.clinicalNote.findUnique({ where: { id: noteId } });
    if (note === null) throw notFound('note');
    await this.patients.mustHavePatient(tx, note.patientId);
    return note;
  }

  async #begun(
    tx: Tx,
    actor: StaffActor,
    { note, openingKey }: { readonly note: NewNoteInput; readonly openingKey: string | null },
  ): Promise<NoteRow | Refusal> {
    if (openingKey !== null && !KEY.test(openingKey)) {
      throw badInput(
        'Idempotency-Key: must be 1 to 200 printable ASCII characters without spaces, such as a UUID.',
      );
    }
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const happenedOn = note.happenedOn ? Temporal.PlainDate.from(note.happenedOn) : today;
    if (Temporal.PlainDate.compare(happenedOn, today) > 0) {
      throw badInput('note.happenedOn: must not lie in the future.');
    }
    await this.#mustFit(tx, note);
    const wanted = {
      ...{ id: newId(), patientId: note.patientId, referralId: note.referralId ?? null, kind: note.kind },
      ...{ meetingCaseId: note.meetingCaseId ?? null, happenedOn: dateFromPlainDate(happenedOn) },
      ...{ begunAt: dateFromInstant(now), begunById: actor.id, openingKey },
    };
    await tx.clinicalNote.createMany({ data: [wanted], skipDuplicates: true });
    const begun = await this.#found(tx, wanted);
    return isSameNote(begun, wanted, Boolean(note.happenedOn)) ? begun : new NoteKeyReused();
  }

  /** The one that was just begun, or that was there under the same key or of the same case. */
  async #found(tx: Tx, wanted: Wanted): Promise<NoteRow> {
    const { id, meetingCaseId, begunById, openingKey } = wanted;
    return tx.clinicalNote.findFirstOrThrow({
      where: {
        OR: [
          { id },
          ...(openingKey === null ? [] : [{ begunById, openingKey }]),
          ...(meetingCaseId === null ? [] : [{ meetingCaseId }]),
        ],
      },
      orderBy: { id: 'asc' },
    });
  }

  /** A referral, and a case, is of the patient; and what is about a case is written at a meeting. */
  async #mustFit(tx: Tx, { patientId, referralId, kind, meetingCaseId }: NewNoteInput): Promise<void> {
    await this.patients.mustHavePatient(tx, patientId);
    if (referralId) {
      const referral = await tx.referral.findUnique({
        where: { id: referralId },
        select: { patientId: true },
      });
      if (referral === null) throw notFound('referral');
      if (referral.patientId !== patientId)
        throw badInput('note.referralId: is a referral of somebody else.');
    }
    if (!meetingCaseId) return;
    if (kind !== NoteKind.MEETING) throw badInput('note.meetingCaseId: only a note of kind MEETING has one.');
    const found = await this.cases.mustBe(tx, meetingCaseId);
    if (found.patientId !== patientId) throw badInput('note.meetingCaseId: is a case about somebody else.');
  }
}

interface Wanted {
  readonly id: string;
  readonly patientId: string;
  readonly referralId: string | null;
  readonly kind: NoteKind;
  readonly meetingCaseId: string | null;
  readonly happenedOn: Date;
  readonly begunById: string;
  readonly openingKey: string | null;
}

/** What was there is what is wanted. Of a case there is one note, whoever began it and on whichever day. */
function isSameNote(there: NoteRow, wanted: Wanted, saysDay: boolean): boolean {
  if (there.patientId !== wanted.patientId || there.kind !== wanted.kind) return false;
  if (there.meetingCaseId !== wanted.meetingCaseId) return false;
  if (wanted.meetingCaseId !== null) return true;
  const day = (date: Date) => plainDateFromDate(date).toString();
  const isSameDay = !saysDay || day(there.happenedOn) === day(wanted.happenedOn);
  return there.referralId === wanted.referralId && isSameDay;
}
