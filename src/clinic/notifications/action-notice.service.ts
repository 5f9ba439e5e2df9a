import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate } from '../../platform/time/index.js';
import { DecisionMatterService } from '../decisions/decision-matter.service.js';
import type { ActionMatter } from '../decisions/decision-matter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic, toStaff } from './letter-opening.rules.js';
import type { Addressee } from './letterhead.service.js';

type Kind = 'DECISION_ACTION_DUE' | 'DECISION_ACTION_OVERDUE';

/** Notices to whoever sees to an action of a decision; to the clinic where their account is closed. */
@Injectable()
export class ActionNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['DECISION_ACTION_DUE', 'DECISION_ACTION_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(DecisionMatterService) private readonly decisions: Pick<DecisionMatterService, 'actionMatter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    const { decisionId, patientId, owner } = matter;
    const about = { aboutType: 'CASE_DECISION', aboutId: decisionId } as const;
    return owner.email === null ? toClinic(patientId, about) : toStaff(owner.staffId, patientId, about);
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    const matter = await this.#read(letter);
    return this.notices.write(letter, toFacts(matter), toOwner(matter));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    const matter = await this.#read(letter);
    return this.notices.wording(letter, toFacts(matter), toOwner(matter));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<ActionMatter | null> {
    return this.decisions.actionMatter(this.database.client, subjectId, subjectVersion);
  }
}

function toFacts(matter: ActionMatter | null): NoticeFacts | null {
  return matter === null ? null : { reference: matter.actionId, since: formatDate(matter.dueOn) };
}

/** Whoever sees to it now; null: nobody who still reads here. */
function toOwner(matter: ActionMatter | null): Addressee | null {
  if (matter === null || matter.owner.email === null) return null;
  return { name: matter.owner.name, address: matter.owner.email };
}
