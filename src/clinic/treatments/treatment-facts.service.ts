import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import {
  OutcomeInstrument,
  type TreatmentKind,
  TreatmentStatus,
} from '../../platform/database/generated/enums.js';
import { localDate, Temporal } from '../../platform/time/index.js';
import { OutcomeService } from '../outcomes/outcome.service.js';
import { SteroidDoseService } from './steroid-dose.service.js';
import type { Treatment } from './treatment.type.js';
import type { BlockFacts, DoneFacts, EligibilityFacts } from './treatment-eligibility.rules.js';
import { type BlockResponse, type TreatedPlace, TreatmentEvidence } from './treatment-evidence.service.js';
import { TreatmentRecordService } from './treatment-record.service.js';

/** A figure that is older says nothing of the pain now. Recalled, to be confirmed by the clinic. */
const PAIN_AGE_MAX_DAYS = 365;

/** For so long after a treatment a figure may be the anaesthetic's. Recalled, to be confirmed by the clinic. */
const NUMB_HOURS = 48;

/** What is planned, as far as terms go. */
export interface PlannedFacts {
  readonly targets: readonly TreatedPlace[];
  /** As methylprednisolone; null: nobody has said how much of a steroid. */
  readonly steroidMg: number | null;
}

/** What the terms of a treatment are judged by. */
@Injectable()
export class TreatmentFactsService {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(OutcomeService) private readonly outcomes: Pick<OutcomeService, 'scoresOf'>,
    @Inject(TreatmentEvidence) private readonly evidence: TreatmentEvidence,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
    @Inject(SteroidDoseService) private readonly steroids: SteroidDoseService,
  ) {}

  async of(
    client: Tx,
    treatment: Treatment,
    planned: PlannedFacts,
    { blockKind, now }: { readonly blockKind: TreatmentKind | null; readonly now: Temporal.Instant },
  ): Promise<EligibilityFacts> {
    const { patientId } = treatment;
    const every = (await this.records.ofThesePatients(client, [patientId])).get(patientId) ?? [];
    const others = every.filter(({ id, status }) => id !== treatment.id && status === TreatmentStatus.DONE);
    const past = every.filter((one) => one.id !== treatment.id && wasGiven(one));
    const responses = blockKind === null ? [] : await this.evidence.blockResponses(client, patientId);
    const pain = await this.#pain(client, patientId, past, now);
    return {
      today: this.#day(now),
      targets: planned.targets,
      pain,
      conservativeWeeks: treatment.conservativeWeeks,
      blocks: others.filter(({ kind }) => kind === blockKind).map((block) => this.#block(block, responses)),
      earlier: past
        .filter(({ kind, otherName }) => kind === treatment.kind && otherName === treatment.otherName)
        .map((one) => this.#done(one)),
      steroidGivenMg: (await this.steroids.given(client, patientId, now)).steroidMg,
      steroidPlannedMg: planned.steroidMg,
    };
  }

  /**
   * How strong the pain is as it usually is: the last figure of the last year that was not taken while an earlier treatment may
   * have numbed it.
   */
  async #pain(
    client: Tx,
    patientId: string,
    past: readonly Treatment[],
    now: Temporal.Instant,
  ): Promise<EligibilityFacts['pain']> {
    const question = { instrument: OutcomeInstrument.NRS, until: now };
    const scores = (await this.outcomes.scoresOf(client, [patientId], question)).get(patientId) ?? [];
    const since = now.subtract({ hours: PAIN_AGE_MAX_DAYS * 24 });
    const usual = scores.find(
      ({ total, takenAt }) =>
        total !== null &&
        Temporal.Instant.compare(takenAt, since) >= 0 &&
        !past.some((one) => isNumb(takenAt, one)),
    );
    if (usual === undefined || usual.total === null) return null;
    return { total: usual.total, on: this.#day(usual.takenAt) };
  }

  #block(block: Treatment, responses: readonly BlockResponse[]): BlockFacts {
    const response = responses.find(({ treatmentId }) => treatmentId === block.id);
    return {
      ...this.#done(block),
      isJudged: response !== undefined,
      percentRelief: response?.percentRelief ?? null,
    };
  }

  /** Places that were left out were not treated. */
  #done({ record, targets, endedAt, requestedAt }: Treatment): DoneFacts {
    const given = record?.targets.filter(({ wasTreated }) => wasTreated) ?? targets;
    return { doneOn: this.#day(record?.finishedAt ?? endedAt ?? requestedAt), targets: given };
  }

  #day(at: Temporal.Instant): Temporal.PlainDate {
    return localDate(at, this.config.clinicTimeZone);
  }
}

/** Done to its end, or broken off after some places were treated. */
function wasGiven({ status, record }: Treatment): boolean {
  if (status === TreatmentStatus.DONE) return true;
  const places = record?.targets ?? [];
  return status === TreatmentStatus.ABANDONED && places.some(({ wasTreated }) => wasTreated);
}

/** Whether somebody was asked after a treatment began, and so soon after it that what was given may still have worked. */
function isNumb(takenAt: Temporal.Instant, { startedAt, record, endedAt }: Treatment): boolean {
  const finishedAt = record?.finishedAt ?? endedAt;
  if (startedAt === null || finishedAt === null) return false;
  return (
    Temporal.Instant.compare(takenAt, startedAt) > 0 &&
    Temporal.Instant.compare(takenAt, finishedAt.add({ hours: NUMB_HOURS })) < 0
  );
}
