import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  type ActivityComparison,
  AdministrationEntry,
  type AdministrationSide,
  BatchUsePurpose,
  type GateCode,
  type TracerRoute,
} from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant, dateFromPlainDate, localDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { JudgedGate } from '../gates/gate.type.js';
import { ScanInjectionService } from '../imaging/scan-injection.service.js';
import { Activity } from '../radiopharmacy/activity.type.js';
import { BatchService } from '../radiopharmacy/batch.service.js';
import { RequestExposureService } from '../vetting/request-exposure.service.js';
import { VisitStepService } from '../visits/visit-step.service.js';
import type { Administration } from './administration.type.js';
import type { InjectionGround } from './administration-lock.service.js';
import { AdministrationRecordService } from './administration-record.service.js';

/** Everything that an entry says of the injection. */
export interface InjectionFacts {
  readonly operatorId: string;
  readonly injectedAt: Temporal.Instant;
  readonly measuredActivityMbq: number;
  readonly measuredAt: Temporal.Instant;
  readonly residualActivityMbq: number | null;
  readonly residualMeasuredAt: Temporal.Instant | null;
  readonly drawnActivityMbq: number;
  readonly netActivityMbq: number;
  readonly halfLifeId: string;
  readonly halfLifeHours: number;
  readonly tracerCode: string;
  readonly tracerName: string;
  readonly batchId: string;
  readonly batchNumber: string;
  readonly route: TracerRoute;
  readonly bodySite: string;
  readonly side: AdministrationSide | null;
  readonly volumeMl: number | null;
  readonly weightKg: number | null;
  readonly hasExtravasated: boolean;
  readonly extravasation: string | null;
  readonly doseProtocolId: string;
  readonly plannedActivityMbq: number;
  readonly drlMbq: number | null;
  readonly drlCitation: string | null;
  readonly comparison: ActivityComparison;
  readonly departureBecause: string | null;
  readonly departureApprovedBy: string | null;
  readonly approvedProtocol: string | null;
  readonly effectiveDoseMsv: number | null;
  readonly effectiveDoseSource: string | null;
}

/** An entry to write: what it is, why, what it says, and how the gates stood. */
export interface WantedEntry {
  readonly entry: AdministrationEntry;
  readonly reason: string | null;
  readonly facts: InjectionFacts;
  readonly closedGates: readonly GateCode[];
  readonly gates: readonly JudgedGate[];
}

const RECORDED_AS: Readonly<Record<AdministrationEntry, string>> = {
  RECORDED: 'administration.recorded',
  REPORTED_OUTSIDE_GATES: 'administration.reported-outside-gates',
  RESIDUAL_MEASURED: 'administration.residual-recorded',
  CORRECTED: 'administration.corrected',
  VOIDED: 'administration.voided',
};

/** What a batch is told when the record of an injection changes. */
const FOLLOWS_RECORD = 'The record of the administration was corrected or taken back.';

/**
 * Writes entries, and with each what follows from it in the same transaction: the batch it was drawn from, the injection that
 * the scanner and the visit know of, and the audit record.
 */
@Injectable()
export class AdministrationEntryService {
  constructor(
    @Inject(AdministrationRecordService) private readonly records: AdministrationRecordService,
    @Inject(BatchService) private readonly batches: BatchService,
    @Inject(ScanInjectionService) private readonly injections: ScanInjectionService,
    @Inject(VisitStepService) private readonly steps: VisitStepService,
    @Inject(RequestExposureService) private readonly exposures: RequestExposureService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** A first entry: a new administration. */
  async begin(
    tx: Tx,
    actor: StaffActor,
    ground: InjectionGround,
    wanted: WantedEntry,
    first: {
      readonly ordinal: number;
      readonly again: { readonly because: string; readonly practitionerId: string } | null;
    },
  ): Promise<Administration | Refusal> {
    await this.#follow(tx, actor, ground, null, wanted.facts);
    const { id } = await tx.administration.create({
      data: {
        visitId: ground.booking.id,
        ordinal: first.ordinal,
        againBecause: first.again?.because.trim() ?? null,
        againDecidedBy: first.again?.practitionerId ?? null,
        recordedAt: dateFromInstant(ground.now),
        recordedById: actor.id,
      },
      select: { id: true },
    });
    const batchUseId = await this.#draw(tx, actor, ground, wanted);
    if (isRefusal(batchUseId)) return batchUseId;
    return this.#write(tx, actor, ground, null, { id, version: 1, batchUseId, wanted });
  }

  /** An addendum: one more entry of an administration that stands. */
  async add(
    tx: Tx,
    actor: StaffActor,
    ground: InjectionGround,
    before: Administration,
    wanted: WantedEntry,
  ): Promise<Administration | Refusal> {
    const isOver = wanted.entry === AdministrationEntry.VOIDED;
    await this.#follow(tx, actor, ground, before, isOver ? null : wanted.facts);
    const batchUseId = await this.#redraw(tx, actor, ground, before, wanted);
    if (isRefusal(batchUseId)) return batchUseId;
    const version = before.current.version + 1;
    return this.#write(tx, actor, ground, before, { id: before.id, version, batchUseId, wanted });
  }

  /**
   * The visit's first step and the scan's injection are as the record says. Of a visit with early images, which begin with the
   * injection, the step goes on. Scanners and booking are locked here, before the administration and its batch.
   */
  async #follow(
    tx: Tx,
    actor: StaffActor,
    { booking, subject }: InjectionGround,
    before: Administration | null,
    facts: InjectionFacts | null,
  ): Promise<void> {
    const { id } = booking;
    const others = (await this.records.ofBooking(tx, id)).filter(
      (one) => !one.isVoid && one.id !== before?.id,
    );
    // Somebody was injected again since: what counts is that.
    if (before !== null && others.some(({ ordinal }) => ordinal > before.ordinal)) return;
    // What is taken back may leave an earlier injection, which ran beside the vein, as the one that counts.
    const earlier = others.at(-1)?.current ?? null;
    const counts = facts ?? earlier;
    // One request is for one exposure: this one, and none after it.
    await this.exposures.follow(tx, actor, subject, counts?.injectedAt ?? null);
    const saidAt = (before?.current ?? earlier)?.injectedAt ?? null;
    if (saidAt?.epochMilliseconds !== counts?.injectedAt.epochMilliseconds) {
      if (saidAt !== null) await this.steps.firstStepTakenBackIn(tx, actor, id, saidAt);
      const isOver = booking.earlyStartsAt === null;
      if (counts !== null)
        await this.steps.firstStepHappenedIn(tx, actor, id, { at: counts.injectedAt, isOver });
    }
    await this.injections.recordInjection(tx, actor, id, counts);
  }

  /** Its own tracer is asked of the batch: what was not to be given is off its stock as well. Of a batch that could not be used any more nothing is drawn. */
  async #draw(
    tx: Tx,
    actor: StaffActor,
    { booking }: InjectionGround,
    { entry, facts }: WantedEntry,
  ): Promise<string | null | Refusal> {
    const used = await this.batches.use(tx, actor, {
      batchId: facts.batchId,
      visitId: booking.id,
      tracerCode: facts.tracerCode,
      activity: Activity.ofMbq(facts.drawnActivityMbq),
      at: facts.injectedAt,
      purpose: BatchUsePurpose.PATIENT_DOSE,
    });
    if (!isRefusal(used)) return used.useId;
    const isFact =
      entry === AdministrationEntry.REPORTED_OUTSIDE_GATES || entry === AdministrationEntry.CORRECTED;
    return isFact && used.code !== 'StockTooSmall' ? null : used;
  }

  /** The batch follows the record: what an entry takes back goes back, what it says otherwise is drawn anew. */
  async #redraw(
    tx: Tx,
    actor: StaffActor,
    ground: InjectionGround,
    before: Administration,
    wanted: WantedEntry,
  ): Promise<string | null | Refusal> {
    const { id } = before;
    const { batchUseId } = await tx.administrationVersion.findUniqueOrThrow({
      where: { administrationId_version: { administrationId: id, version: before.current.version } },
      select: { batchUseId: true },
    });
    const isOver = wanted.entry === AdministrationEntry.VOIDED;
    if (!isOver && isSameDraw(before.current, wanted.facts)) return batchUseId;
    if (batchUseId !== null) await this.batches.giveBack(tx, actor, batchUseId, FOLLOWS_RECORD);
    return isOver ? null : this.#draw(tx, actor, ground, wanted);
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    { booking, subject, now, timeZone }: InjectionGround,
    before: Administration | null,
    said: {
      readonly id: string;
      readonly version: number;
      readonly batchUseId: string | null;
      readonly wanted: WantedEntry;
    },
  ): Promise<Administration> {
    const { entry, reason, facts, closedGates, gates } = said.wanted;
    await tx.administrationVersion.create({
      data: {
        ...columnsOf(facts),
        ...{ administrationId: said.id, version: said.version, batchUseId: said.batchUseId, entry, reason },
        visitId: booking.id,
        procedureCode: subject.procedureCode,
        siteCode: subject.siteCode,
        administeredOn: dateFromPlainDate(localDate(facts.injectedAt, timeZone)),
        closedGates: [...closedGates],
        gates: gates.map(toKeptGate),
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      },
      select: { version: true },
    });
    const after = await this.records.mustHave(tx, said.id);
    await this.audit.record(tx, actor, {
      action: RECORDED_AS[entry],
      subjectType: 'administration',
      subjectId: said.id,
      patientIds: [after.patientId],
      ...(before === null ? {} : { before: before.current }),
      after: { ...after.current, ordinal: after.ordinal, scanBookingId: booking.id },
    });
    return after;
  }
}

/** Named one by one: the facts of an addendum are read from the entry before it, which says more of itself. */
function columnsOf(facts: InjectionFacts) {
  const { operatorId, halfLifeId, halfLifeHours, tracerCode, tracerName, batchId, batchNumber } = facts;
  const { measuredActivityMbq, residualActivityMbq, drawnActivityMbq, netActivityMbq } = facts;
  const { route, bodySite, side, volumeMl, weightKg, hasExtravasated, extravasation } = facts;
  const { doseProtocolId, plannedActivityMbq, drlMbq, drlCitation, comparison } = facts;
  const { departureBecause, departureApprovedBy, approvedProtocol } = facts;
  const { effectiveDoseMsv, effectiveDoseSource, residualMeasuredAt } = facts;
  return {
    ...{ operatorId, halfLifeId, halfLifeHours, tracerCode, tracerName, batchId, batchNumber },
    ...{ measuredActivityMbq, residualActivityMbq, drawnActivityMbq, netActivityMbq },
    ...{ route, bodySite, side, volumeMl, weightKg, hasExtravasated, extravasation },
    ...{ doseProtocolId, plannedActivityMbq, drlMbq, drlCitation, comparison },
    ...{ departureBecause, departureApprovedBy, approvedProtocol, effectiveDoseMsv, effectiveDoseSource },
    injectedAt: dateFromInstant(facts.injectedAt),
    measuredAt: dateFromInstant(facts.measuredAt),
    residualMeasuredAt: residualMeasuredAt === null ? null : dateFromInstant(residualMeasuredAt),
  };
}

function isSameDraw(
  before: {
    readonly batchId: string;
    readonly drawnActivityMbq: number;
    readonly injectedAt: Temporal.Instant;
  },
  after: InjectionFacts,
): boolean {
  return (
    before.batchId === after.batchId &&
    before.drawnActivityMbq === after.drawnActivityMbq &&
    before.injectedAt.epochMilliseconds === after.injectedAt.epochMilliseconds
  );
}

/** Codes and who did it when: the sentences name nobody's answers, and can be read in the gate's own record. */
function toKeptGate({ code, strictness, state, reasonCode, byName, at }: JudgedGate) {
  return { code, strictness, state, reasonCode, byName, at: at?.toString() ?? null };
}
