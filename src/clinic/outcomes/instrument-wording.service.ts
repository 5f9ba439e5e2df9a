import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { InstrumentWording as WordingRow } from '../../platform/database/generated/client.js';
import type { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  InstrumentWordingEnded,
  InstrumentWordingIncomplete,
  InstrumentWordingOverlaps,
} from './instrument-wording.refusals.js';
import { canEndWording, isLicensedOn, wordingProblem } from './instrument-wording.rules.js';
import type {
  EndInstrumentWordingInput,
  EnterInstrumentWordingInput,
  InstrumentWording,
  InstrumentWordingItem,
} from './instrument-wording.type.js';

/** BCP 47, as far as it matters here. */
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The words of instruments: nobody is shown one of them on a day on which no licence holds. */
@Injectable()
export class InstrumentWordingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /**
   * The words to ask with today; null: the clinic holds no licence for them. Of several, the one licensed last. Throws
   * BAD_INPUT when that is no language.
   */
  async instrumentWording(
    instrument: OutcomeInstrument,
    language: string,
  ): Promise<InstrumentWording | null> {
    if (!LANGUAGE.test(language)) throw badInput('language: must be as BCP 47 has it, such as en-GB.');
    const rows = await this.database.client.instrumentWording.findMany({
      where: { instrument, language },
      orderBy: [{ validFrom: 'desc' }, { id: 'desc' }],
    });
    return rows.map((row) => this.#toWording(row)).find(({ isLicensedToday }) => isLicensedToday) ?? null;
  }

  /** Every wording that was ever entered; words only of those that are licensed today. */
  async instrumentWordings(): Promise<readonly InstrumentWording[]> {
    const rows = await this.database.client.instrumentWording.findMany({
      orderBy: [{ instrument: 'asc' }, { language: 'asc' }, { validFrom: 'asc' }, { id: 'asc' }],
    });
    return rows.map((row) => this.#toWording(row));
  }

  /** Throws BAD_INPUT when the licence ends before it begins. */
  async enterInstrumentWording(
    actor: StaffActor,
    input: EnterInstrumentWordingInput,
  ): Promise<InstrumentWording | InstrumentWordingOverlaps | InstrumentWordingIncomplete> {
    const { instrument, language, validFrom, items } = input;
    const validUntil = input.validUntil ?? null;
    if (validUntil !== null && validUntil < validFrom)
      throw badInput('input.validUntil: must not be before validFrom.');
    const problem = wordingProblem(instrument, items);
    if (problem !== null) return new InstrumentWordingIncomplete(problem);
    return this.database.transaction<InstrumentWording, InstrumentWordingOverlaps>(
      async (tx) => {
        const row = await tx.instrumentWording.create({
          data: {
            ...{ instrument, language, enteredById: actor.id },
            instrumentVersion: plain(input.instrumentVersion),
            licenceHolder: plain(input.licenceHolder),
            licenceReference: plain(input.licenceReference),
            validFrom: toDay(validFrom),
            validUntil: validUntil === null ? null : toDay(validUntil),
            instruction: plain(input.instruction),
            items: items.map(({ text, choices }) => ({ text: plain(text), choices: choices.map(plain) })),
            enteredAt: dateFromInstant(this.clock.now()),
          },
        });
        const wording = this.#toWording(row);
        await this.#record(tx, actor, 'instrument-wording.entered', wording);
        return wording;
      },
      { onConstraint: { instrument_wordings_one_at_a_time: () => new InstrumentWordingOverlaps() } },
    );
  }

  /** From today on it is not shown. Throws NOT_FOUND. */
  async endInstrumentWording(
    actor: StaffActor,
    { wordingId, reason }: EndInstrumentWordingInput,
  ): Promise<InstrumentWording | InstrumentWordingEnded> {
    if (!UUID.test(wordingId)) throw notFound('wording');
    const today = this.#today();
    return this.database.transaction<InstrumentWording | InstrumentWordingEnded>(async (tx) => {
      const known = await tx.instrumentWording.findUnique({ where: { id: wordingId } });
      if (known === null) throw notFound('wording');
      const days = daysOf(known);
      if (!canEndWording(days, today)) return new InstrumentWordingEnded();
      const isBegun = Temporal.PlainDate.compare(days.validFrom, today) <= 0;
      const { count } = await tx.instrumentWording.updateMany({
        where: { id: wordingId, endedOn: null },
        data: {
          // One that has not begun is never shown.
          endedOn: dateFromPlainDate(isBegun ? today : days.validFrom),
          ...{ endedById: actor.id, endedAt: dateFromInstant(this.clock.now()), endReason: plain(reason) },
        },
      });
      if (count === 0) return new InstrumentWordingEnded();
      const wording = this.#toWording(
        await tx.instrumentWording.findUniqueOrThrow({ where: { id: wordingId } }),
      );
      await this.#record(tx, actor, 'instrument-wording.ended', wording);
      return wording;
    });
  }

  /** The words themselves stay here: they are somebody's. */
  async #record(tx: Tx, actor: StaffActor, action: string, wording: InstrumentWording): Promise<void> {
    const { id, items: _, instruction: __, ...after } = wording;
    await this.audit.record(tx, actor, {
      ...{ action, subjectType: 'instrument-wording', subjectId: id, after },
    });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  #toWording(row: WordingRow): InstrumentWording {
    const days = daysOf(row);
    const isLicensedToday = isLicensedOn(days, this.#today());
    const { instruction, items, endedAt: _, ...rest } = row;
    return {
      ...rest,
      validFrom: days.validFrom.toString(),
      validUntil: days.validUntil?.toString() ?? null,
      endedOn: days.endedOn?.toString() ?? null,
      enteredAt: instantFromDate(row.enteredAt),
      isLicensedToday,
      instruction: isLicensedToday ? instruction : null,
      // Nothing else was ever written into this column.
      items: isLicensedToday ? (items as unknown as readonly InstrumentWordingItem[]) : null,
    };
  }
}

function daysOf({ validFrom, validUntil, endedOn }: WordingRow) {
  return {
    validFrom: plainDateFromDate(validFrom),
    validUntil: validUntil === null ? null : plainDateFromDate(validUntil),
    endedOn: endedOn === null ? null : plainDateFromDate(endedOn),
  };
}

function toDay(day: string): Date {
  return dateFromPlainDate(Temporal.PlainDate.from(day));
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}
