import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { RecordClass } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';

// Two ways to take part in retention and destruction. A room whose records stand for themselves (a document, an enquiry)
// registers a holder: each of them is listed, approved and destroyed by itself. A room that keeps a part of a patient's
// record (referrals, consent, visits) joins with that part: it is destroyed with the whole, at one moment.

/** A record as its room knows it. The periods that run from it are the rules' business. */
export interface RetainedRecord {
  readonly id: string;
  /** Whose it is; null: nobody's that is registered. */
  readonly patientId: string | null;
  /** Every class that it belongs to: of those the longest period wins. At least one. */
  readonly classes: readonly RecordClass[];
  /** Local date of the clinic on which it was made. */
  readonly createdOn: Temporal.PlainDate;
  /** The last word with the person it is about. Null: it has none of its own, and the patient's counts. */
  readonly lastContactOn: Temporal.PlainDate | null;
  /** Why it may not go yet, whatever the rules say, as a code in capitals: `ENQUIRY_OPEN`. Null: nothing. */
  readonly keptBecause: string | null;
}

/** Which of a holder's records are wanted: in the order of their ids, those after `afterId`, at most `limit`. */
export interface RetentionQuestion {
  readonly classes: readonly RecordClass[];
  /** Only what was made on this day or before; later ones cannot be due. */
  readonly createdUntil: Temporal.PlainDate;
  readonly afterId: string | null;
  readonly limit: number;
}

/** The destruction under way: run, item and who approved it. */
export interface Destruction {
  readonly itemId: string;
  readonly runId: string;
  readonly approvedById: string;
  readonly at: Temporal.Instant;
}

/** What was destroyed, for the stub: counts and identifiers, never content. */
export interface DestroyedPart {
  /** A noun in the plural: `phones`, `consent records`, `files`. */
  readonly what: string;
  readonly count: number;
  /** Identifiers by which others can find their own copies: Study Instance UIDs, SHA-256 of files. None: leave it out. */
  readonly identifiers?: readonly string[];
}

/** Records that stand for themselves. */
export interface RetentionHolder {
  /** The room's own name: `documents`. */
  readonly room: string;
  /** The noun as the audit record has it: `document`. One holder for each. */
  readonly subjectType: string;
  /** Every class that its records may belong to. */
  readonly classes: readonly RecordClass[];
  /** Those that are still there. Reads only. */
  candidates(tx: Tx, question: RetentionQuestion): Promise<readonly RetainedRecord[]>;
  /** One record as it is now, its row locked until the transaction ends; null: it is gone. Destroyed ones are gone. */
  record(tx: Tx, id: string): Promise<RetainedRecord | null>;
  /**
   * Destroys its content in this transaction and leaves what must stay so that references hold. Append-only tables let
   * go of rows that belong to the item's patient or subject, and of no other (see docs/decisions/0021). What lies outside of the
   * database goes by a message in the outbox, posted in this transaction. Writes no audit row: the item's names all.
   */
  destroy(tx: Tx, actor: Actor, id: string, destruction: Destruction): Promise<readonly DestroyedPart[]>;
}

/** What a room knows of a patient that matters for how long the record is kept. */
export interface PatientPartFacts {
  /** Local date of the last contact that this room knows of: a visit, a letter that came. Null: none. */
  readonly lastContactOn: Temporal.PlainDate | null;
  /** Local date on which the last treatment ended, as far as this room knows. Null: it knows of none. */
  readonly treatmentEndedOn: Temporal.PlainDate | null;
  /** Classes beside CLINICAL_RECORD that the room's part belongs to. Mostly none. */
  readonly classes: readonly RecordClass[];
  /** Why nothing of the patient's may go yet: `REFERRAL_OPEN`, `VISIT_AHEAD`. Null: nothing. */
  readonly keptBecause: string | null;
  /** Why the patient may not go yet although single records may: `DOCUMENTS_KEPT`, which would be nobody's. None: leave it out. */
  readonly keepsPatientBecause?: string | null;
}

/** A room's part of the records of patients. */
export interface PatientRecordPart {
  readonly room: string;
  /** By patient id; patients of whom the room knows nothing may be left out. */
  facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>>;
  /** As of a holder. Called with the patient's row locked; rooms go from the last to the first. */
  destroy(
    tx: Tx,
    actor: Actor,
    patientId: string,
    destruction: Destruction,
  ): Promise<readonly DestroyedPart[]>;
}

/** Who holds records, and who keeps a part of a patient's. Call it from the constructor of a room's `*-retention.service`. */
@Injectable()
export class RetentionClasses {
  readonly #holders = new Map<string, RetentionHolder>();
  readonly #parts = new Map<string, PatientRecordPart>();

  /** Throws when two rooms hold the same noun. */
  register(holder: RetentionHolder): void {
    if (this.#holders.has(holder.subjectType))
      throw new Error(`two rooms hold records of the kind ${holder.subjectType}`);
    this.#holders.set(holder.subjectType, holder);
  }

  /** Throws when a room joins twice. */
  join(part: PatientRecordPart): void {
    if (this.#parts.has(part.room))
      throw new Error(`${part.room} keeps its part of a patient's record twice`);
    this.#parts.set(part.room, part);
  }

  holders(): readonly RetentionHolder[] {
    return [...this.#holders.values()];
  }

  holderOf(subjectType: string): RetentionHolder | null {
    return this.#holders.get(subjectType) ?? null;
  }

  /** In the order in which they joined: the first rooms first. */
  parts(): readonly PatientRecordPart[] {
    return [...this.#parts.values()];
  }
}
