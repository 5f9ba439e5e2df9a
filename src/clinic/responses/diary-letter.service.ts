import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DiaryEntryStatus } from '../../platform/database/generated/enums.js';
import { Clock, instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { DiaryLetterPatient, DiaryPointMatter } from './diary-letter.type.js';

const WHOLE = {
  diary: {
    select: {
      finishedAt: true,
      treatment: {
        select: {
          patientId: true,
          patient: { include: { death: { select: { patientId: true } } } },
        },
      },
    },
  },
} as const satisfies Prisma.DiaryEntryInclude;
type PatientRow = Prisma.DiaryEntryGetPayload<{
  include: typeof WHOLE;
}>['diary']['treatment']['patient'];

/** What patients are asked between two visits, as it stands when it is written. */
@Injectable()
export class DiaryLetterService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** What the patient is asked at a point; null once there is a figure, or nobody is asked any more. */
  async matter(tx: Tx, entryId: string, version: number): Promise<DiaryPointMatter | null> {
    const entry = await tx.diaryEntry.findUnique({ where: { id: entryId }, include: WHOLE });
    if (entry === null || entry.status !== DiaryEntryStatus.DUE || entry.remindersCount !== version)
      return null;
    const { finishedAt, treatment } = entry.diary;
    const until = instantFromDate(entry.windowUntil);
    const isOver = Temporal.Instant.compare(until, this.clock.now()) < 0;
    return {
      ...{ treatmentId: entry.treatmentId, patientId: treatment.patientId },
      patient: toLetterPatient(treatment.patient),
      hasDied: treatment.patient.death !== null,
      treatedOn: this.#day(instantFromDate(finishedAt)),
      answerBy: isOver ? null : this.#day(until),
      postTo: linesOf(treatment.patient),
    };
  }

  #day(moment: Temporal.Instant): Temporal.PlainDate {
    return localDate(moment, this.config.clinicTimeZone);
  }
}

function toLetterPatient(row: PatientRow): DiaryLetterPatient {
  const { familyName, givenName, namePrefix, email, contactPreference } = row;
  return { familyName, givenName, namePrefix, email, contactPreference };
}

function linesOf({ addressLines, postcode }: PatientRow): readonly string[] {
  return postcode === null ? addressLines : [...addressLines, postcode];
}
