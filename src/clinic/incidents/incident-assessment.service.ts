import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { DoseNotKnown } from './incident.refusals.js';
import type { AssessIncidentInput } from './incident-input.type.js';
import { IncidentRecordService, type IncidentRow } from './incident-record.service.js';
import { IncidentRuleService } from './incident-rule.service.js';
import type { Threshold } from './threshold.rules.js';
import { doseOf, isChildOn, judgeIncident } from './threshold.rules.js';

interface Doses {
  readonly intendedDoseMsv: number | null;
  readonly actualDoseMsv: number | null;
  readonly coefficientId: string | null;
}

export interface Assessed {
  readonly data: Prisma.IncidentAssessmentUncheckedCreateInput;
  readonly outcome: Prisma.IncidentAssessmentUncheckedCreateInput['outcome'];
  readonly met: readonly Threshold[];
}

/** What an assessment makes of an incident, by the rules of the day on which it happened. */
@Injectable()
export class IncidentAssessmentService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(IncidentRecordService) private readonly records: IncidentRecordService,
    @Inject(IncidentRuleService) private readonly rules: IncidentRuleService,
  ) {}

  /** The row of a further assessment of a held incident. Throws BAD_INPUT where what is needed is missing. */
  async assess(
    tx: Tx,
    actor: StaffActor,
    incident: IncidentRow,
    input: AssessIncidentInput,
  ): Promise<Assessed | DoseNotKnown> {
    const on = this.records.dayOf(instantFromDate(incident.happenedAt));
    const isChild = await this.#isChild(tx, incident, input, on);
    const doses = await this.#doses(tx, input, { on, isChild });
    if (isRefusal(doses)) return doses;
    mustSayWhatWasReceived(input, doses);
    const facts = {
      ...{ exposure: input.exposure, isChild },
      ...{ intendedDoseMsv: doses.intendedDoseMsv, actualDoseMsv: doses.actualDoseMsv },
      ...{ foetalDoseMgy: input.foetalDoseMgy ?? null, infantDoseMsv: input.infantDoseMsv ?? null },
      isProceduralFailure: input.isProceduralFailure,
      isWrongRadiopharmaceutical: input.isWrongRadiopharmaceutical,
      isLicenceBreach: input.isLicenceBreach,
    };
    const notifiableBecause = input.notifiableBecause?.trim() ?? null;
    const thresholds = await this.rules.thresholdsOn(tx, on);
    const { outcome, met } = judgeIncident(thresholds, facts, notifiableBecause !== null);
    return {
      outcome,
      met,
      data: {
        ...facts,
        incidentId: incident.id,
        number: incident.assessments.length + 1,
        tracerCode: input.tracerCode ?? null,
        intendedActivityMbq: input.intendedActivityMbq ?? null,
        actualActivityMbq: input.actualActivityMbq ?? null,
        coefficientId: doses.coefficientId,
        outcome,
        codes: met.map(({ code }) => code),
        thresholdIds: met.map(({ id }) => id),
        notifiableBecause,
        anonymousSummary: input.anonymousSummary.trim(),
        comment: input.comment?.trim() ?? null,
        assessedAt: dateFromInstant(this.clock.now()),
        assessedById: actor.id,
      },
    };
  }

  /** Of a patient the date of birth says it; of anybody else the assessor. */
  async #isChild(
    tx: Tx,
    { patientId }: IncidentRow,
    { isChild }: AssessIncidentInput,
    on: Temporal.PlainDate,
  ): Promise<boolean> {
    const patient =
      patientId === null ? undefined : (await this.patients.byIds(tx, [patientId])).get(patientId);
    if (patient === undefined) {
      if (isChild === undefined || isChild === null)
        throw badInput('isChild: say it, since no patient is named.');
      return isChild;
    }
    const { childBelowYears } = await this.rules.policyOn(tx, on);
    return isChildOn(Temporal.PlainDate.from(patient.dateOfBirth), on, childBelowYears);
  }

  /** Doses that are given count; others are computed from the activity, of an adult only. */
  async #doses(
    tx: Tx,
    input: AssessIncidentInput,
    { on, isChild }: { readonly on: Temporal.PlainDate; readonly isChild: boolean },
  ): Promise<Doses | DoseNotKnown> {
    const given = { intended: input.intendedDoseMsv ?? null, actual: input.actualDoseMsv ?? null };
    const intendedMbq = given.intended === null ? (input.intendedActivityMbq ?? null) : null;
    const actualMbq = given.actual === null ? (input.actualActivityMbq ?? null) : null;
    if (intendedMbq === null && actualMbq === null) {
      return { intendedDoseMsv: given.intended, actualDoseMsv: given.actual, coefficientId: null };
    }
    if (isChild) {
      return new DoseNotKnown(
        'The coefficients are those of adults, and a child receives more from the same activity. Give the doses of the child in mSv.',
      );
    }
    const tracerCode = input.tracerCode ?? null;
    if (tracerCode === null) throw badInput('tracerCode: say which tracer, since only an activity is given.');
    const coefficient = await this.rules.coefficientOn(tx, tracerCode, on);
    if (coefficient === null) {
      return new DoseNotKnown(
        `No coefficient of ${tracerCode} is set for that day, so that no dose can be computed from the activity. Give the dose in mSv, or set the coefficient.`,
      );
    }
    const dose = (mbq: number | null) => (mbq === null ? null : doseOf(mbq, coefficient.msvPerMbq));
    return {
      intendedDoseMsv: given.intended ?? dose(intendedMbq),
      actualDoseMsv: given.actual ?? dose(actualMbq),
      coefficientId: coefficient.id,
    };
  }
}

function mustSayWhatWasReceived({ exposure, actualActivityMbq }: AssessIncidentInput, doses: Doses): void {
  const hasReceived = doses.actualDoseMsv !== null || (actualActivityMbq ?? null) !== null;
  switch (exposure) {
    case 'NONE':
      if (hasReceived)
        throw badInput('actualDoseMsv, actualActivityMbq: leave them out, since nobody was exposed.');
      return;
    case 'ACCIDENTAL':
      if (!hasReceived) throw badInput('actualDoseMsv: say what was received, or the activity.');
      return;
    case 'UNINTENDED':
      if (!hasReceived || doses.intendedDoseMsv === null) {
        throw badInput('intendedDoseMsv, actualDoseMsv: say what was intended and what was received.');
      }
  }
}
