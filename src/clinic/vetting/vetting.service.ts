import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { ImagingRequestStatus } from '../../platform/database/generated/enums.js';
import { Clock, instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import { type CompletenessFacts, type MissingItem, missingItems } from './request-completeness.rules.js';
import type { RequestOfVisit, StandingRow, VisitStandingRow } from './vetting-standing.queries.js';
import { standingOfRequest, standingsOfRequests, standingsOfVisits } from './vetting-standing.queries.js';
import { entitlementReason, justificationText, stateOn } from './vetting-standing.rules.js';
import type {
  StandingAuthorisation,
  StandingJustification,
  VettingStanding,
} from './vetting-standing.type.js';

/** How imaging requests stand, for this room and for those below. Records no look: whoever shows it does. */
@Injectable()
export class VettingService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * By visit id the request that its exposure stands on: of what was given already that of then, else the live one of its
   * referral that has not been used, or else the newest. One whose referral has none is left out. One statement.
   */
  async standings(tx: Tx, visits: readonly RequestOfVisit[]): Promise<ReadonlyMap<string, VettingStanding>> {
    if (visits.length === 0) return new Map();
    const rows = await tx.$queryRaw<readonly VisitStandingRow[]>(standingsOfVisits(visits));
    const today = this.#today();
    return new Map(rows.map((row) => [row.forVisitId, toStanding(row, today, row.usedElsewhereAt)]));
  }

  /** Of one visit; null: its referral has none. */
  async standing(tx: Tx, visit: RequestOfVisit): Promise<VettingStanding | null> {
    const { visitId, referralId } = visit;
    return (await this.standings(tx, [{ visitId, referralId }])).get(visitId) ?? null;
  }

  /** Of one request, live or not; null: there is none of that id. */
  async standingOfRequest(tx: Tx, requestId: string): Promise<VettingStanding | null> {
    const [row] = await tx.$queryRaw<readonly StandingRow[]>(standingOfRequest(requestId));
    return row === undefined ? null : toStanding(row, this.#today());
  }

  /** Of these requests, by their own ids. One statement. */
  async standingsOfRequests(
    tx: Tx,
    requestIds: readonly string[],
  ): Promise<ReadonlyMap<string, VettingStanding>> {
    if (requestIds.length === 0) return new Map();
    const rows = await tx.$queryRaw<readonly StandingRow[]>(standingsOfRequests(requestIds));
    const today = this.#today();
    return new Map(rows.map((row) => [row.requestId, toStanding(row, today)]));
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }
}

function toStanding(
  row: StandingRow,
  today: Temporal.PlainDate,
  usedElsewhereAt: Date | null = null,
): VettingStanding {
  const lapsesOn = dayOrNull(row.lapsesOn);
  const state = stateOn({ status: row.status, lapsesOn }, today);
  const missing = missingOf(row);
  const justified = state === ImagingRequestStatus.LAPSED ? null : toJustification(row);
  const referrer = { kind: row.referrerKind, name: row.referrerName, isEntitled: row.referrerIsEntitled };
  return {
    requestId: row.requestId,
    referralId: row.referralId,
    state,
    isComplete: missing.length === 0,
    missing: missing.map(({ sentence }) => sentence),
    missingItems: missing,
    procedureCode: row.decidedProcedureCode ?? row.askedProcedureCode,
    urgency: row.urgency,
    requestedBy: { id: row.requestedById, name: row.requestedByName ?? '' },
    requestedAt: instantFromDate(row.requestedAt),
    requestedOn: Temporal.PlainDate.from(row.requestedOn),
    patientBornOn: Temporal.PlainDate.from(row.dateOfBirth),
    referrer: { ...referrer, reason: entitlementReason(referrer) },
    justified,
    authorised: state === ImagingRequestStatus.AUTHORISED ? toAuthorisation(row) : null,
    practitionerId: justified?.byId ?? null,
    authorisedUntil: lapsesOn === null ? null : lapsesOn.subtract({ days: 1 }),
    exposedAt: instantOrNull(row.exposedAt),
    usedElsewhereAt: instantOrNull(usedElsewhereAt),
    weightKg: row.weightKg,
    weightOn: dayOrNull(row.weightOn),
    weightSource: row.weightSource,
    activityMbq: row.activityMbq,
    mobility: row.mobility,
    specialNeeds: row.specialNeeds,
    pregnancySaid: row.pregnancy,
    breastFeedingSaid: row.breastFeeding,
    recentStudies: row.studies.map((study) => ({
      ...study,
      performedOn: Temporal.PlainDate.from(study.performedOn),
    })),
    decideAgainReason: row.decideAgainReason,
    endReason: row.endReason,
  };
}

function toJustification(row: StandingRow): StandingJustification | null {
  const { justificationId: id, practitionerId: byId, justifiedAt: at, siteCode } = row;
  if (id === null || byId === null || at === null || siteCode === null) return null;
  const { benefit, detriment, alternatives } = row;
  return {
    id,
    byId,
    byName: row.practitionerName ?? '',
    at: instantFromDate(at),
    text: justificationText({
      benefit: benefit ?? '',
      detriment: detriment ?? '',
      alternatives: alternatives ?? '',
    }),
    practitionerLicenceNumber: row.licenceNumber,
    siteCode,
  };
}

function toAuthorisation(row: StandingRow): StandingAuthorisation | null {
  const { authorisationId: id, authorisedById: byId, authorisedAt: at, mode } = row;
  if (id === null || byId === null || at === null || mode === null) return null;
  const { guidelineCode, guidelineVersion } = row;
  return {
    id,
    byId,
    byName: row.authorisedByName ?? '',
    at: instantFromDate(at),
    mode,
    guideline: guidelineCode === null ? null : `${guidelineCode} v${guidelineVersion ?? 1}`,
  };
}

function missingOf(row: StandingRow): readonly MissingItem[] {
  return missingItems(factsOf(row));
}

function factsOf(row: StandingRow): CompletenessFacts {
  return {
    patient: {
      familyName: row.familyName,
      givenName: row.givenName,
      dateOfBirth: dayOrNull(row.dateOfBirth),
      nhsNumber: row.nhsNumber,
      localNumber: row.localNumber,
      hasAddress: row.hasAddress,
    },
    referrer: {
      kind: row.referrerKind,
      name: row.referrerName,
      registration: row.referrerRegistration,
      hasContact: row.referrerHasContact,
      isEntitled: row.referrerIsEntitled,
    },
    content: {
      clinicalQuestion: row.clinicalQuestion,
      history: row.history,
      earlierImaging: row.earlierImaging,
      earlierImagingText: row.earlierImagingText,
      recentStudies: row.recentStudies,
      studiesCount: row.studies.length,
      weightKg: row.weightKg,
      weightOn: dayOrNull(row.weightOn),
      mobility: row.mobility,
      pregnancy: row.pregnancy,
      lastMenstrualPeriodOn: dayOrNull(row.lastMenstrualPeriodOn),
      breastFeeding: row.breastFeeding,
      signedOn: dayOrNull(row.signedOn),
    },
    policy: {
      periodAskedFromYears: row.periodAskedFromYears,
      periodAskedToYears: row.periodAskedToYears,
      weightHoldsDays: row.weightHoldsDays,
      needsReferrerEntitlement: row.needsReferrerEntitlement,
    },
    requestedOn: Temporal.PlainDate.from(row.requestedOn),
  };
}

function dayOrNull(text: string | null): Temporal.PlainDate | null {
  return text === null ? null : Temporal.PlainDate.from(text);
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
