import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { type Resource, type SetResourceSkillsInput, toResource } from './resource.type.js';

/** What resources are able to do. */
@Injectable()
export class ResourceService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** What is booked already stays: a visit was given whom it was given. */
  async setResourceSkills(actor: Actor, input: SetResourceSkillsInput): Promise<Resource> {
    const { resourceId, skills } = input;
    return this.database.transaction(async (tx) => {
      const before = await tx.resource.findUnique({ where: { id: resourceId } });
      if (before === null) throw notFound('resource');
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
