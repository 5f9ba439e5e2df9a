import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { LetterOvertaken } from './letter.refusals.js';
import type { LetterView } from './letter.type.js';
import { LetterMatterService } from './letter-matter.service.js';
import { WORDING_VERSION } from './letterhead.service.js';

/** Letters as they read, for a person who prints one and sends it by post. */
@Injectable()
export class LetterPrintService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(LetterMatterService) private readonly matters: LetterMatterService,
  ) {}

  /** The letter as it would read now. Refused when what it is about has moved on. The look is recorded. */
  async letterView(actor: Actor, letterId: string): Promise<LetterView | LetterOvertaken> {
    const { client } = this.database;
    const letter = await client.letter.findUnique({ where: { id: letterId } });
    if (letter === null) throw notFound('letter');
    const { subjectId, subjectVersion, recipient } = letter;
    const earlier = await client.letter.findMany({
      where: { subjectId, recipient, subjectVersion: { lt: subjectVersion } },
      select: { kind: true, subjectVersion: true, status: true, outcomeCode: true },
    });
    const { verdict } = await this.matters.write(letter, earlier, this.clock.now());
    const message = verdict === 'SUPERSEDED' ? null : await this.matters.wording(letter, earlier);
    if (message === null) return new LetterOvertaken();
    await this.database.transaction((tx) =>
      this.audit.record(tx, actor, {
        action: 'letter.viewed',
        subjectType: 'letter',
        subjectId: letterId,
        patientIds: letter.patientId === null ? [] : [letter.patientId],
        after: { kind: letter.kind, aboutType: letter.aboutType, aboutId: letter.aboutId },
      }),
    );
    const { to, subject, text, html } = message;
    const toAddressLines = await this.matters.postTo(letter);
    return {
      letterId,
      toName: to.name,
      toAddressLines,
      subject,
      text,
      html,
      wordingVersion: WORDING_VERSION,
    };
  }
}
