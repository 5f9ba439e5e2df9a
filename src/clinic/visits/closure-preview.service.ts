import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ClosureDecision } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { InThePast } from '../scheduling/schedule.refusals.js';
import type { ClosureTooLarge } from './closure.refusals.js';
import type { ClosureInput } from './closure.type.js';
import { type Affected, type ClosedTime, ClosureFactsService } from './closure-facts.service.js';
import { ClosureGroundService } from './closure-ground.service.js';
import {
  ClosureLetter,
  type ClosureLetters,
  type ClosurePreview,
  type ClosureProposal,
} from './closure-preview.type.js';
import { ClosureSearchService } from './closure-search.service.js';
import type { Visit } from './visit.type.js';
import { VisitSearchService } from './visit-search.service.js';

/** What a closure would do. Looks only: as many statements as the visits have kinds, however many visits there are. */
@Injectable()
export class ClosurePreviewService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClosureFactsService) private readonly facts: ClosureFactsService,
    @Inject(ClosureGroundService) private readonly grounds: ClosureGroundService,
    @Inject(ClosureSearchService) private readonly search: ClosureSearchService,
    @Inject(VisitSearchService) private readonly visits: VisitSearchService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The look at the patients is recorded. Throws NOT_FOUND, and BAD_INPUT for a time that no calendar keeps. */
  async closurePreview(
    actor: StaffActor,
    input: ClosureInput,
  ): Promise<ClosurePreview | InThePast | ClosureTooLarge> {
    const shortestUses = await this.visits.shortestUses();
    const known = await this.database.transaction(async (tx) => {
      const time = await this.facts.closedTime(tx, input);
      if (isRefusal(time)) return time;
      const affected = await this.facts.affected(tx, time);
      if (isRefusal(affected)) return affected;
      const leaving = affected.visits.filter(({ hand }) => hand !== 'LEAVE').map(({ visit }) => visit);
      const ground = await this.grounds.ground(tx, time, leaving);
      await this.audit.record(tx, actor, {
        action: 'closure.previewed',
        subjectType: 'closure',
        patientIds: [...new Set(affected.visits.map(({ visit }) => visit.patientId))],
      });
      return { time, affected, ground };
    });
    if (isRefusal(known)) return known;
    const { time, affected, ground } = known;
    const moving = affected.visits.filter(({ hand }) => hand === 'CHANGE').map(({ visit }) => visit);
    const held = affected.visits.filter(({ hand }) => hand === 'GIVE_BACK').map(({ visit }) => visit);
    const proposals = [
      ...(await this.search.proposals(time, moving, ground, shortestUses)),
      ...held.map(toGivenBack),
    ];
    return this.#toPreview(time, affected, proposals);
  }

  #toPreview(time: ClosedTime, affected: Affected, proposals: readonly ClosureProposal[]): ClosurePreview {
    return {
      planSha256: this.facts.planSha256(
        time,
        affected.visits.map(({ visit }) => visit),
      ),
      resources: time.closed.map(({ id, kind, name }) => ({ id, kind, name })),
      proposals,
      keptCount: proposals.filter(({ keepsPromise }) => keepsPromise).length,
      letters: lettersOf(proposals),
      underWay: affected.visits.filter(({ hand }) => hand === 'LEAVE').map(({ visit }) => visit),
      possibleFrom: affected.possibleFrom,
      offeredPlaceIds: affected.offeredPlaceIds,
      otherBookings: affected.others,
    };
  }
}

function toGivenBack(visit: Visit): ClosureProposal {
  return {
    visit,
    decision: ClosureDecision.CANCEL,
    offer: null,
    isSameTime: false,
    keepsPromise: false,
    targetOn: null,
    breachOn: null,
    whyNone: 'The time is only held, for somebody who is still deciding: the hold is given back.',
    letter: null,
  };
}

function lettersOf(proposals: readonly ClosureProposal[]): readonly ClosureLetters[] {
  return Object.values(ClosureLetter).flatMap((letter) => {
    const count = proposals.filter((proposal) => proposal.letter === letter).length;
    return count === 0 ? [] : [{ letter, count }];
  });
}
