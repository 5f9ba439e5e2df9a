import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput, Fault, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromPlainDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { Chain } from './chain.rules.js';
import type { LeadTimePolicy } from './lead-time.type.js';
import { InThePast, VisitProtocolAlreadySet } from './schedule.refusals.js';
import { chainOf, faultOfProtocol, type ProtocolFacts } from './visit-protocol.rules.js';
import type { SetVisitProtocolInput, VisitProtocol } from './visit-protocol.type.js';
import { BOOKING_GROUND, VISIT_PROTOCOL, VISIT_TYPE } from './visit-type.queries.js';
import type { VisitType } from './visit-type.type.js';

const PROTOCOL_PARTS = {
  steps: { orderBy: { position: 'asc' }, include: { needs: { orderBy: { role: 'asc' } } } },
} as const satisfies Prisma.VisitProtocolInclude;

type ProtocolRow = Prisma.VisitProtocolGetPayload<{ include: typeof PROTOCOL_PARTS }>;
type VisitTypeRow = Prisma.VisitTypeGetPayload<{
  include: { protocols: { include: typeof PROTOCOL_PARTS } };
}>;

/** What one statement is sent through: a transaction, or the client outside one. */
type StatementReader = Pick<Tx, '$queryRawUnsafe'>;

/** A protocol as the search reads it. */
export interface ChainOfProtocol {
  readonly id: string;
  readonly chain: Chain;
}

/** What every booking of a kind of visit asks before it takes anything. */
export interface BookingGround {
  readonly visitType: VisitType;
  /** Those that have come into force by today, for every priority. */
  readonly policies: readonly LeadTimePolicy[];
  /** Those asked for that there are. */
  readonly resources: readonly BookableResource[];
}

export interface BookableResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly skills: readonly string[];
  readonly siteCode: string;
}

/** Nobody has said yet how this kind of visit is carried out: a gap in the clinic's own data. */
export class NoProtocolInForce extends Fault {
  constructor(visitType: string) {
    super('INTERNAL', `No protocol is in force for ${visitType}.`);
  }
}

/** How a kind of visit is booked: by its protocol of that day. One without any cannot be booked. */
export function chainToBookBy({ code, protocol }: Pick<VisitType, 'code' | 'protocol'>): ChainOfProtocol {
  if (protocol === null) throw new NoProtocolInForce(code);
  return { id: protocol.id, chain: chainOf(protocol) };
}

/** The kinds of visit, and how each is carried out. A change is a new protocol from a day on. */
@Injectable()
export class VisitTypeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** By name, retired ones too, each with the protocol in force today. */
  async visitTypes(): Promise<readonly VisitType[]> {
    const rows = await this.database.client.visitType.findMany({
      include: this.#withProtocol(),
      orderBy: [{ name: 'asc' }, { code: 'asc' }],
    });
    return rows.map(toVisitType);
  }

  /** Of that code; null when there is none. */
  async findVisitType(code: string): Promise<VisitType | null> {
    return this.#find(this.database.client, code);
  }

  /** The same for somebody who asks for it by its code: one that there is not is not found. */
  async visitTypeNamed(code: string): Promise<VisitType> {
    return this.visitType(this.database.client, code);
  }

  async visitType(reader: StatementReader, code: string): Promise<VisitType> {
    const visitType = await this.#find(reader, code);
    if (visitType === null) throw notFound('visit type');
    return visitType;
  }

  /** The kind, how soon and late it may be booked, and who or what is asked for: one statement. Throws NOT_FOUND. */
  async toBook(
    reader: StatementReader,
    code: string,
    resourceIds: readonly string[],
  ): Promise<BookingGround> {
    const today = this.#today().toString();
    const [ground] = await reader.$queryRawUnsafe<readonly BookingGround[]>(
      BOOKING_GROUND,
      code,
      today,
      resourceIds,
    );
    if (ground === undefined) throw notFound('visit type');
    return ground;
  }

  /** How visits of that kind are carried out on a day. */
  async protocolInForce(
    reader: StatementReader,
    code: string,
    on: Temporal.PlainDate,
  ): Promise<ChainOfProtocol> {
    const visitType = await this.#find(reader, code, on);
    return chainToBookBy({ code, protocol: visitType?.protocol ?? null });
  }

  /** The one that a visit was booked by. */
  async protocolById(reader: StatementReader, id: string): Promise<ChainOfProtocol> {
    const [row] = await reader.$queryRawUnsafe<readonly { protocol: VisitProtocol }[]>(VISIT_PROTOCOL, id);
    if (row === undefined) throw notFound('visit protocol');
    return { id, chain: chainOf(row.protocol) };
  }

  async setVisitProtocol(
    actor: Actor,
    input: SetVisitProtocolInput,
  ): Promise<VisitProtocol | VisitProtocolAlreadySet | InThePast> {
    const facts = factsOf(input);
    const fault = faultOfProtocol(facts);
    if (fault !== null) throw badInput(fault);
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, this.#today()) < 0) return new InThePast();
    return this.database.transaction<VisitProtocol, VisitProtocolAlreadySet>(
      async (tx) => {
        const visitType = await tx.visitType.findUnique({ where: { code: input.visitTypeCode } });
        if (visitType === null) throw notFound('visit type');
        const row = await tx.visitProtocol.create({
          data: {
            visitTypeCode: visitType.code,
            effectiveFrom: dateFromPlainDate(from),
            startStepMinutes: facts.startStepMinutes,
            source: input.source,
            steps: {
              create: facts.steps.map(({ needs, ...step }, position) => ({
                ...step,
                position,
                needs: { create: [...needs] },
              })),
            },
          },
          include: PROTOCOL_PARTS,
        });
        const protocol = toVisitProtocol(row);
        await this.audit.record(tx, actor, {
          action: 'visit-protocol.set',
          subjectType: 'visit-protocol',
          subjectId: protocol.id,
          after: protocol,
        });
        return protocol;
      },
      {
        onConstraint: {
          visit_protocols_visit_type_code_effective_from_key: () => new VisitProtocolAlreadySet(),
        },
      },
    );
  }

  async #find(reader: StatementReader, code: string, on = this.#today()): Promise<VisitType | null> {
    const [row] = await reader.$queryRawUnsafe<readonly { visitType: VisitType }[]>(
      VISIT_TYPE,
      code,
      on.toString(),
    );
    return row?.visitType ?? null;
  }

  #withProtocol() {
    return {
      protocols: {
        where: { effectiveFrom: { lte: dateFromPlainDate(this.#today()) } },
        orderBy: { effectiveFrom: 'desc' },
        take: 1,
        include: PROTOCOL_PARTS,
      },
    } as const satisfies Prisma.VisitTypeInclude;
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }
}

/** What was left out is nothing, free, or the patient present. */
function factsOf({ startStepMinutes, steps }: SetVisitProtocolInput): ProtocolFacts {
  return {
    startStepMinutes,
    steps: steps.map((step) => ({
      name: step.name,
      durationMinutes: step.durationMinutes,
      waitMinutesMin: step.waitMinutesMin ?? 0,
      waitMinutesTarget: step.waitMinutesTarget ?? 0,
      waitMinutesMax: step.waitMinutesMax ?? 0,
      patientPresent: step.patientPresent ?? true,
      needs: step.needs.map((need) => ({
        role: need.role,
        kind: need.kind,
        skill: need.skill ?? null,
        bufferBeforeMinutes: need.bufferBeforeMinutes ?? 0,
        bufferAfterMinutes: need.bufferAfterMinutes ?? 0,
        continuity: need.continuity ?? 'FREE',
        fillsWait: need.fillsWait ?? false,
      })),
    })),
  };
}

function toVisitType({ protocols, ...row }: VisitTypeRow): VisitType {
  const [protocol] = protocols;
  return {
    ...row,
    retiredOn: row.retiredOn && plainDateFromDate(row.retiredOn).toString(),
    protocol: protocol ? toVisitProtocol(protocol) : null,
  };
}

function toVisitProtocol(row: ProtocolRow): VisitProtocol {
  return {
    id: row.id,
    visitTypeCode: row.visitTypeCode,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    startStepMinutes: row.startStepMinutes,
    source: row.source,
    steps: row.steps.map(({ id: _, protocolId: __, needs, ...step }) => ({
      ...step,
      needs: needs.map(({ id: ___, stepId: ____, ...need }) => need),
    })),
  };
}
