import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ActionOutcomeKind, TreatmentOrigin } from '../../platform/database/generated/enums.js';
import { badInput, Fault, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Permission, rolesHold } from '../auth/permission.type.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import { RequestEntryService } from '../vetting/request-entry.service.js';
import type { Booker } from '../visits/booker.type.js';
import { RequestService } from '../visits/request.service.js';
import { CaseWithoutReferral } from './decision.refusals.js';
import { ACTION_PARTS, type ActionPart, faultOfParts } from './decision-action.rules.js';
import type {
  ActionScanInput,
  ActionTreatmentInput,
  ActionVisitsInput,
  LetterRecipientInput,
  StartDecisionActionInput,
} from './decision-action.type.js';
import type { ActionRow } from './decision-action-record.service.js';
import { DecisionDraftService } from './decision-draft.service.js';

/** What was made; null: nothing has to be. */
export interface Made {
  readonly becameKind: ActionOutcomeKind | null;
  readonly becameId: string | null;
}

const NOTHING: Made = { becameKind: null, becameId: null };

/** Makes what an action asks for, in the transaction of whoever starts it, as whoever does it may do it. */
@Injectable()
export class DecisionMakerService {
  constructor(
    @Inject(RequestEntryService) private readonly scans: Pick<RequestEntryService, 'requestIn'>,
    @Inject(TreatmentService) private readonly treatments: Pick<TreatmentService, 'request'>,
    @Inject(RequestService) private readonly visits: Pick<RequestService, 'requestIn'>,
    @Inject(DecisionDraftService) private readonly drafts: DecisionDraftService,
  ) {}

  /** Throws FORBIDDEN for who may not ask for such a thing, BAD_INPUT when the part that it needs is missing. */
  async make(
    tx: Tx,
    booker: Booker,
    action: ActionRow,
    input: StartDecisionActionInput,
  ): Promise<Made | Refusal> {
    const fault = faultOfParts(action.kind, partsOf(input));
    if (fault !== null) throw badInput(fault);
    const { scan, treatment, visits, letter } = input;
    if (scan) return this.#scan(tx, booker, action, scan);
    if (treatment) return this.#treatment(tx, booker, action, treatment);
    if (visits) return this.#visits(tx, booker, action, visits);
    if (letter) return this.#letter(tx, booker, action, letter);
    return NOTHING;
  }

  /** To whoever asks for it, or to the practitioner when nothing is missing. */
  async #scan(tx: Tx, booker: Booker, { what, decision }: ActionRow, scan: ActionScanInput) {
    mustHold(booker, Permission.REQUEST_IMAGING);
    const { referralId } = decision.meetingCase;
    if (referralId === null) return new CaseWithoutReferral();
    const content = { ...scan.content, clinicalQuestion: scan.content.clinicalQuestion ?? what };
    return made(
      ActionOutcomeKind.IMAGING_REQUEST,
      await this.scans.requestIn(tx, booker.actor, { ...scan, referralId, content }),
    );
  }

  async #treatment(tx: Tx, booker: Booker, { id, decision }: ActionRow, treatment: ActionTreatmentInput) {
    mustHold(booker, Permission.REQUEST_TREATMENT);
    const { patientId, meetingCase } = decision;
    const { referralId } = meetingCase;
    if (referralId === null) return new CaseWithoutReferral();
    const origin = { origin: TreatmentOrigin.DECISION_ACTION, originId: id };
    return made(
      ActionOutcomeKind.TREATMENT,
      await this.treatments.request(tx, booker.actor, { ...treatment, patientId, referralId, ...origin }),
    );
  }

  async #visits(tx: Tx, booker: Booker, { decision }: ActionRow, visits: ActionVisitsInput) {
    mustHold(booker, Permission.BOOK_VISIT);
    const { patientId, meetingCase } = decision;
    const wish = { ...visits, patientId, referralId: meetingCase.referralId };
    return made(ActionOutcomeKind.VISIT_REQUEST, await this.visits.requestIn(tx, booker.actor, wish));
  }

  async #letter(tx: Tx, booker: Booker, { decisionId }: ActionRow, letter: LetterRecipientInput) {
    mustHold(booker, Permission.WRITE_DECISION);
    const drafted = await this.drafts.draftIn(tx, booker.actor, decisionId, letter);
    return made(ActionOutcomeKind.DECISION_LETTER, drafted);
  }
}

function partsOf({ scan, treatment, visits, letter }: StartDecisionActionInput): readonly ActionPart[] {
  const sent = { scan, treatment, visits, letter } satisfies Record<ActionPart, object | null | undefined>;
  return ACTION_PARTS.filter((part) => sent[part]);
}

function made(becameKind: ActionOutcomeKind, result: { readonly id: string } | Refusal): Made | Refusal {
  return isRefusal(result) ? result : { becameKind, becameId: result.id };
}

/** Working on actions is one thing, asking for a treatment another. */
function mustHold({ roles }: Booker, permission: Permission): void {
  if (!rolesHold(roles, permission)) throw new Fault('FORBIDDEN', `This needs ${permission}.`);
}
