import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Discipline, RecordClass } from '../../platform/database/generated/enums.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** What notes mean for how long a patient's record is kept: with a word of psychology in it, as long as psychology is. */
@Injectable()
export class NoteRetentionService implements PatientRecordPart {
  readonly room = 'notes';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.noteSection.findMany({
      where: { note: { patientId: { in: [...patientIds] } } },
      select: {
        ...{ discipline: true, signedAt: true, changedAt: true },
        note: { select: { patientId: true } },
        addenda: { select: { discipline: true, signedAt: true } },
      },
    });
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ note }) => note.patientId === id);
        const parts = own.flatMap((section) => [section, ...section.addenda]);
        const days = own.flatMap(({ signedAt, changedAt, addenda }) => [
          this.#day(signedAt ?? changedAt),
          ...addenda.map((added) => this.#day(added.signedAt)),
        ]);
        const isPsychology = parts.some(({ discipline }) => discipline === Discipline.PSYCHOLOGY);
        return [
          id,
          {
            lastContactOn: days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null,
            treatmentEndedOn: null,
            classes: isPsychology ? [RecordClass.PSYCHOLOGY] : [],
            keptBecause: null,
          },
        ];
      }),
    );
  }

  /** Only ever added to: the database lets go of it under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const ofThem = { section: { note: { patientId } } };
    const shares = await tx.noteShare.deleteMany({ where: ofThem });
    const addenda = await tx.noteAddendum.deleteMany({ where: ofThem });
    const signatures = await tx.noteSignature.deleteMany({ where: ofThem });
    const drafts = await tx.noteDraftVersion.deleteMany({ where: ofThem });
    const sections = await tx.noteSection.deleteMany({ where: { note: { patientId } } });
    const notes = await tx.clinicalNote.deleteMany({ where: { patientId } });
    return [
      { what: 'clinical notes', count: notes.count },
      { what: 'sections of notes', count: sections.count },
      { what: 'drafts of notes', count: drafts.count },
      { what: 'signed texts of notes', count: signatures.count },
      { what: 'addenda of notes', count: addenda.count },
      { what: 'shares of notes', count: shares.count },
    ].filter(({ count }) => count > 0);
  }

  #day(date: Date): Temporal.PlainDate {
    return localDate(instantFromDate(date), this.config.clinicTimeZone);
  }
}
