import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import type { Visit } from './visit.type.js';
import type { VisitAction } from './visit-action.type.js';
import { CompanionRefused } from './visit-companion.refusals.js';
import type { VisitPlan } from './visit-plan.rules.js';

/** A place that a visit wants to take. */
export interface CompanionWish {
  readonly visit: {
    readonly id: string;
    readonly patientId: string;
    readonly visitTypeCode: string;
    readonly requestId: string | null;
  };
  readonly plan: Pick<VisitPlan, 'startsAt' | 'endsAt' | 'steps'>;
  /** False for a hold: of that nothing is asked that can still be put right before it is confirmed, such as a consent. */
  readonly isFirm: boolean;
}

/** The place that a visit has, as it would want it now. */
export function wishOf(visit: Visit): CompanionWish {
  const { startsAt, endsAt } = visit;
  const steps = visit.steps.map(({ resources, ...step }) => ({
    ...step,
    patientPresent: true,
    resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
  }));
  return { visit, plan: { startsAt, endsAt, steps }, isFirm: true };
}

/** What happened to a visit, in the transaction in which it happened. */
export interface VisitChange {
  readonly action: VisitAction;
  /** Null: the visit is new. */
  readonly before: Visit | null;
  readonly after: Visit;
  /** People are not told of it before this; null: at once. */
  readonly tellingAt: Temporal.Instant | null;
}

/** Those of a kind that will do; none: there is none of the kind that will. Resources of other kinds all will. */
export interface Suitable {
  readonly kind: ResourceKind;
  readonly ids: readonly string[];
}

/** Whether a resource will do for a visit, as far as the room that follows it has a say. */
export type IsSuitable = (resource: { readonly id: string; readonly kind: ResourceKind }) => boolean;

/** A later room that follows the visits of some kinds in its own way: scans also stand on the scanner's worklist. */
export interface VisitCompanion {
  /** The patient is theirs from the first step to the last, also while one waits for another. */
  readonly keepsPatient: boolean;
  /** What will do of the kind that it minds: cameras with a scanner. Null: anything. */
  suitable(tx: Tx): Promise<Suitable | null>;
  /** Its own "no" to a place, under the locks of visit, request, referral and patient, before anything is taken or made firm. */
  judge(tx: Tx, wish: CompanionWish): Promise<Refusal | null>;
  /** Its own "no" to the patient's coming, under the lock of the visit. Left out: it has none. */
  judgeArrival?(tx: Tx, visit: Visit): Promise<Refusal | null>;
  /** Follows a change in its transaction, after the visit's own rows. What it throws undoes the change. */
  follow(tx: Tx, actor: Actor, change: VisitChange): Promise<void>;
}

/** A later room that keeps something of its own with visits of any kind: treatments are booked for them. */
export interface VisitFollower {
  readonly room: string;
  /** Follows a change in its transaction, after the visit's own rows. What it throws undoes the change. */
  follow(tx: Tx, actor: Actor, change: VisitChange): Promise<void>;
}

/** The companions of visits, by the code that their kinds name. A later room enters itself when it is built. */
@Injectable()
export class VisitCompanions {
  readonly #byCode = new Map<string, VisitCompanion>();
  readonly #followers = new Map<string, VisitFollower>();

  register(code: string, companion: VisitCompanion): void {
    if (this.#byCode.has(code)) throw new Error(`two companions of visits are called ${code}`);
    this.#byCode.set(code, companion);
  }

  /** A room that follows visits of every kind. Throws when it enters itself twice. */
  attend(follower: VisitFollower): void {
    if (this.#followers.has(follower.room)) throw new Error(`${follower.room} follows visits twice`);
    this.#followers.set(follower.room, follower);
  }

  has(code: string): boolean {
    return this.#byCode.has(code);
  }

  /** When the patient has to be there: what the steps say, or all of it where the companion keeps the patient. */
  presence<Span extends Pick<VisitPlan, 'startsAt' | 'endsAt'>>(
    code: string | null,
    spans: readonly Span[],
  ): readonly Pick<VisitPlan, 'startsAt' | 'endsAt'>[] {
    const inOrder = spans.toSorted((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt));
    const first = inOrder[0];
    if (first === undefined || !this.keepsPatient(code)) return spans;
    const ends = inOrder.map(({ endsAt }) => endsAt).toSorted((a, b) => Temporal.Instant.compare(b, a));
    return [{ startsAt: first.startsAt, endsAt: ends[0] ?? first.endsAt }];
  }

  /** The patient is theirs also while one step waits for another. */
  keepsPatient(code: string | null): boolean {
    return code !== null && this.#mustHave(code).keepsPatient;
  }

  /** What a search for such visits may use, as it is now: a booking on anything else would be refused. */
  async whatSuits(reader: Tx, code: string | null): Promise<IsSuitable> {
    const suitable = await this.#suitable(reader, code);
    if (suitable === null) return () => true;
    const ids = new Set(suitable.ids);
    return ({ id, kind }) => kind !== suitable.kind || ids.has(id);
  }

  async #suitable(reader: Tx, code: string | null): Promise<Suitable | null> {
    return code === null || !this.has(code) ? null : this.#mustHave(code).suitable(reader);
  }

  async judge(tx: Tx, code: string | null, wish: CompanionWish): Promise<CompanionRefused | null> {
    if (code === null) return null;
    const refusal = await this.#mustHave(code).judge(tx, wish);
    return refusal === null ? null : new CompanionRefused(code, refusal);
  }

  async judgeArrival(tx: Tx, visit: Visit): Promise<CompanionRefused | null> {
    const { companion: code } = visit;
    if (code === null) return null;
    const refusal = (await this.#mustHave(code).judgeArrival?.(tx, visit)) ?? null;
    return refusal === null ? null : new CompanionRefused(code, refusal);
  }

  async follow(tx: Tx, actor: Actor, change: VisitChange): Promise<void> {
    const { companion } = change.after;
    if (companion !== null) await this.#mustHave(companion).follow(tx, actor, change);
    for (const follower of this.#followers.values()) await follower.follow(tx, actor, change);
  }

  #mustHave(code: string): VisitCompanion {
    const companion = this.#byCode.get(code);
    if (companion === undefined) throw new Error(`no room follows visits as ${code}`);
    return companion;
  }
}
