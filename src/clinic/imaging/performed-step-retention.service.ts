import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { RecordClass } from '../../platform/database/generated/enums.js';
import { dateFromInstant, instantFromDate, localDate, startOfDay } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type RetainedRecord,
  RetentionClasses,
  type RetentionHolder,
  type RetentionQuestion,
} from '../records/retention-class.type.js';
import { lockedStep } from './performed-step-retention.queries.js';

const FACTS = { id: true, receivedAt: true, status: true } as const satisfies Prisma.PerformedStepSelect;
type FactsRow = Prisma.PerformedStepGetPayload<{ select: typeof FACTS }>;

/** What a scanner reported that belongs to no known patient: nobody's record, and kept by a rule of its own. */
@Injectable()
export class PerformedStepRetentionService implements RetentionHolder {
  readonly room = 'imaging';
  readonly subjectType = 'performed-step';
  readonly classes = [RecordClass.SCANNER_TRAFFIC];

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.register(this);
  }

  async candidates(
    tx: Tx,
    { createdUntil, afterId, limit }: RetentionQuestion,
  ): Promise<readonly RetainedRecord[]> {
    const before = startOfDay(createdUntil.add({ days: 1 }), this.config.clinicTimeZone);
    const rows = await tx.performedStep.findMany({
      where: {
        links: { none: {} },
        receivedAt: { lt: dateFromInstant(before) },
        ...(afterId === null ? {} : { id: { gt: afterId } }),
      },
      select: FACTS,
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map((row) => this.#toRetained(row));
  }

  /** One that was attached to a booking since is a patient's, and no longer here. */
  async record(tx: Tx, id: string): Promise<RetainedRecord | null> {
    await tx.$queryRaw(lockedStep(id));
    const row = await tx.performedStep.findFirst({ where: { id, links: { none: {} } }, select: FACTS });
    return row === null ? null : this.#toRetained(row);
  }

  async destroy(tx: Tx, _actor: Actor, id: string): Promise<readonly DestroyedPart[]> {
    const { sopInstanceUID, studyInstanceUIDs } = await tx.performedStep.findUniqueOrThrow({ where: { id } });
    const messages = await tx.performedStepMessage.deleteMany({ where: { performedStepId: id } });
    await tx.performedStep.delete({ where: { id } });
    return [
      { what: 'performed steps', count: 1, identifiers: [sopInstanceUID, ...studyInstanceUIDs] },
      { what: 'messages of scanners', count: messages.count },
    ];
  }

  #toRetained({ id, receivedAt, status }: FactsRow): RetainedRecord {
    return {
      id,
      patientId: null,
      classes: [RecordClass.SCANNER_TRAFFIC],
      createdOn: localDate(instantFromDate(receivedAt), this.config.clinicTimeZone),
      lastContactOn: null,
      keptBecause: status === 'IN_PROGRESS' ? 'STEP_IN_PROGRESS' : null,
    };
  }
}
