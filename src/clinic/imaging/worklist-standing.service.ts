import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { Clock, localDate, type Temporal } from '../../platform/time/index.js';
import { CheckService, type CheckStanding } from '../checks/check.service.js';
import { GateService, type GateSubject, type PublicationStanding } from '../gates/gate.service.js';
import { VettingService } from '../vetting/vetting.service.js';
import type { VettingStanding } from '../vetting/vetting-standing.type.js';
import type { WorklistCare, WorklistInjection, WorklistItem } from './worklist.type.js';
import { CARE_WORDS_OF } from './worklist-care.queries.js';
import { type CareWords, careTexts, pregnancyKnown } from './worklist-care.rules.js';

/** Clocks of two machines may differ; a decision that looks a little ahead of ours has been taken all the same. */
const CLOCKS_APART_MINUTES = 5;

/** A scan that may be offered, as the worklist's own tables say. */
export interface OfferedScan extends GateSubject {
  readonly injection: WorklistInjection | null;
}

/** What decides whether it is offered, and what else a scanner is told with it. */
export interface OfferStanding extends Pick<WorklistItem, 'closedGate' | 'closedBecause' | 'care'> {
  /** When a gate that is open shuts by itself, and the scan is to be judged again; null: none does. */
  readonly holdsUntil: Temporal.Instant | null;
}

/**
 * What the other rooms say of the scans on the worklist: their gates, and what whoever scans should know. In a number of
 * statements that does not grow with the number of scans.
 */
@Injectable()
export class WorklistStandingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(GateService) private readonly gates: GateService,
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(VettingService) private readonly vetting: VettingService,
  ) {}

  /** By visit id. */
  async of(scans: readonly OfferedScan[]): Promise<ReadonlyMap<string, OfferStanding>> {
    const { client } = this.database;
    const at = this.clock.now().add({ minutes: CLOCKS_APART_MINUTES });
    const gates = await this.gates.atPublication(client, scans, at);
    // Checks count on the day on which the tracer is given.
    const checks = await this.checks.standingsOn(
      client,
      scans.map(({ visitId, injectionAt }) => ({ visitId, on: this.#dayOf(injectionAt) })),
    );
    const requests = await this.vetting.standings(client, scans);
    const words = await this.#wordsOf(once(scans.map(({ patientId }) => patientId)));
    return new Map(
      scans.map((scan) => {
        const { visitId, patientId } = scan;
        const care = this.#careOf(scan, words.get(patientId) ?? [], {
          check: checks.get(visitId),
          request: requests.get(visitId),
        });
        return [visitId, { ...offerOf(gates.get(visitId)), care }] as const;
      }),
    );
  }

  #careOf(
    { injection, scanAt }: OfferedScan,
    words: readonly CareWords[],
    {
      check,
      request,
    }: { readonly check: CheckStanding | undefined; readonly request: VettingStanding | undefined },
  ): WorklistCare {
    const needs = { mobility: request?.mobility ?? null, specialNeeds: request?.specialNeeds ?? null };
    return {
      pregnancy: check === undefined ? 'UNKNOWN' : pregnancyKnown(check.pregnancy),
      weightKg: check?.weightKg ?? request?.weightKg ?? null,
      ...careTexts(words, needs, this.#dayOf(scanAt)),
      injection,
    };
  }

  #dayOf(at: Temporal.Instant): Temporal.PlainDate {
    return localDate(at, this.config.clinicTimeZone);
  }

  async #wordsOf(patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly CareWords[]>> {
    const rows = await this.database.client.$queryRawUnsafe<readonly CareWords[]>(CARE_WORDS_OF, patientIds);
    const byPatient = new Map<string, CareWords[]>();
    for (const row of rows) {
      const own = byPatient.get(row.patientId);
      if (own === undefined) byPatient.set(row.patientId, [row]);
      else own.push(row);
    }
    return byPatient;
  }
}

function offerOf(found: PublicationStanding | undefined): Omit<OfferStanding, 'care'> {
  // Rather no answer at all than somebody who is shown by mistake.
  if (found === undefined) throw new Error('the gates said nothing of a scan');
  const { closed, holdsUntil } = found;
  return { closedGate: closed?.code ?? null, closedBecause: closed?.reason ?? null, holdsUntil };
}

function once(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
