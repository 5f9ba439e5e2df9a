// What scanners do, gathered for a moment so that it is written down in batches. Nothing of it is forgotten: what is
// alike is counted, and what comes when there is no more room is counted together with its caller's other looks.

/** Looks of one batch that are kept apart. A scanner that asks the same thing again and again takes one place. */
export const LOOKS_APART_MAX = 1_000;
/** Step ids of one batch that are kept apart: ten times the largest worklist that was measured. */
export const STEP_IDS_APART_MAX = 500_000;
/** Step ids of one write: writing more out as text would hold up the scanners that are being answered. */
export const STEP_IDS_PER_WRITE_MAX = 2_000;
/** Callers that were turned away, told apart; somebody who tries out AE titles must not fill the memory. */
export const REJECTIONS_APART_MAX = 500;
/** A machine that knocks without end must not fill the audit record: so many entries a minute, then one with the count. */
export const REJECTIONS_AUDITED_PER_MINUTE_MAX = 60;
/** What is named of the callers beyond that. */
const NAMED_OF_MANY_MAX = 10;
const MINUTE_MS = 60_000;

/** Who called, and how. */
export interface Caller {
  readonly callingAETitle: string;
  readonly remoteAddress: string;
  /** Through TLS. */
  readonly secured: boolean;
}

/** One query of a scanner. */
export interface Look<Query> extends Caller {
  readonly scannerId: string;
  /** Scheduled procedure step ids that were answered. */
  readonly stepIds: readonly string[];
  /** DIMSE status of the last response; null when the association ended before it. */
  readonly status: number | null;
  /** Equal for queries that ask the same. */
  readonly asks: string;
  readonly query: Query;
}

/** Once or several times, at these moments (milliseconds since 1970). */
export interface Times {
  readonly times: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

export interface Rejection extends Caller {
  readonly calledAETitle: string;
  readonly reason: string;
  readonly explanation: string | null;
}

export interface LookSeen<Query> extends Omit<Look<Query>, 'asks'>, Times {
  /** Were these all of one kind, or what no longer had a place of its own? */
  readonly isMixed: boolean;
  /** Set when it is written down in several entries, each with some of the steps. */
  readonly part?: { readonly number: number; readonly of: number; readonly answerCount: number };
}

export interface RejectionSeen extends Rejection, Times {
  readonly isAudited: boolean;
}

/** Rejections of one minute beyond those that were written down one by one. */
export interface RejectionsBeyond extends Times {
  readonly callingAETitles: readonly string[];
  readonly remoteAddresses: readonly string[];
}

export type ContactKind = 'echo' | 'find' | 'step';

export interface Contact {
  readonly scannerId: string;
  readonly echoedAtMs: number | null;
  readonly queriedAtMs: number | null;
  readonly queryStatus: number | null;
  readonly queryAnswers: number | null;
  readonly steppedAtMs: number | null;
}

export interface Traffic<Query> {
  readonly looks: readonly LookSeen<Query>[];
  readonly rejections: readonly RejectionSeen[];
  readonly beyond: readonly RejectionsBeyond[];
  readonly contacts: readonly Contact[];
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

export class TrafficBuffer<Query> {
  private looks = new Map<string, Mutable<LookSeen<Query>>>();
  /** By caller, with every step that was shown, once the places above are taken. */
  private crowd = new Map<string, { seen: Mutable<LookSeen<Query>>; steps: Set<string> }>();
  private rejections = new Map<string, Mutable<RejectionSeen>>();
  private contacts = new Map<string, Mutable<Contact>>();
  private stepCount = 0;
  private audited = { minute: 0, count: 0 };
  private beyond: Mutable<RejectionsBeyond> | null = null;

  /** Places taken. */
  get size(): number {
    return this.looks.size + this.crowd.size + this.rejections.size + this.contacts.size;
  }

  /** The end of the minute whose surplus of rejections waits to be told; null when none waits. */
  get beyondEndsAtMs(): number | null {
    return this.beyond === null ? null : (this.audited.minute + 1) * MINUTE_MS;
  }

  addLook(look: Look<Query>, atMs: number): void {
    this.addFind(look, atMs);
    const caller = `${look.scannerId}|${look.callingAETitle}|${look.remoteAddress}|${look.secured}`;
    const key = this.placeOf(`${caller}|${look.status}|${look.asks}`, look.stepIds);
    const same = this.looks.get(key);
    const isFull =
      this.looks.size >= LOOKS_APART_MAX || this.stepCount + look.stepIds.length > STEP_IDS_APART_MAX;
    if (same !== undefined) {
      again(same, atMs);
    } else if (isFull) {
      this.addToCrowd(caller, look, atMs);
    } else {
      this.stepCount += look.stepIds.length;
      const { asks: _, ...rest } = look;
      this.looks.set(key, { ...rest, times: 1, firstAtMs: atMs, lastAtMs: atMs, isMixed: false });
    }
  }

  addRejection(rejection: Rejection, atMs: number): void {
    const { callingAETitle, calledAETitle, remoteAddress, secured, reason, explanation } = rejection;
    const key = [callingAETitle, calledAETitle, remoteAddress, secured, reason, explanation].join('\\');
    const same = this.rejections.get(key);
    const isAudited = same?.isAudited ?? this.mayAudit(atMs);
    if (!isAudited) this.addBeyond(rejection, atMs);
    if (same !== undefined) {
      again(same, atMs);
    } else if (isAudited || this.rejections.size < REJECTIONS_APART_MAX) {
      // Beyond the audit record has it by its number; only the list of recent callers is cut.
      if (isAudited) this.audited.count += 1;
      this.rejections.set(key, { ...rejection, times: 1, firstAtMs: atMs, lastAtMs: atMs, isAudited });
    }
  }

  addContact(scannerId: string, kind: 'echo' | 'step', atMs: number): void {
    const contact = this.contactOf(scannerId);
    if (kind === 'echo') contact.echoedAtMs = atMs;
    else contact.steppedAtMs = atMs;
  }

  /** All of it, and the buffer is empty. What is beyond a minute's entries waits for the end of the minute. */
  take(nowMs: number, isLast: boolean): Traffic<Query> {
    const crowd = [...this.crowd.values()].map(({ seen, steps }) => ({ ...seen, stepIds: [...steps] }));
    const endsAtMs = this.beyondEndsAtMs;
    const isTold = this.beyond !== null && (isLast || (endsAtMs !== null && nowMs >= endsAtMs));
    const traffic: Traffic<Query> = {
      looks: [...this.looks.values(), ...crowd],
      rejections: [...this.rejections.values()],
      beyond: isTold && this.beyond !== null ? [this.beyond] : [],
      contacts: [...this.contacts.values()],
    };
    this.looks = new Map();
    this.crowd = new Map();
    this.rejections = new Map();
    this.contacts = new Map();
    this.stepCount = 0;
    if (isTold) this.beyond = null;
    return traffic;
  }

  /** Where such a look is, or would be. Writing out every step id of a broad answer would hold up the other scanners. */
  private placeOf(kind: string, stepIds: readonly string[]): string {
    for (let number = 0; ; number += 1) {
      const key = `${kind}|${stepIds.length}|${stepIds[0]}|${stepIds.at(-1)}|${number}`;
      const known = this.looks.get(key);
      if (known === undefined || isSameList(known.stepIds, stepIds)) return key;
    }
  }

  private addFind({ scannerId, status, stepIds }: Look<Query>, atMs: number): void {
    const contact = this.contactOf(scannerId);
    contact.queriedAtMs = atMs;
    contact.queryStatus = status;
    contact.queryAnswers = stepIds.length;
  }

  private contactOf(scannerId: string): Mutable<Contact> {
    const known = this.contacts.get(scannerId);
    if (known !== undefined) return known;
    const nothing = { queriedAtMs: null, queryStatus: null, queryAnswers: null };
    const contact = { scannerId, echoedAtMs: null, steppedAtMs: null, ...nothing };
    this.contacts.set(scannerId, contact);
    return contact;
  }

  private addToCrowd(caller: string, { asks: _, ...look }: Look<Query>, atMs: number): void {
    const known = this.crowd.get(caller);
    if (known === undefined) {
      const seen = { ...look, times: 1, firstAtMs: atMs, lastAtMs: atMs, isMixed: true };
      this.crowd.set(caller, { seen, steps: new Set(look.stepIds) });
      return;
    }
    again(known.seen, atMs);
    known.seen.query = look.query;
    known.seen.status = look.status;
    for (const stepId of look.stepIds) known.steps.add(stepId);
  }

  private mayAudit(atMs: number): boolean {
    const minute = Math.floor(atMs / MINUTE_MS);
    // What is beyond an earlier minute is told with the next batch; the count starts anew all the same.
    if (minute !== this.audited.minute) this.audited = { minute, count: 0 };
    return this.audited.count < REJECTIONS_AUDITED_PER_MINUTE_MAX;
  }

  private addBeyond({ callingAETitle, remoteAddress }: Rejection, atMs: number): void {
    this.beyond ??= { times: 0, firstAtMs: atMs, lastAtMs: atMs, callingAETitles: [], remoteAddresses: [] };
    this.beyond.callingAETitles = withOneMore(this.beyond.callingAETitles, callingAETitle);
    this.beyond.remoteAddresses = withOneMore(this.beyond.remoteAddresses, remoteAddress);
    again(this.beyond, atMs);
  }
}

/**
 * The same in writes of a bearable size, in order. A look with very many steps becomes several entries; what it asked is
 * kept with the first.
 */
export function writesOf<Query>(traffic: Traffic<Query | null>): readonly Traffic<Query | null>[] {
  const writes: LookSeen<Query | null>[][] = [[]];
  let stepCount = 0;
  for (const look of traffic.looks.flatMap(partsOf)) {
    stepCount += look.stepIds.length;
    if (stepCount > STEP_IDS_PER_WRITE_MAX) {
      writes.push([]);
      stepCount = look.stepIds.length;
    }
    writes.at(-1)?.push(look);
  }
  const [first = [], ...rest] = writes;
  const nothing = { rejections: [], beyond: [], contacts: [] };
  return [{ ...traffic, looks: first }, ...rest.map((looks) => ({ ...nothing, looks }))];
}

/** Everything of a write by itself, in order: for one that failed as a whole. */
export function singlesOf<Query>(traffic: Traffic<Query>): readonly Traffic<Query>[] {
  const { looks, rejections, beyond, contacts } = traffic;
  const nothing: Traffic<Query> = { looks: [], rejections: [], beyond: [], contacts: [] };
  return [
    ...looks.map((look) => ({ ...nothing, looks: [look] })),
    ...rejections.map((rejection) => ({ ...nothing, rejections: [rejection] })),
    ...beyond.map((each) => ({ ...nothing, beyond: [each] })),
    ...contacts.map((contact) => ({ ...nothing, contacts: [contact] })),
  ];
}

function partsOf<Query>(look: LookSeen<Query | null>): LookSeen<Query | null>[] {
  const { stepIds } = look;
  const of = Math.ceil(stepIds.length / STEP_IDS_PER_WRITE_MAX);
  if (of <= 1) return [look];
  return Array.from({ length: of }, (_, index) => ({
    ...look,
    stepIds: stepIds.slice(index * STEP_IDS_PER_WRITE_MAX, (index + 1) * STEP_IDS_PER_WRITE_MAX),
    query: index === 0 ? look.query : null,
    part: { number: index + 1, of, answerCount: stepIds.length },
  }));
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, place) => value === other[place]);
}

function again(seen: Mutable<Times>, atMs: number): void {
  seen.times += 1;
  seen.lastAtMs = atMs;
}

function withOneMore(names: readonly string[], name: string): readonly string[] {
  return names.length >= NAMED_OF_MANY_MAX || names.includes(name) ? names : [...names, name];
}
