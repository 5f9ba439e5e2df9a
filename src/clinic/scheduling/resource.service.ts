import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ClaimHolders } from './claim-holders.service.js';
import { ClosedTimeService } from './closed-time.service.js';
import { skillsMissedIn } from './opening.rules.js';
import { type Resource, type SetResourceSkillsInput, toResource } from './resource.type.js';
import type { SkillStillNeeded } from './schedule.refusals.js';

/** What resources are able to do. */
@Injectable()
export class ResourceService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
    @Inject(ClaimHolders) private readonly holders: ClaimHolders,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Refused while it is booked for something that it could not do any more. */
  async setResourceSkills(actor: Actor, input: SetResourceSkillsInput): Promise<Resource | SkillStillNeeded> {
    const { resourceId, skills } = input;
    return this.database.transaction(async (tx) => {
      await this.closedTime.lock(tx, [resourceId]);
      const missed = await this.holders.beyondSkills(tx, resourceId, skills);
      const refusal = skillsMissedIn(missed, this.config.clinicTimeZone);
      if (refusal !== null) return refusal;
      const before = await tx.resource.findUniqueOrThrow({ where: { id: resourceId } });
      const after = await tx.resource.update({ where: { id: resourceId }, data: { skills } });
      await this.audit.record(tx, actor, {
        action: 'resource.skills-set',
        subjectType: 'resource',
        subjectId: resourceId,
        before: toResource(before),
        after: toResource(after),
      });
      return toResource(after);
    });
  }
}
