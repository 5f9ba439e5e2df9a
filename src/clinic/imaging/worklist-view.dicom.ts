import { Inject, Injectable } from '@nestjs/common';
import {
  type CharacterSet,
  characterSets,
  type WorklistItem as IndexedItem,
  type Peer,
  toWorklistItem,
  WorklistIndex,
  type WorklistPort,
  type WorklistView,
} from '../../dicom/index.js';
import type {
  GateCode,
  ResponseCharacterSet,
  ScheduledStepStatus,
} from '../../platform/database/generated/enums.js';
import { Clock, localDate, startOfDay } from '../../platform/time/index.js';
import { toDataSet } from './worklist.dicom.js';
import { type OfferedDays, offeredDays, type StepFacts, whyHidden } from './worklist.rules.js';
import type { KnownScanner, WorklistItem } from './worklist.type.js';
import { type WorklistFollower, WorklistMirror } from './worklist-mirror.service.js';

interface Today {
  readonly days: OfferedDays;
  readonly profile: KnownScanner;
  /** The first instant of tomorrow, in milliseconds since 1970. */
  readonly endsAtMs: number;
}

interface Seen {
  readonly changeCount: number;
  /** Made anew with each day and each profile. */
  readonly days: OfferedDays;
  readonly view: WorklistView;
}

/** How a step stands: what decides whether it is shown. */
class Standing implements StepFacts {
  constructor(
    readonly scannerId: string,
    readonly status: ScheduledStepStatus,
    readonly closedGate: GateCode | null,
  ) {}
}

/** The worklist as DICOM asks for it: the mirror's items in their bytes, and what each scanner's profile keeps from it. */
@Injectable()
export class WorklistWindow implements WorklistPort, WorklistFollower {
  private index = new WorklistIndex();
  /** Thousands of steps share a few combinations of facts. */
  private readonly sharedFacts = new Map<string, Standing>();
  private readonly todays = new Map<string, Today>();
  /** By scanner. */
  private readonly views = new Map<string, Seen>();

  constructor(
    @Inject(WorklistMirror) private readonly mirror: WorklistMirror,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    mirror.follow(this);
  }

  /** Null for a scanner that may not call any more, although its association is still open. */
  async current(peer: Peer): Promise<WorklistView | null> {
    await this.mirror.refresh();
    const profile = this.mirror.profileOf(peer.id);
    if (profile === undefined) return null;
    return this.viewOf(profile);
  }

  lastSeen(peer: Peer): WorklistView | null {
    const profile = this.mirror.profileOf(peer.id);
    return profile === undefined ? null : this.viewOf(profile);
  }

  clear(): void {
    this.index = new WorklistIndex();
    this.sharedFacts.clear();
    this.views.clear();
  }

  put(items: readonly WorklistItem[]): void {
    this.index.putAll(items.map((item) => toWorklistItem(toDataSet(item), this.share(item))));
  }

  removeVisits(accessionNumbers: readonly string[]): void {
    for (const accessionNumber of accessionNumbers) {
      for (const { stepId } of this.index.itemsOf(accessionNumber)) this.index.remove(stepId);
    }
  }

  /** The same object while nothing has changed: neither the items, nor the profile, nor the day. */
  private viewOf(profile: KnownScanner): WorklistView {
    const { days } = this.todayOf(profile);
    const { index } = this;
    const { changeCount } = index;
    const known = this.views.get(profile.id);
    if (known !== undefined && known.changeCount === changeCount && known.days === days) return known.view;
    const view = this.makeView(profile, days);
    this.views.set(profile.id, { changeCount, days, view });
    return view;
  }

  private makeView(profile: KnownScanner, days: OfferedDays): WorklistView {
    const { index } = this;
    const { changeCount } = index;
    // A long answer is under way for a while: who has been cancelled, moved or hidden since is not shown any more.
    const isShown = (item: IndexedItem): boolean => {
      const now = index.changeCount === changeCount ? item : index.find(item.stepId);
      if (now === undefined || now.startDate !== item.startDate || now.startTime !== item.startTime)
        return false;
      return now.subject instanceof Standing && whyHidden(now.subject, now.startDate, profile, days) === null;
    };
    return { index, isShown, peer: toPeer(profile) };
  }

  private share({ scannerId, status, closedGate }: StepFacts): Standing {
    const key = `${scannerId} ${status} ${closedGate}`;
    const known = this.sharedFacts.get(key);
    if (known !== undefined) return known;
    const facts = new Standing(scannerId, status, closedGate);
    this.sharedFacts.set(key, facts);
    return facts;
  }

  /** Asked for each query, and different only after midnight or when the profile was changed. */
  private todayOf(profile: KnownScanner): Today {
    const known = this.todays.get(profile.id);
    if (known !== undefined && known.profile === profile && this.clock.nowMs() < known.endsAtMs) return known;
    const day = localDate(this.clock.now(), profile.timeZone);
    const today = {
      days: offeredDays(profile, day),
      profile,
      endsAtMs: startOfDay(day.add({ days: 1 }), profile.timeZone).epochMilliseconds,
    };
    this.todays.set(profile.id, today);
    return today;
  }
}

/** How to speak with a scanner, by its profile. */
export function toPeer(profile: KnownScanner): Peer {
  return {
    id: profile.id,
    responseCharacterSet: characterSetOf(profile.responseCharacterSet),
    ...(profile.ownStationByDefault ? { defaultStationAETitle: profile.stationAETitle } : {}),
    maxAnswers: profile.answersMax,
    sendsEveryType2: profile.sendsEveryType2,
  };
}

function characterSetOf(name: ResponseCharacterSet): CharacterSet {
  return characterSets[name];
}
