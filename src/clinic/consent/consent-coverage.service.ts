import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { LIVE_PATIENTS } from './consent.queries.js';
import type { ConsentState } from './consent.refusals.js';
import {
  type ConsentCoverage,
  type ConsentCoverageInput,
  ConsentCoverageOf,
  type ConsentGap,
} from './consent-coverage.type.js';
import { type ConsentHold, ConsentStandingService } from './consent-standing.service.js';
import { ConsentVisits } from './consent-visits.service.js';

/** Patients judged together: a few statements for each such batch, and not one transaction for all. */
const BATCH_PATIENTS = 1_000;
/** A year's visits; a report on more would be about a clinic of another time. */
const DAYS_MAX = 366;

interface Asked {
  readonly purposes: readonly ConsentPurpose[];
  readonly procedureCode: string | null;
  readonly of: ConsentCoverageOf;
  readonly from: Temporal.Instant;
  readonly until: Temporal.Instant;
}

interface JudgedPatient {
  readonly patientId: string;
  readonly holds: readonly { readonly purpose: ConsentPurpose; readonly hold: ConsentHold }[];
}

/** Who has which consents, and who lacks which: for whoever has to see that everybody is asked. */
@Injectable()
export class ConsentCoverageService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ConsentStandingService) private readonly standings: ConsentStandingService,
    @Inject(ConsentVisits) private readonly visits: ConsentVisits,
  ) {}

  /** Counts alone: they show nobody. Throws BAD_INPUT. */
  async consentCoverage(input: ConsentCoverageInput): Promise<ConsentCoverage> {
    const asked = this.#read(input);
    const counts = new Map<ConsentPurpose, Map<ConsentState, number>>();
    let [patientsCount, lackingCount] = [0, 0];
    for (let after: string | null = null; ; ) {
      const { judged, last }: Batch = await this.#batch(this.database.client, asked, after);
      for (const { holds } of judged) {
        patientsCount += 1;
        if (holds.some(({ hold }) => !hold.inForce)) lackingCount += 1;
        for (const { purpose, hold } of holds) countOne(counts, purpose, hold.state);
      }
      if (last === null) break;
      after = last;
    }
    const rows = [...counts].flatMap(([purpose, byState]) =>
      [...byState].map(([state, count]) => ({ purpose, state, count })),
    );
    return { patientsCount, lackingCount, counts: rows };
  }

  /** Who lacks what, page by page. The look is recorded. Throws BAD_INPUT. */
  async consentGaps(actor: Actor, input: ConsentCoverageInput, page: PageInput): Promise<Page<ConsentGap>> {
    const asked = this.#read(input);
    const gaps: ConsentGap[] = [];
    let after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    while (gaps.length <= page.size) {
      const { judged, last }: Batch = await this.#batch(this.database.client, asked, after);
      gaps.push(...judged.flatMap(gapOf));
      if (last === null) break;
      after = last;
    }
    const items = gaps.slice(0, page.size);
    await this.database.transaction((tx) =>
      this.audit.record(tx, actor, {
        action: 'consent.gaps-listed',
        subjectType: 'consent-record',
        patientIds: items.map(({ patientId }) => patientId),
        after: { ...input },
      }),
    );
    const last = items.at(-1);
    return { items, nextCursor: gaps.length > page.size && last ? encodeCursor(last.patientId) : null };
  }

  /** The next patients in order of id who count, with where they stand; `last`: where to go on, null at the end. */
  async #batch(client: Tx, asked: Asked, after: string | null): Promise<Batch> {
    const rows = await client.$queryRawUnsafe<{ id: string }[]>(LIVE_PATIENTS, after, BATCH_PATIENTS);
    const ids = rows.map(({ id }) => id);
    const byPatient = new Map<string, { purpose: ConsentPurpose; hold: ConsentHold }[]>();
    for (const purpose of asked.purposes) {
      const counted = await this.#counted(client, asked, purpose, ids);
      const subject =
        purpose === ConsentPurpose.PROCEDURE && asked.procedureCode !== null
          ? { procedureCode: asked.procedureCode }
          : null;
      const holds = await this.standings.holds(client, counted, purpose, this.clock.now(), subject);
      for (const [patientId, hold] of holds) {
        byPatient.set(patientId, [...(byPatient.get(patientId) ?? []), { purpose, hold }]);
      }
    }
    const judged = ids.flatMap((patientId) => {
      const holds = byPatient.get(patientId);
      return holds === undefined ? [] : [{ patientId, holds }];
    });
    return { judged, last: rows.length === BATCH_PATIENTS ? (ids.at(-1) ?? null) : null };
  }

  async #counted(
    client: Tx,
    { of, from, until, procedureCode }: Asked,
    purpose: ConsentPurpose,
    ids: readonly string[],
  ): Promise<readonly string[]> {
    if (of === ConsentCoverageOf.EVERYBODY || ids.length === 0) return ids;
    const code = purpose === ConsentPurpose.PROCEDURE ? procedureCode : null;
    const needs = of === ConsentCoverageOf.VISITS_THAT_NEED_IT ? { purpose, procedureCode: code } : null;
    const visiting = await this.visits.withVisits(client, ids, { from, until, needs });
    return ids.filter((id) => visiting.has(id) !== (of === ConsentCoverageOf.WITHOUT_VISITS));
  }

  #read(input: ConsentCoverageInput): Asked {
    const isProcedure = input.purposes.includes(ConsentPurpose.PROCEDURE);
    const procedureCode = input.procedureCode ?? null;
    if (isProcedure && procedureCode === null) throw badInput('procedureCode: say which procedure.');
    if (!isProcedure && procedureCode !== null) {
      throw badInput('procedureCode: is said with PROCEDURE only.');
    }
    const { from, until } = this.#days(input);
    return { purposes: input.purposes, procedureCode, of: input.of, from, until };
  }

  #days({ of, from, until }: ConsentCoverageInput) {
    const zone = this.config.clinicTimeZone;
    if (of === ConsentCoverageOf.EVERYBODY) {
      if (from || until) throw badInput('from: days are said of visits only.');
      return { from: this.clock.now(), until: this.clock.now() };
    }
    if (!from || !until) throw badInput('from: say the first and the last day of the visits that count.');
    const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(until)];
    const days = first.until(last).days;
    if (days < 0 || days > DAYS_MAX) {
      throw badInput(`until: must be from the first day to ${DAYS_MAX} days after it.`);
    }
    return { from: startOfDay(first, zone), until: startOfDay(last.add({ days: 1 }), zone) };
  }
}

interface Batch {
  readonly judged: readonly JudgedPatient[];
  readonly last: string | null;
}

function gapOf({ patientId, holds }: JudgedPatient): readonly ConsentGap[] {
  const lacks = holds.flatMap(({ purpose, hold: { inForce, state, reasonCode, reason } }) =>
    inForce ? [] : [{ purpose, state, reasonCode, reason }],
  );
  return lacks.length === 0 ? [] : [{ patientId, lacks }];
}

function countOne(
  counts: Map<ConsentPurpose, Map<ConsentState, number>>,
  purpose: ConsentPurpose,
  state: ConsentState,
): void {
  const own = counts.get(purpose) ?? new Map<ConsentState, number>();
  own.set(state, (own.get(state) ?? 0) + 1);
  counts.set(purpose, own);
}
